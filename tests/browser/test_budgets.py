"""What guests and hosts see when a budget is spent, in Chromium."""

import msgspec
import pytest
from playwright.async_api import Page, expect

from domain.booking import Booking
from domain.budgets import MOVES, Bucket, mails_to_guest
from domain.host import Host
from tests.browser.barriers import barriers_here
from tests.browser.scenes import READY
from tests.support.builders import TOMORROW_AT_TEN, a_booking, a_page, ana, token_of, zoom
from tests.support.site import Site

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


async def a_booked_time(site: Site) -> tuple[Host, Booking]:
    host = await site.a_host()
    page = await site.memory.page(a_page(host, meeting_types=(zoom,)))
    booking = a_booking(page, TOMORROW_AT_TEN, conference=READY)
    booking = msgspec.structs.replace(booking, announced=True)
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return host, booking


async def spends(site: Site, *buckets: Bucket) -> None:
    for bucket in buckets:
        while await site.memory.store.rate_limiter.count([bucket], site.memory.clock()) is None:
            pass


async def looks_fine(page: Page) -> None:
    await expect(page.get_by_role("alert")).to_contain_text("Try again in")
    assert [] == await barriers_here(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_guest_who_moves_too_often_keeps_the_reason_and_reads_when_to_go_on(site: Site) -> None:
    _, booking = await a_booked_time(site)
    guest = await site.visitor(viewport=NARROW)
    await guest.goto(f"/b/{token_of(booking)}/reschedule?start=2026-03-04T10:00:00Z&timezone=UTC")
    await guest.get_by_label("Reason").fill("A train strike")
    await spends(site, MOVES.of(booking.id))

    await guest.get_by_role("button", name="Reschedule booking").click()

    await expect(guest.get_by_label("Reason")).to_have_value("A train strike")
    await expect(guest.get_by_role("alert")).to_be_focused()
    await looks_fine(guest)


async def test_a_guest_who_has_the_mail_sent_again_too_often_reads_when_to_go_on(site: Site) -> None:
    host, booking = await a_booked_time(site)
    guest = await site.visitor(viewport=NARROW)
    await spends(site, *mails_to_guest(host.id, ana.email))
    await guest.goto(f"/b/{token_of(booking)}")

    await guest.locator("form[action$='/mail'] button").click()

    await looks_fine(guest)


async def test_a_host_keeps_the_link_that_could_not_be_mailed_now(site: Site) -> None:
    host, booking = await a_booked_time(site)
    page = await site.signed_in(host, viewport=NARROW)
    await spends(site, *mails_to_guest(host.id, ana.email))
    await page.goto(f"/bookings/{booking.id}")
    await page.get_by_text("Replace the join link").click()
    await page.get_by_role("textbox", name="Join link").fill("https://meet.example/hanne")
    await page.get_by_role("textbox", name="Join link").press("Enter")

    await expect(page.get_by_role("textbox", name="Join link")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Join link")).to_have_value("https://meet.example/hanne")
    await looks_fine(page)
