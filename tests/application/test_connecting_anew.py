"""A calendar account that is disconnected and connected anew holds the same calendars, and what was written to them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from application.actor import HostActor
from application.booking.access import BookingById
from application.calendars.keep_account import ConnectedCalendars
from application.pages.page_edits import CalendarsEdit, PageEdit
from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    ReadingQuery,
    RemoteCalendar,
)
from domain.busy import BusyTime
from domain.calendar_problem import ServerBusy
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import HALF_AN_HOUR, a_host
from tests.support.writing_world import POLL, WORK, WritingWorld

HERE, THERE = (Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + each) for each in (timedelta(0), timedelta(hours=1)))


class World(WritingWorld):
    """The account is connected as hosts do it; the page writes to its calendar."""

    def __init__(self) -> None:
        super().__init__("caldav")

    async def with_account(self) -> "World":
        await self.begun()
        await self.app.disconnect_calendars(self.actor, self.connection.id)
        await self.connects()
        return self

    async def connects(self, url: str = "https://dav.example/") -> ConnectedCalendars:
        made = await self.app.connect_caldav(self.actor, url, "anna", "geheim")
        self.connection, self.calendar = made.connection, made.calendars[0]
        edit = CalendarsEdit(blocking=(self.calendar.id,), writes_to=self.calendar.id)
        await self.app.change_page(self.actor, self.page.id, PageEdit(calendars=edit))
        return made

    async def disconnects(self) -> None:
        await self.app.disconnect_calendars(self.actor, self.connection.id)
        await self.passes(timedelta(minutes=1))


async def test_its_calendars_are_the_same_ones_and_another_hosts_are_others() -> None:
    world = await World().with_account()
    before = world.calendar.id

    await world.disconnects()
    await world.connects()
    other = HostActor((await world.memory.host(a_host(handle="hanne"))).id)
    theirs = await world.app.connect_caldav(other, "https://dav.example/", "anna", "geheim")

    assert before == world.calendar.id
    assert before not in {each.id for each in theirs.calendars}


async def test_an_entry_in_it_is_nobody_elses_event_and_goes_with_its_booking() -> None:
    world = await World().with_account()
    booking = await world.books()

    await world.disconnects()
    await world.connects()
    await world.passes(POLL)

    assert ([], ()) == (world.memory.mailer.notices, (await world.booking(booking)).overlaps)
    await world.app.reschedule(BookingById(world.actor, booking), THERE.start)
    await world.passes()
    assert [THERE] == world.slots
    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()
    assert [] == world.slots


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://dav.example/anna/work/", "https://dav.example/anna/work/"),
        ("https://dav.example/%61nn%61%40home/", "https://DAV.example:443/anna@home"),
    ],
)
async def test_they_are_the_same_ones_by_whichever_address_the_account_is_connected(before: str, after: str) -> None:
    world = await World().begun()
    world.reader.hold("anna", RemoteCalendar(before, "Work", writable=True))
    first = (await world.connects()).calendars
    await world.disconnects()

    world.reader.hold("anna", RemoteCalendar(after, "Work", writable=True))
    second = (await world.connects("https://dav.example/anna/")).calendars

    assert [each.id for each in first] == [each.id for each in second]


async def test_a_calendar_that_is_connected_twice_by_two_addresses_is_two_and_each_keeps_its_id() -> None:
    world = await World().begun()
    world.reader.hold("anna", RemoteCalendar("https://dav.example/anna/work/", "Work", writable=True))
    first = (await world.connects()).calendars
    second = (await world.connects("https://dav.example/anna/")).calendars
    await world.disconnects()
    third = (await world.connects("https://dav.example/anna/")).calendars

    assert ({first[0].id, second[0].id}, second[0].id) == (
        {each.id for each in await world.memory.store.views.calendars(world.host.id) if each.id != WORK},
        third[0].id,
    )


async def test_a_calendar_whose_address_its_server_writes_in_another_way_stays_in_its_place() -> None:
    world = await World().begun()
    world.reader.hold("anna", RemoteCalendar("https://dav.example/anna/work/", "Work", writable=True))
    before = (await world.connects()).calendars
    again = "https://dav.example/%61nna/work"
    world.reader.hold("anna", RemoteCalendar(f"{again}/", "Work"), RemoteCalendar(again, "Work", writable=True))
    after = (await world.connects()).calendars

    assert [(before[0].id, again)] == [(each.id, each.remote_id) for each in after]


async def test_what_was_moved_or_cancelled_while_it_was_disconnected_is_moved_in_it_or_gone() -> None:
    world = await World().with_account()
    moved, cancelled = await world.books(HERE.start), await world.books(THERE.end)
    await world.disconnects()
    await world.app.reschedule(BookingById(world.actor, moved), THERE.start)
    await world.app.cancel(BookingById(world.actor, cancelled), "")
    await world.passes()
    assert ("stuck", 2) == (await world.state(moved), len(world.held))

    world.memory.clock.advance(timedelta(minutes=1))
    await world.connects()
    await world.passes(POLL)

    assert ([THERE], "written") == (world.slots, await world.state(moved))


async def test_no_process_takes_what_it_has_kept_of_a_calendar_for_what_that_blocks_now() -> None:
    world = await World().with_account()
    for start in (HERE, THERE):
        world.reader.publish("anna", "work", BusyTime(start))
        await world.app.read_calendar_now(world.actor, world.calendar.id)
    (before,) = await world.memory.store.views.calendars(world.host.id)

    await world.disconnects()
    await world.connects()

    assert before.revision < world.calendar.revision


async def test_an_answer_that_was_on_its_way_says_nothing_about_the_new_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await World().with_account()
    read: Callable[..., object] = world.reader.read

    async def meanwhile(access: CalendarAccess, query: ReadingQuery) -> CalendarRead | CalendarUnchanged:
        monkeypatch.setattr(world.reader, "read", read)
        await world.app.disconnect_calendars(world.actor, world.connection.id)
        await world.connects()
        world.reader.fail("anna", "work", ServerBusy())
        return await world.reader.read(access, query)

    monkeypatch.setattr(world.reader, "read", meanwhile)
    calendar_id = world.calendar.id
    await world.app.read_calendar_now.read.at_once(world.memory.ports.begin, calendar_id)

    (calendar,) = await world.memory.store.views.calendars(world.host.id)
    assert (calendar_id, 0) == (calendar.id, calendar.failures)
