"""A guest's steps through a booking."""

import re

from playwright.async_api import Page

from application.booking.book import BookingRequest, GuestDetails
from tests.support.builders import A_NETWORK, TOMORROW_AT_TEN
from tests.support.site import TUESDAY_AT_TEN, Site

CONFIRMATION = re.compile(r"/b/[^/]+$")


async def chooses_tuesday_at_ten(page: Page) -> None:
    await page.get_by_role("link", name="Tuesday, 3 March 2026").click()
    await page.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()


async def says_who_it_is(page: Page) -> None:
    await page.get_by_label("Name").fill("Ana Brito")
    await page.get_by_label("Email").fill("ana@guests.example")


async def somebody_else_books(site: Site, path: str) -> None:
    handle, page, event_type = path.strip("/").split("/")
    bela = GuestDetails("Bela", "bela@guests.example", "UTC")
    await site.memory.app.book(
        handle, page, event_type, BookingRequest(TOMORROW_AT_TEN, "zoom", bela), network=A_NETWORK
    )
