"""Watching a booking: what every store promises to those who wait for it to change."""

import asyncio

import msgspec

from domain.booking import Booking, cancel
from domain.booking_page import BookingPage
from tests.support.builders import HALF_AN_HOUR, NOW, TOMORROW_AT_TEN, a_booking, token_of
from tests.support.processes import PATIENCE
from tests.support.store import Store, a_unit_that_fails, keep, once_saved


async def test_whoever_watches_a_booking_is_woken_when_it_is_saved(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    with store.changes.watching(booking.id) as changed:
        await save(store, booking)

        await woken(changed)


async def test_all_who_watch_are_woken(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    with store.changes.watching(booking.id) as one, store.changes.watching(booking.id) as other:
        await save(store, booking)

        await woken(one)
        await woken(other)


async def test_what_is_woken_for_is_stored_by_then(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    cancelled, (event,) = cancel(booking, "guest", "", NOW)

    async def first_thing_after_waking() -> Booking | None:
        with store.changes.watching(booking.id) as changed:
            watching.set()
            await woken(changed)
        view = await store.views.booking_for(token_of(booking))
        return view.booking if view else None

    watching = asyncio.Event()
    looking = asyncio.create_task(first_thing_after_waking())
    await watching.wait()
    async with store.begin() as uow:
        uow.bookings.save(cancelled, event)

    assert once_saved(cancelled) == await looking


async def test_another_bookings_change_wakes_nobody(store: Store, page: BookingPage) -> None:
    watched, other = await two_bookings(store, page)

    with store.changes.watching(watched.id) as changed, store.changes.watching(other.id) as other_changed:
        await save(store, other)
        await woken(other_changed)

        assert not changed.is_set()


async def test_a_unit_that_fails_wakes_nobody(store: Store, page: BookingPage) -> None:
    watched, other = await two_bookings(store, page)

    with store.changes.watching(watched.id) as changed, store.changes.watching(other.id) as other_changed:
        async with a_unit_that_fails(store) as uow:
            uow.bookings.save(watched)
        await save(store, other)
        # What comes later has come, so what came before it would have as well.
        await woken(other_changed)

        assert not changed.is_set()


async def test_nobody_is_woken_after_looking_away(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    with store.changes.watching(booking.id) as before:
        pass

    with store.changes.watching(booking.id) as changed:
        await save(store, booking)
        await woken(changed)

    assert not before.is_set()


async def two_bookings(store: Store, page: BookingPage) -> tuple[Booking, Booking]:
    bookings = a_booking(page), a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR)
    await keep(store, *bookings)
    return bookings


async def save(store: Store, booking: Booking) -> None:
    async with store.begin() as uow:
        uow.bookings.save(msgspec.structs.replace(booking, announced=True))


async def woken(changed: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE):
        await changed.wait()
