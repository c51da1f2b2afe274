"""Booking pages on another site in Chromium: inline, as a popup, in a plain frame, and where they may not be."""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.barriers import barriers_here
from tests.support.builders import a_page
from tests.support.other_site import OtherSite, a_shop, an_embedded_page
from tests.support.processes import PATIENCE
from tests.support.serving import PUBLIC_URL
from tests.support.site import PHONE, TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser

HEIGHTS_TOLD = """
    Object.fromEntries(happened.filter(([type]) => type === "height").map(([, { height }, id]) => [id, height]))
"""
HEIGHTS_SHOWN = """
    Object.fromEntries([...document.querySelectorAll("iframe")].map((each) => [each.parentNode.id, each.offsetHeight]))
"""

TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest_asyncio.fixture(loop_scope="session")
async def shop(site: Site) -> AsyncGenerator[OtherSite]:
    async with a_shop(site) as shop:
        yield shop


async def holds(page: Page, expression: str) -> None:
    """Wait until it is true. Playwright’s own waiting evaluates text in the page, which its policy forbids."""
    async with asyncio.timeout(PATIENCE):
        while not await page.evaluate(expression):
            await asyncio.sleep(0.05)


async def test_a_guest_books_on_another_site_and_the_site_hears_no_more_than_it_may(shop: OtherSite) -> None:
    embedded = await an_embedded_page(shop)
    visitor = await shop.site.visitor(viewport=PHONE)
    page = await shop.opens(visitor, f'<div data-timetuna="{embedded}" data-name="Ana Brito"></div>')
    frame = page.frame_locator("iframe")

    await frame.locator("[data-day] >> text=3").first.click()
    await frame.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()
    await expect(frame.get_by_label("Name")).to_have_value("Ana Brito")
    await holds(page, "2 === told.filter(({ type }) => type === 'ready').length")
    await frame.get_by_label("Email").fill("ana@guests.example")
    await frame.get_by_text("Add guests").click()
    await frame.get_by_label("Additional guests").fill("bob@guests.example, eve@")
    await frame.get_by_role("link", name="Change time").click()
    await frame.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()
    # What was typed has come along, without being kept in the browser.
    await expect(frame.get_by_label("Email")).to_have_value("ana@guests.example")
    await expect(frame.get_by_label("Additional guests")).to_have_value("bob@guests.example, eve@")
    await frame.get_by_label("Additional guests").fill("")
    await frame.get_by_role("button", name="Confirm booking").click()
    await expect(frame.get_by_role("heading", name="You’re booked")).to_be_visible()

    await holds(page, "told.at(-1).type === 'height' && told.some(({ type }) => type === 'booked')")
    told: list[dict[str, Any]] = await page.evaluate("told")
    assert {shop.site.url} == {each.pop("origin") for each in told}
    assert {1} == {each.pop("timetuna") for each in told}
    kinds = {(each["type"], *sorted(each)) for each in told}
    assert {
        ("ready", "type"),
        ("height", "height", "type"),
        ("slot", "start", "type"),
        ("booked", "booking_id", "start", "type"),
    } == kinds
    assert [TUESDAY_AT_TEN] == [each["start"] for each in told if each["type"] == "booked"]
    happened: list[list[Any]] = await page.evaluate("happened")
    assert ["ready", "booked"] == [each[0] for each in happened if each[0] in {"ready", "booked"}]
    assert {"cookies": [], "origins": []} == await page.context.storage_state()
    [inside] = [each for each in page.frames if each.parent_frame]
    assert not [each for each in (page, inside) if await each.evaluate(TOO_WIDE)]


async def test_many_on_one_page_are_each_as_high_as_they_are_and_nothing_moves_afterwards(shop: OtherSite) -> None:
    embedded = await an_embedded_page(shop)
    frames = "".join(f'<div id="n{number}" data-timetuna="{embedded}"></div><p>Text</p>' for number in range(10))
    page = await shop.opens(await shop.site.visitor(viewport={"width": 1280, "height": 8000}), frames)

    await holds(page, "10 === document.querySelectorAll('iframe[style*=height]').length")
    await page.evaluate("painted().then(() => (shifted = 0))")
    inside = [frame for frame in page.frames if frame.parent_frame]
    for each in inside:
        await each.evaluate("document.fonts.ready.then(() => true)")
    await page.evaluate("painted()")

    heights: dict[str, int] = await page.evaluate(HEIGHTS_TOLD)
    assert heights == await page.evaluate(HEIGHTS_SHOWN)
    assert 10 == len(heights) == len(inside)
    assert 0 == await page.evaluate("shifted")


async def test_a_popup_is_opened_and_closed_by_the_keyboard_on_a_phone(shop: OtherSite) -> None:
    embedded = await an_embedded_page(shop)
    body = f'<div data-timetuna="{embedded}" data-mode="popup" data-theme="dark" data-accent="d946ef"></div>'
    body += f'<div data-timetuna="{embedded}" data-mode="popup" data-lang="de"></div>'
    page = await shop.opens(await shop.site.visitor(viewport=PHONE), body)
    button, dialog = page.get_by_role("button", name="Book a time"), page.get_by_role("dialog", name="Book a time")
    frame = page.frame_locator("iframe")

    await button.focus()
    await page.keyboard.press("Enter")
    await frame.locator("[data-start]").first.focus()
    assert [] == await barriers_here(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await page.get_by_role("button", name="Close").press("Escape")

    await expect(button).to_be_focused()
    assert not await page.evaluate(TOO_WIDE)
    await page.get_by_role("button", name="Termin buchen").press("Enter")
    await expect(page.get_by_role("button", name="Schließen")).to_be_visible()


async def test_a_host_makes_a_link_and_looks_at_the_embedded_page(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host))
    page = await site.signed_in(host)
    await page.goto(f"/pages/{made.id}/edit#share")

    await page.get_by_label("Campaign source (utm_source)").fill("news")
    await page.get_by_role("button", name="Update link and code").click()
    await expect(page.locator("#share pre").first).to_have_text(
        f"{PUBLIC_URL}/{host.handle}/{made.slug}?utm_source=news"
    )
    await page.get_by_text("Preview", exact=True).first.click()

    preview = page.frame_locator("iframe")
    await preview.locator("[data-start]").first.click()
    await expect(preview.get_by_role("button", name="Confirm booking")).to_be_visible()
    # Nothing of the link is the page's.
    await expect(page.get_by_text("Not saved yet.")).to_be_hidden()


async def test_a_plain_frame_needs_no_script(shop: OtherSite) -> None:
    embedded = await an_embedded_page(shop, embedding="anywhere")
    path = f"{shop.site.url}/embed/{embedded}?timezone=Europe/Paris&slot={TUESDAY_AT_TEN}&email=ana@guests.example"
    visitor = await shop.site.visitor(java_script_enabled=False)
    page = await shop.opens(
        visitor, f'<iframe src="{path}" title="Book" width="800" height="700"></iframe>', loader=False
    )
    frame = page.frame_locator("iframe")

    await frame.get_by_label("Name").fill("Ana Brito")
    await frame.get_by_role("button", name="Confirm booking").click()

    await expect(frame.get_by_role("heading", name="You’re booked")).to_be_visible()
    await expect(frame.get_by_role("link", name=re.compile("Manage booking"))).to_be_visible()


async def test_a_site_that_may_not_embed_a_page_shows_a_link_to_it(shop: OtherSite) -> None:
    embedded = await an_embedded_page(shop, embedding=("https://other.example",))
    page = await shop.site.visitor(timezone_id="Asia/Tokyo")
    await page.clock.install()
    looks, brings = 'data-theme="dark" data-accent="d946ef"', 'data-link="once" data-name="Ana" data-utm_source="news"'
    german = f'<div data-timetuna="{embedded}" data-lang="de"></div>'
    await shop.opens(page, f'<div data-timetuna="{embedded}" {looks} {brings}></div>{german}')
    await expect(page.locator("iframe")).to_have_count(2)
    await page.wait_for_load_state("networkidle")
    await page.clock.run_for(3000)

    link = page.get_by_role("link", name="Open the booking page")
    # What it leads to is the same booking: it uses up the same link, and tells where the guest came from.
    query = "link=once&name=Ana&utm_source=news&timezone=Asia%2FTokyo"
    await expect(link).to_have_attribute("href", f"{shop.site.url}/{embedded}?{query}")
    await expect(page.get_by_role("link", name="Buchungsseite öffnen")).to_be_visible()
    assert [] == await page.evaluate("told")
    refused = [each for each in shop.site.complaints if "frame-ancestors" in each]
    assert refused
    shop.site.complaints.clear()
