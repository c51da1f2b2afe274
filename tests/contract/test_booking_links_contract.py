"""Single-use links: what every store promises, and that no two guests use one up twice."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec

from application.booking.book import BookingRequest, GuestDetails
from domain.booking import Cancellation
from domain.booking_link import BookingLink
from domain.booking_page import BookingPage
from domain.errors import LinkEnded
from domain.host import Host
from domain.ids import BookingLinkId, BookingLinkToken
from tests.support.builders import A_NETWORK, NOW, a_booking, a_page, altered, at_the_harbour
from tests.support.store import Store, book_on, keep

TOKEN = BookingLinkToken("a-single-use-link")
STARTS = [datetime(2026, 3, 3, 8, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(6)]


async def a_link(store: Store, page: BookingPage, uses: int = 1) -> BookingLink:
    link = BookingLink(BookingLinkId(f"link-{page.id}"), page.host_id, page.id, uses, NOW, NOW + timedelta(days=9))
    async with store.begin() as uow:
        uow.booking_links.add(link, TOKEN)
    return link


async def used(store: Store, page: BookingPage) -> list[tuple[BookingLink, int]]:
    async with store.begin() as uow:
        return [(each.link, each.used) for each in await uow.booking_links.of_page(page.id, NOW)]


async def test_bookings_by_a_link_are_its_uses_unless_they_are_cancelled_or_no_longer_held(
    store: Store, page: BookingPage, host: Host
) -> None:
    link = await a_link(store, page, uses=9)
    by_link = [msgspec.structs.replace(a_booking(page, start), link_id=link.id) for start in STARTS[:4]]
    cancelled = altered(by_link[0], cancellation=Cancellation("guest", NOW))
    held = altered(by_link[1], held_until=NOW + timedelta(minutes=1))
    let_go = altered(by_link[2], held_until=NOW)

    await keep(store, cancelled, held, let_go, by_link[3], a_booking(page, STARTS[5]))

    assert [(link, 2)] == await used(store, page)
    async with store.begin() as uow:
        found = await uow.booking_links.get(page.id, TOKEN, NOW)
        assert found
        assert (link, 2) == (found.link, found.used)
        assert await uow.booking_links.get(page.id, BookingLinkToken("another"), NOW) is None
        other = a_page(host)
        assert await uow.booking_links.get(other.id, TOKEN, NOW) is None
        uow.booking_links.remove(page.id, link.id)
    assert [] == await used(store, page)


async def test_of_six_guests_at_once_a_link_for_two_lets_two_book(store: Store, host: Host) -> None:
    page = a_page(host, meeting_types=(at_the_harbour,))
    await keep(store, page)
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
    link, book = await a_link(store, page, uses=2), book_on(store, NOW)

    async def outcome(start: datetime) -> str | None:
        guest = GuestDetails("Ana", "ana@guests.example", "UTC")
        request = BookingRequest(start, "in_person", guest, link=TOKEN)
        try:
            await book(host.handle, page.slug, page.event_types[0].slug, request, network=A_NETWORK)
        except LinkEnded as refusal:
            return refusal.why
        return None

    assert {None: 2, "used": 4} == Counter(await asyncio.gather(*map(outcome, STARTS)))
    assert [(link, 2)] == await used(store, page)
