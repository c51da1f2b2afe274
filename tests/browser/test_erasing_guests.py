"""A host erases a guest's details, and whoever looks afterwards reads that they are gone."""

from playwright.async_api import Page, expect

from domain.booking import Booking
from domain.booking_page import Answer
from tests.support.builders import TOMORROW_AT_TEN, a_booking, a_page, ana_with_a_number, at_the_harbour, token_of
from tests.support.site import Site


async def a_cancelled_booking(site: Site) -> tuple[Page, Booking]:
    """Something that a guest has booked and cancelled, with all that they could tell; and its host's browser."""
    host = await site.a_host()
    page = await site.memory.page(a_page(host))
    booking = a_booking(
        page,
        TOMORROW_AT_TEN,
        guest=ana_with_a_number,
        meeting_type=at_the_harbour,
        answers=(Answer("What is it about?", "My answer"),),
    )
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)
    await site.memory.app.cancel(await site.memory.as_guest(booking.id), "I am ill")
    return await site.signed_in(host), booking


async def test_details_are_erased_after_asking(site: Site) -> None:
    page, booking = await a_cancelled_booking(site)
    await page.goto(f"/bookings/{booking.id}")

    await page.get_by_role("link", name="Erase guest’s details").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Erase this guest’s details?")
    await page.get_by_role("button", name="Yes, erase details").click()

    await expect(page.get_by_role("status").first).to_have_text("The guest’s details are erased.")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Intro call with Guest (erased)")
    shown = await page.locator("main").inner_text()
    assert not [word for word in ("Ana", "ana@", "+55", "My answer", "I am ill") if word in shown]
    await expect(page.get_by_role("link", name="Erase guest’s details")).to_have_count(0)


async def test_the_guest_reads_that_their_details_are_gone(site: Site) -> None:
    page, booking = await a_cancelled_booking(site)
    await site.memory.app.erase_guest(await site.memory.as_host(booking.id), booking.id)

    await page.goto(f"/b/{token_of(booking)}")

    await expect(page.get_by_text("Your details were erased.")).to_be_visible()
    shown = await page.locator("main").inner_text()
    assert not [word for word in ("Ana", "ana@", "My answer", "I am ill") if word in shown]
