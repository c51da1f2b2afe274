"""A page's daily cap holds, however many guests come at once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from application.booking.book import BookingRequest, GuestDetails
from domain.availability import BookingRules
from domain.booking_page import BookingPage
from domain.errors import SlotTaken, WhyTaken
from domain.host import Host
from tests.support.builders import A_NETWORK, NOW, a_booking, a_page, at_the_harbour
from tests.support.store import Store, book_on, keep

CAPPED = BookingRules(daily_cap=3)


def request(start: datetime) -> BookingRequest:
    return BookingRequest(start, "in_person", GuestDetails("Ana", "ana@guests.example", "UTC"))


async def a_capped_page(store: Store, host: Host) -> BookingPage:
    page = a_page(host, meeting_types=(at_the_harbour,), rules=CAPPED)
    await keep(store, page)
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
    return page


async def test_of_twelve_guests_on_a_day_for_three_exactly_three_are_booked(store: Store, host: Host) -> None:
    page = await a_capped_page(store, host)
    book = book_on(store, NOW)
    starts = [datetime(2026, 3, 3, 8, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(12)]

    async def outcome(start: datetime) -> WhyTaken | None:
        try:
            await book(host.handle, page.slug, page.event_types[0].slug, request(start), network=A_NETWORK)
        except SlotTaken as refusal:
            return refusal.why
        return None

    assert {None: 3, "daily-cap": 9} == Counter(await asyncio.gather(*map(outcome, starts)))


async def test_the_day_after_is_a_day_of_its_own(store: Store, host: Host) -> None:
    page = await a_capped_page(store, host)
    await keep(store, *(a_booking(page, datetime(2026, 3, 3, hour, tzinfo=UTC)) for hour in (9, 10, 11)))
    book = book_on(store, NOW)

    await book(
        host.handle,
        page.slug,
        page.event_types[0].slug,
        request(datetime(2026, 3, 4, 9, tzinfo=UTC)),
        network=A_NETWORK,
    )

    with pytest.raises(SlotTaken) as refused:
        await book(
            host.handle,
            page.slug,
            page.event_types[0].slug,
            request(datetime(2026, 3, 3, 13, tzinfo=UTC)),
            network=A_NETWORK,
        )
    assert "daily-cap" == refused.value.why
    assert all(each.day == 4 for each in refused.value.alternatives)
