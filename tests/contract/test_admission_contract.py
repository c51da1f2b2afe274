"""No guest and no network gets past the limits on new bookings, however many submits come at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from application.ports.admission import Admission
from domain.booking import Booking, Cancellation, Guest
from domain.booking_page import BookingPage
from domain.budgets import HOUR, Bucket, Budget
from domain.errors import SlotTaken, TooManyBookings, TooManyRequests
from tests.support.builders import NOW, a_booking, a_host, a_page, altered
from tests.support.store import Store, keep

THREE = Budget("three", 3, HOUR, "bookings")
STARTS = [datetime(2026, 3, 3, 8, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(12)]


def guest(email: str = "ana@guests.example") -> Guest:
    return Guest("Ana", email, "UTC")


async def is_stored(store: Store, booking: Booking, *buckets: Bucket, max_per_guest: int | None = None) -> bool:
    try:
        async with store.begin() as uow:
            uow.bookings.add(booking, admission=Admission(buckets, max_per_guest))
    except (SlotTaken, TooManyBookings, TooManyRequests):
        return False
    return True


async def room_left(store: Store, bucket: Bucket) -> int:
    tried = [await store.rate_limiter.count([bucket], NOW) for _ in range(bucket.budget.most)]
    return tried.count(None)


async def test_a_mailbox_has_so_many_coming_bookings_on_a_page_at_most(store: Store, page: BookingPage) -> None:
    emails = ["ana@guests.example", "ANA@guests.example", "ana+more@guests.example"]

    stored = [
        await is_stored(store, a_booking(page, start, guest=guest(email)), max_per_guest=2)
        for start, email in zip(STARTS, emails, strict=False)
    ]

    assert [True, True, False] == stored
    assert await is_stored(store, a_booking(page, STARTS[4], guest=guest("bela@guests.example")), max_per_guest=2)


async def test_who_has_too_many_is_told_how_many_may_be(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, STARTS[0], guest=guest()))

    with pytest.raises(TooManyBookings) as refused:
        async with store.begin() as uow:
            uow.bookings.add(a_booking(page, STARTS[1], guest=guest()), admission=Admission(max_per_guest=1))

    assert 1 == refused.value.most


async def test_only_what_is_still_to_come_and_on_this_page_counts(store: Store, page: BookingPage) -> None:
    other_page = a_page(a_host())
    elsewhere = a_booking(other_page, STARTS[0], guest=guest())
    over = a_booking(page, NOW - HOUR, guest=guest(), booked_at=NOW - 2 * HOUR)
    under_way = a_booking(page, NOW - timedelta(minutes=10), guest=guest())
    cancelled = altered(a_booking(page, STARTS[1], guest=guest()), cancellation=Cancellation("guest", NOW))
    await keep(store, elsewhere, over, under_way, cancelled)

    assert await is_stored(store, a_booking(page, STARTS[2], guest=guest()), max_per_guest=2)
    assert not await is_stored(store, a_booking(page, STARTS[3], guest=guest()), max_per_guest=2)


async def test_of_twelve_submits_at_once_no_guest_gets_more_places_than_there_are(
    store: Store, page: BookingPage
) -> None:
    bookings = [a_booking(page, start, guest=guest()) for start in STARTS]

    stored = await asyncio.gather(*(is_stored(store, each, max_per_guest=3) for each in bookings))

    assert 3 == sum(stored)


async def test_of_twelve_submits_at_once_no_bucket_gets_fuller_than_it_may_be(store: Store, page: BookingPage) -> None:
    bookings = [a_booking(page, start, guest=guest(f"{start:%H%M}@guests.example")) for start in STARTS]

    stored = await asyncio.gather(*(is_stored(store, each, THREE.of("a"), THREE.of("b")) for each in bookings))

    assert 3 == sum(stored)


async def test_a_bucket_that_is_full_tells_what_it_counts_and_how_long_to_wait(store: Store, page: BookingPage) -> None:
    for start in STARTS[:3]:
        assert await is_stored(store, a_booking(page, start), THREE.of("a"))

    with pytest.raises(TooManyRequests) as refused:
        async with store.begin() as uow:
            uow.bookings.add(a_booking(page, STARTS[3]), admission=Admission((THREE.of("b"), THREE.of("a"))))

    assert (HOUR, "bookings") == (refused.value.retry_after, refused.value.counted)
    assert 3 == await room_left(store, THREE.of("b"))


async def test_a_booking_that_finds_its_time_taken_has_counted_nothing(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, STARTS[0]))

    assert not await is_stored(store, a_booking(page, STARTS[0]), THREE.of("a"), max_per_guest=5)

    assert 3 == await room_left(store, THREE.of("a"))


async def test_a_guest_with_too_many_bookings_has_counted_nothing(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, STARTS[0], guest=guest()))

    assert not await is_stored(store, a_booking(page, STARTS[1], guest=guest()), THREE.of("a"), max_per_guest=1)

    assert 3 == await room_left(store, THREE.of("a"))


async def test_of_twelve_submits_of_one_time_the_losers_count_nothing(store: Store, page: BookingPage) -> None:
    many = Budget("many", 50, HOUR)
    bookings = [a_booking(page, STARTS[0], guest=guest(f"{number}@guests.example")) for number in range(12)]

    stored = await asyncio.gather(*(is_stored(store, each, many.of("a"), max_per_guest=5) for each in bookings))

    assert 1 == sum(stored)
    assert 49 == await room_left(store, many.of("a"))
