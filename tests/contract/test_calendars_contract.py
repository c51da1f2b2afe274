"""Hosts' calendars: what every store promises about them."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from application.ports.calendars import StoredCalendar
from application.ports.offers import CalendarTimes
from domain.availability import BookingRules
from domain.booking_page import BookingPage
from domain.busy import CalendarRules
from domain.calendar import Reading, first_revision
from domain.calendar_problem import (
    ServerRefused,
)
from domain.host import Host
from domain.ids import CalendarId
from domain.page_calendars import PageCalendars
from domain.slot import Slot
from tests.support.builders import NOW, a_booking, a_host, a_page
from tests.support.store import Store, a_unit_that_fails, keep
from tests.support.stored_calendars import (
    HOUR,
    MAYBE,
    NOON,
    SECRET,
    SPAN,
    a_blocked_page,
    a_calendar_of,
    a_connection_of,
    put,
)


async def found(store: Store, name: str = "c1") -> StoredCalendar | None:
    async with store.begin() as uow:
        return await uow.calendars.get(CalendarId(name))


async def offered(store: Store, page: BookingPage, within: Slot = SPAN) -> tuple[CalendarTimes, ...]:
    offer = await store.views.offer_of(page.host_id, page.id, page.event_types[0].id, within, None, NOW)
    assert offer is not None
    return offer.calendars


async def test_a_calendar_comes_back_as_stored_and_opens_its_address(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    stored = a_calendar_of(connection, NOON, MAYBE)

    await put(store, connection, stored)

    assert stored == await found(store)
    assert ([connection], [stored.calendar]) == (
        await store.views.calendar_connections(host.id),
        await store.views.calendars(host.id),
    )
    async with store.begin() as uow:
        assert connection == await uow.calendar_connections.get(host.id, connection.id)
        assert SECRET == await uow.calendar_connections.access(connection.id)


async def test_the_next_state_replaces_the_one_before(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    stored = a_calendar_of(connection, NOON)
    await put(store, connection, stored)
    failed = msgspec.structs.replace(stored, calendar=stored.calendar.could_not_be_read(ServerRefused(404), NOW))

    async with store.begin() as uow:
        locked = await uow.calendars.lock(stored.calendar.id)
        uow.calendars.save(failed)

    assert (stored, failed) == (locked, await found(store))


async def test_a_unit_that_fails_changes_no_calendar(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    stored = a_calendar_of(connection)
    await put(store, connection, stored)

    async with a_unit_that_fails(store) as uow:
        uow.calendars.save(msgspec.structs.replace(stored, times=(NOON,)))
        uow.calendar_connections.remove(host.id, connection.id)

    assert stored == await found(store)


async def test_whoever_locks_a_calendar_makes_others_wait(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    await put(store, connection, a_calendar_of(connection))

    async def count_one_more() -> None:
        async with store.begin() as uow:
            stored = await uow.calendars.lock(CalendarId("c1"))
            assert stored is not None
            await asyncio.sleep(0.01)
            uow.calendars.save(
                msgspec.structs.replace(stored, calendar=stored.calendar.could_not_be_read(ServerRefused(404), NOW))
            )

    await asyncio.gather(*(count_one_more() for _ in range(5)))

    after = await found(store)
    assert after is not None
    assert 5 == after.calendar.failures


async def test_the_horizon_is_that_of_the_furthest_page_that_uses_the_calendar(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    await put(store, connection, a_calendar_of(connection))
    await a_blocked_page(store, host, horizon=700)
    async with store.begin() as uow:
        nowhere = await uow.calendars.horizon(CalendarId("c1"))
    for horizon in (30, 90):
        await a_blocked_page(store, host, "c0", "c1", horizon=horizon)
    async with store.begin() as uow:
        somewhere = await uow.calendars.horizon(CalendarId("c1"))

    writing = a_page(host, rules=BookingRules(horizon_days=120))
    await keep(store, msgspec.structs.replace(writing, calendars=PageCalendars(writes_to=CalendarId("c1"))))
    async with store.begin() as uow:
        furthest = await uow.calendars.horizon(CalendarId("c1"))

    assert (0, 90, 120) == (nowhere, somewhere, furthest)


async def test_bookings_under_a_calendar_are_those_of_its_pages_that_touch_the_span_and_are_to_come(
    store: Store, host: Host
) -> None:
    connection = a_connection_of(host)
    await put(store, connection, a_calendar_of(connection))
    blocked, other = await a_blocked_page(store, host, "c1"), await a_blocked_page(store, host, "c0")
    long = a_booking(blocked, NOW - HOUR, duration=timedelta(hours=24), buffer_after=timedelta(0))
    inside = a_booking(blocked, NOW + 30 * HOUR, buffer_before=timedelta(hours=4))
    await keep(
        store,
        long,
        inside,
        a_booking(blocked, NOW - 3 * HOUR, duration=HOUR),
        a_booking(other, NOW + 32 * HOUR),
        a_booking(blocked, NOW + 34 * HOUR, held_until=NOW + HOUR),
        a_booking(blocked, NOW + 36 * HOUR, buffer_before=HOUR),
    )

    async with store.begin() as uow:
        found = await uow.calendars.bookings_under(CalendarId("c1"), Slot(NOW - 9 * HOUR, NOW + 36 * HOUR), NOW)
        later = await uow.calendars.bookings_under(CalendarId("c1"), Slot(inside.slot.end, NOW + 36 * HOUR), NOW)

    assert (tuple(sorted([long.id, inside.id])), ()) == (found, later)


async def test_an_offer_knows_what_its_pages_calendars_block_in_the_span(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    first, second = a_calendar_of(connection, NOON, MAYBE), a_calendar_of(connection, NOON, name="c2")
    await put(store, connection, first, second)
    page = await a_blocked_page(store, host, "c1")

    [told] = await offered(store, page)
    [narrow] = await offered(store, page, Slot.lasting(HOUR, NOON.slot.start - HOUR / 2))
    [nothing] = await offered(store, page, Slot.lasting(HOUR, NOON.slot.end))

    revision = first_revision(NOW) + 1
    assert CalendarTimes(CalendarId("c1"), NOW + HOUR, (NOON.slot, MAYBE.slot), "ical_feed", NOW, revision) == told
    assert ((NOON.slot,), ()) == (narrow.blocked, nothing.blocked)


async def test_to_an_offer_a_calendar_is_unread_since_its_host_has_another_time_zone(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    await put(store, connection, a_calendar_of(connection))
    page = await a_blocked_page(store, host, "c1")

    async with store.begin() as uow:
        uow.hosts.save(msgspec.structs.replace(host, timezone="Asia/Tokyo"))

    assert [None] == [each.read_at for each in await offered(store, page)]


async def test_an_offer_follows_each_new_reading_and_each_new_rule_at_once(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    stored = a_calendar_of(connection, NOON, MAYBE)
    await put(store, connection, stored)
    page = await a_blocked_page(store, host, "c1")
    await offered(store, page)

    ruled = msgspec.structs.replace(stored, calendar=stored.calendar.follows(CalendarRules(all_day="free")))
    async with store.begin() as uow:
        uow.calendars.save(ruled)
    [by_rule] = await offered(store, page)
    again = ruled.calendar.was_read(Reading(SPAN, ()), ruled.times, "Europe/Berlin", NOW + HOUR, HOUR)
    async with store.begin() as uow:
        uow.calendars.save(StoredCalendar(again, (), ruled.seen))
    [by_reading] = await offered(store, page)

    assert ((NOON.slot,), ()) == (by_rule.blocked, by_reading.blocked)
    assert NOW + 2 * HOUR == by_reading.readable_until


async def test_an_offer_follows_a_calendar_that_is_connected_anew(store: Store, host: Host) -> None:
    before, anew = a_connection_of(host), a_connection_of(host, "k2", NOW + timedelta(seconds=1))
    await put(store, before, a_calendar_of(before, NOON))
    page = await a_blocked_page(store, host, "c1")
    await offered(store, page)

    async with store.begin() as uow:
        uow.calendar_connections.remove(host.id, before.id)
    await put(store, anew, a_calendar_of(anew, MAYBE))

    assert [(MAYBE.slot,)] == [each.blocked for each in await offered(store, page)]


@pytest.mark.parametrize("whose", ["nobody's", "another host's"])
async def test_a_calendar_that_is_not_the_hosts_is_one_of_which_nothing_is_known(
    store: Store, host: Host, whose: str
) -> None:
    if whose == "another host's":
        other = a_host()
        await keep(store, other)
        theirs = a_connection_of(other)
        await put(store, theirs, a_calendar_of(theirs, NOON))
    page = await a_blocked_page(store, host, "c1")

    assert (CalendarTimes(CalendarId("c1"), None),) == await offered(store, page)


async def test_calendars_join_and_leave_a_connection(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    first, second = a_calendar_of(connection, NOON, name="c1"), a_calendar_of(connection, name="c2")
    await put(store, connection, first)

    async with store.begin() as uow:
        uow.calendars.add(second)
    async with store.begin() as uow:
        both = await uow.calendars.lock_all(connection.id)
        uow.calendars.remove(first.calendar.id)

    assert [first, second] == both
    assert (None, second) == (await found(store, "c1"), await found(store, "c2"))


async def test_the_calendars_of_a_page_come_back_as_stored(store: Store, host: Host) -> None:
    calendars = PageCalendars((CalendarId("c2"), CalendarId("c1")), None, "trust_last", "cancel", "nothing")
    page = msgspec.structs.replace(a_page(host), calendars=calendars)

    await keep(store, page)

    assert page == await store.views.page(host.id, page.id)


def test_instants_of_blocked_times_are_exact() -> None:
    odd = datetime(2026, 12, 1, 1, 2, 3, 456789, tzinfo=UTC)

    assert odd == datetime.fromtimestamp(odd.timestamp(), UTC)
