"""Held bookings: they keep their time for as long as they last, and are nobody's but their guest's."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from application.booking.book import BookingRequest, GuestDetails
from application.jobs import AskToConfirmJob, Due, ReleaseHoldJob
from application.ports.booking_views import BookingFilter
from application.ports.idempotency_keys import IdempotencyKey
from domain.availability import BookingRules
from domain.booking import HELD_FOR, confirm
from domain.booking_page import BookingPage
from domain.errors import SlotTaken
from domain.events import Held
from domain.host import Host
from domain.slot import Slot
from tests.support.builders import (
    A_NETWORK,
    HALF_AN_HOUR,
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_host,
    a_page,
    at_the_harbour,
    token_of,
)
from tests.support.processes import PATIENCE
from tests.support.store import Store, book_on, keep

UNTIL = NOW + HELD_FOR
A_MOMENT_BEFORE = UNTIL - timedelta(microseconds=1)
MONTH = Slot(NOW, NOW + timedelta(days=31))
LISTS: tuple[BookingFilter, ...] = ("upcoming", "past", "cancelled", "needs_attention")


def request(start: datetime = TOMORROW_AT_TEN) -> BookingRequest:
    return BookingRequest(start, "in_person", GuestDetails("Ana", "ana@guests.example", "UTC"))


async def test_a_held_booking_keeps_others_away(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, held_until=UNTIL))

    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page))
    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page, held_until=UNTIL))


async def test_it_is_busy_until_it_expires(store: Store, host: Host) -> None:
    page = a_page(host, rules=BookingRules(daily_cap=2))
    held = a_booking(page, held_until=UNTIL)
    await keep(store, page, held)

    for now, occupied in ((A_MOMENT_BEFORE, [held]), (UNTIL, [])):
        offers = (
            await store.views.offer(host.handle, page.slug, None, MONTH, now),
            await store.views.offer_of(host.id, page.id, page.event_types[0].id, MONTH, None, now),
        )
        for offer in offers:
            assert offer
            assert [each.occupied for each in occupied] == offer.busy
            assert [each.slot.start for each in occupied] == offer.page_starts
        assert [each.id for each in occupied] == [each.id for each in await store.views.occupying(host.id, MONTH, now)]
        async with store.begin() as uow:
            assert len(occupied) == await uow.booking_search.count_starting(page.id, MONTH, None, now)


async def test_a_booking_before_an_expired_hold_is_busy_all_the_same(
    store: Store, host: Host, page: BookingPage
) -> None:
    """Whoever looks for the last booking before a span finds the hold, and must not stop there."""
    before = a_booking(page, TOMORROW_AT_TEN - HALF_AN_HOUR)
    inside = a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR)
    await keep(store, before, a_booking(page, held_until=UNTIL), inside)

    span = Slot(TOMORROW_AT_TEN - timedelta(minutes=5), TOMORROW_AT_TEN + timedelta(hours=1))

    offer = await store.views.offer(host.handle, page.slug, None, span, UNTIL)
    assert offer
    assert [before.occupied, inside.occupied] == offer.busy


async def test_its_host_sees_nothing_of_it(store: Store, host: Host, page: BookingPage) -> None:
    held = a_booking(page, held_until=UNTIL)
    await keep(store, held)

    assert await store.views.booking(host.id, held.id) is None
    for show in LISTS:
        assert [] == (await store.views.bookings(host.id, show, now=NOW, cursor=None, limit=9)).items
    async with store.begin() as uow:
        assert () == await uow.booking_search.without_link(host.id, "zoom", NOW)


async def test_its_guest_sees_it(store: Store, page: BookingPage) -> None:
    held = a_booking(page, held_until=UNTIL)
    await keep(store, held)

    view = await store.views.booking_for(token_of(held))

    assert view
    assert held == view.booking


async def test_confirmed_it_is_listed(store: Store, host: Host, page: BookingPage) -> None:
    held = a_booking(page, held_until=UNTIL)
    await keep(store, held)

    async with store.begin() as uow:
        locked = await uow.bookings.lock(held.id)
        assert locked
        uow.bookings.save(confirm(locked, locked.meeting_type, None, NOW).booking)

    listed = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=9)
    assert [held.id] == [each.booking.id for each in listed.items]
    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page))


async def test_nothing_is_left_of_one_that_is_removed(store: Store, page: BookingPage) -> None:
    held, key = a_booking(page, held_until=UNTIL), IdempotencyKey("scope", "key", "fingerprint")
    async with store.begin() as uow:
        uow.bookings.add(held, Held(booking_id=held.id, at=NOW, until=UNTIL), key=key)

    async with store.begin() as uow:
        uow.bookings.remove(held.id)

    assert await store.views.booking_for(token_of(held)) is None
    assert await store.views.booking_by_key("scope", "key") is None
    await keep(store, a_booking(page))


async def test_whoever_watches_is_woken_when_it_is_removed(store: Store, page: BookingPage) -> None:
    held = a_booking(page, held_until=UNTIL)
    await keep(store, held)

    with store.changes.watching(held.id) as changed:
        async with store.begin() as uow:
            uow.bookings.remove(held.id)
        async with asyncio.timeout(PATIENCE):
            await changed.wait()


async def test_expired_ones_of_one_host_are_removed_and_no_others(store: Store, host: Host, page: BookingPage) -> None:
    somebody_else = a_host()
    their_page = a_page(somebody_else)
    expired, theirs = a_booking(page, held_until=UNTIL), a_booking(their_page, held_until=UNTIL)
    held = a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR, held_until=UNTIL + HELD_FOR)
    confirmed = a_booking(page, TOMORROW_AT_TEN + 2 * HALF_AN_HOUR)
    await keep(store, somebody_else, their_page, expired, theirs, held, confirmed)

    async with store.begin() as uow:
        too_early = await uow.bookings.remove_expired(host.id, A_MOMENT_BEFORE)
    async with store.begin() as uow:
        found = await uow.bookings.remove_expired(host.id, UNTIL)

    assert (False, True) == (too_early, found)
    async with store.begin() as uow:
        left = [await uow.bookings.get(each.id) for each in (expired, theirs, held, confirmed)]
    assert [None, theirs, held, confirmed] == left


async def a_page_that_takes_bookings(store: Store, host: Host, *, asks: bool) -> BookingPage:
    page = a_page(host, meeting_types=(at_the_harbour,), confirm_guest_email=asks)
    await keep(store, page)
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
    return page


@pytest.mark.parametrize("asks", [True, False])
async def test_of_ten_guests_at_the_time_of_an_expired_hold_one_is_booked(store: Store, host: Host, asks: bool) -> None:
    page = await a_page_that_takes_bookings(store, host, asks=asks)
    await keep(store, a_booking(page, held_until=UNTIL))
    book = book_on(store, UNTIL)

    async def booked() -> bool:
        try:
            await book(host.handle, page.slug, page.event_types[0].slug, request(), network=A_NETWORK)
        except SlotTaken:
            return False
        return True

    assert 1 == sum(await asyncio.gather(*(booked() for _ in range(10))))


async def test_of_confirming_and_booking_anew_at_the_last_moment_one_happens(store: Store, host: Host) -> None:
    """The one clock still sees the hold, the other one sees it expired."""
    page = await a_page_that_takes_bookings(store, host, asks=False)
    held = a_booking(page, meeting_type=at_the_harbour, held_until=UNTIL)
    await keep(store, held)
    book = book_on(store, UNTIL)

    async def confirmed() -> bool:
        async with store.begin() as uow:
            locked = await uow.bookings.lock(held.id)
            if locked is not None:
                uow.bookings.save(confirm(locked, at_the_harbour, None, A_MOMENT_BEFORE).booking)
            return locked is not None

    async def booked() -> bool:
        try:
            await book(host.handle, page.slug, page.event_types[0].slug, request(), network=A_NETWORK)
        except SlotTaken:
            return False
        return True

    assert 1 == sum(await asyncio.gather(confirmed(), booked()))


async def test_erasing_an_account_erases_what_is_held(store: Store, host: Host, page: BookingPage) -> None:
    held = a_booking(page, held_until=UNTIL)
    await keep(store, held, Due(AskToConfirmJob(held.id), NOW), Due(ReleaseHoldJob(held.id), UNTIL))

    async with store.begin() as uow:
        uow.accounts.erase(host.id, datetime(2026, 6, 1, tzinfo=UTC))

    async with store.begin() as uow:
        assert await uow.bookings.get(held.id) is None
    assert () == (await store.views.metrics_snapshot(UNTIL)).jobs
