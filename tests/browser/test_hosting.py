"""What hosts do in the web app, in Chromium."""

import re

import pytest
from playwright.async_api import expect

from domain.meeting_type import name_of
from tests.support.builders import a_page, at_the_harbour, phone_by_host, zoom
from tests.support.site import PHONE, Site
from tests.support.visiting import PASSWORD

pytestmark = pytest.mark.browser


async def test_somebody_signs_up_in_the_zone_of_their_browser_and_signs_out(site: Site) -> None:
    page = await site.visitor(timezone_id="Asia/Kathmandu")
    await page.goto("/signup")

    await page.get_by_label("Name").fill("Ana Brito")
    await page.get_by_label("Email").fill("ana@hosts.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Handle").fill("ana")
    # Browsers may know a zone by its older name.
    await expect(page.get_by_label("Time zone")).to_have_value(re.compile("Asia/Kat(h)?mandu"))
    await page.get_by_role("button", name="Sign up").click()
    await page.wait_for_url("**/dashboard")
    await page.locator("summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/")

    await page.goto("/dashboard")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_the_editor_saves_zoom_and_its_place(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    page = await site.signed_in(host)
    await page.goto(f"/pages/{made.id}/edit")

    await page.get_by_role("switch", name="Zoom", exact=True).check()
    await expect(page.locator("#order-words")).to_contain_text("In person is selected first")
    await page.get_by_role("button", name="Move up Zoom").click()
    await expect(page.locator("#order-words")).to_contain_text("Zoom is selected first")
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    saved = await site.memory.store.views.page(host.id, made.id)
    assert saved
    assert ["zoom", "in_person"] == [name_of(each) for each in saved.meeting_types]


async def test_an_error_opens_the_tab_that_it_is_on(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host))
    page = await site.signed_in(host)
    await page.goto(f"/pages/{made.id}/edit")

    await page.get_by_role("tab", name="Availability").click()
    await page.get_by_label("Bookable up to").fill("0")
    await page.get_by_role("tab", name="Booking").click()
    await expect(page.get_by_label("Bookable up to")).to_be_hidden()
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("Bookable up to")).to_be_visible()
    await expect(page.get_by_label("Bookable up to")).to_have_value("0")


async def test_saving_returns_to_the_tab_that_was_open(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host))
    page = await site.signed_in(host)
    await page.goto(f"/pages/{made.id}/edit")

    await page.get_by_role("tab", name="Availability").click()
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    await expect(page.get_by_label("Bookable up to")).to_be_visible()


async def test_zoom_is_disconnected_after_a_question(site: Site) -> None:
    host = await site.a_host()
    await site.memory.page(a_page(host, title="Only Zoom", meeting_types=(zoom,)))
    page = await site.signed_in(host)
    await page.goto("/settings/providers")

    await page.get_by_role("button", name="Disconnect Zoom").click()
    await expect(page.get_by_text("Only Zoom")).to_be_visible()
    await page.get_by_role("button", name="Disconnect Zoom").click()

    await expect(page.get_by_role("status")).to_contain_text("Zoom is disconnected")
    await expect(page.get_by_role("button", name="Connect Zoom")).to_be_visible()


async def test_the_menu_opens_with_the_keyboard_and_closes_with_escape(site: Site) -> None:
    page = await site.signed_in(await site.a_host(), viewport=PHONE)
    menu = page.locator("summary")

    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Connected providers")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("link", name="Connected providers")).to_be_hidden()
    await expect(menu).to_be_focused()


async def test_the_address_of_a_page_is_copied(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host, meeting_types=(zoom, phone_by_host)))
    page = await site.signed_in(host, permissions=["clipboard-read", "clipboard-write"])

    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()

    copied: str = await page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/{host.handle}/{made.slug}")
