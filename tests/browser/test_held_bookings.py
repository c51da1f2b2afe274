"""Confirming a booking from its mail in Chromium, with scripts and without."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from domain.booking import HELD_FOR
from tests.browser.barriers import barriers_here
from tests.browser.german import GERMAN, english_on
from tests.support.builders import a_page, an_event_type, zoom
from tests.support.site import DESK, PHONE, TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser

NARROW = ViewportSize(width=320, height=700)


async def holds(site: Site, page: Page) -> str:
    """Book on a page that asks for the address to be confirmed; returns the path of the link in the mail."""
    host = await site.a_host()
    booked_on = await site.memory.page(
        a_page(host, an_event_type(title="Kaffee"), meeting_types=(zoom,), confirm_guest_email=True)
    )
    await page.goto(f"/{host.handle}/{booked_on.slug}/intro?start={TUESDAY_AT_TEN}")
    await page.locator("#name").fill("Ana Brito")
    await page.locator("#email").fill("ana@guests.example")
    await page.locator("form button[type=submit].large").click()
    await page.wait_for_url("**/b/*")
    await site.memory.work_off()
    link = site.memory.mailer.confirmations[-1].link
    return f"/b/{link.token}/confirm/{link.proof}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_guest_confirms_from_the_mail(site: Site, scripts: bool) -> None:
    page = await site.visitor(java_script_enabled=scripts)
    link = await holds(site, page)
    await expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    await expect(page.get_by_text("ana@guests.example")).to_be_visible()

    mailbox = await site.visitor(java_script_enabled=scripts)
    await mailbox.goto(link)
    await expect(mailbox.get_by_role("heading", name="Confirm your booking?")).to_be_visible()
    await mailbox.get_by_role("button", name="Confirm booking").click()
    await expect(mailbox.get_by_role("heading", name="You’re booked")).to_be_visible()

    if not scripts:
        await page.get_by_role("link", name="Reload this page").click()
    await expect(page.get_by_role("heading", name="You’re booked")).to_be_visible()


async def test_the_page_says_when_the_time_is_no_longer_held(site: Site) -> None:
    page = await site.visitor()
    await holds(site, page)
    await expect(page.get_by_role("heading", name="Check your email")).to_be_visible()

    site.memory.clock.advance(HELD_FOR + timedelta(seconds=1))

    await expect(page.get_by_role("heading", name="This time is no longer held")).to_be_visible()
    await page.get_by_role("link", name="Choose another time").click()
    await expect(page.locator("[data-start]").first).to_be_visible()


async def test_a_guest_gives_the_time_back_to_choose_another(site: Site) -> None:
    page = await site.visitor()
    await holds(site, page)

    await page.get_by_role("button", name="Choose another time").click()

    await expect(page.locator("[data-start]").first).to_be_visible()


async def test_a_guest_cancels_before_confirming(site: Site) -> None:
    page = await site.visitor(java_script_enabled=False)
    await holds(site, page)

    await page.get_by_role("link", name="Cancel booking").click()
    await page.get_by_role("button", name="Yes, cancel booking").click()

    await expect(page.get_by_role("heading", name="Nothing is booked")).to_be_visible()


@pytest.mark.parametrize("options", [{}, GERMAN], ids=["English", "German"])
async def test_no_page_of_it_has_a_barrier_or_is_wider_than_the_window(site: Site, options: dict[str, Any]) -> None:
    page = await site.visitor(viewport=DESK, **options)
    link = await holds(site, page)
    held = page.url
    wrong: list[str] = []

    async def looks(name: str, path: str) -> None:
        await page.goto(path)
        wrong.extend(f"{name}: {barrier}" for barrier in await barriers_here(page))
        if options:
            wrong.extend(f"{name}: {word}" for word in await english_on(page))
        for size in (NARROW, PHONE, DESK):
            await page.set_viewport_size(size)
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name}: wider than {size['width']}")

    await looks("held", held)
    await looks("confirm", link)
    await looks("cancel", f"{held.partition('?')[0]}/cancel")
    site.memory.clock.advance(HELD_FOR + timedelta(seconds=1))
    await looks("missed", link)

    assert [] == wrong
