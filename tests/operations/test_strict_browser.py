"""A booking in another site's frame, in a Chromium that lets other sites keep nothing."""

import pytest
from playwright.async_api import async_playwright, expect

from tests.support.machine import chromium
from tests.support.other_site import a_shop, an_embedded_page
from tests.support.site import ARGUMENTS, TUESDAY_AT_TEN, open_site

pytestmark = pytest.mark.browser

WITHOUT_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout"

# As browsers do in a frame of another site whose storage is off: a script fails where it only looks.
STORAGE_THROWS = """
    const refuse = () => { throw new DOMException("", "SecurityError"); };
    for (const each of ["localStorage", "sessionStorage", "indexedDB", "caches"])
      Object.defineProperty(window, each, { get: refuse });
    Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
"""


async def test_a_guest_books_where_third_party_cookies_are_off() -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=[*ARGUMENTS, WITHOUT_THIRD_PARTY_COOKIES]
        )
        async with open_site(browser) as site, a_shop(site) as shop:
            embedded = await an_embedded_page(shop)
            visitor = await site.visitor()
            await visitor.add_init_script(STORAGE_THROWS)
            page = await shop.opens(visitor, f'<div data-timetuna="{embedded}"></div>')
            frame = page.frame_locator("iframe")
            await frame.locator("[data-day] >> text=3").first.click()
            await frame.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()
            await frame.get_by_label("Name").fill("Ana Brito")
            await frame.get_by_label("Email").fill("ana@guests.example")
            await frame.get_by_role("button", name="Confirm booking").click()
            await expect(frame.get_by_role("heading", name="You’re booked")).to_be_visible()
            assert [] == site.complaints
        await browser.close()
