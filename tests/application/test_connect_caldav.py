"""Connecting an account at a CalDAV server, and connecting it again in its place."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from application.actor import HostActor
from application.calendars.change_rules import RulesEdit
from application.calendars.close_account import leave_alone
from application.calendars.keep_account import ConnectedCalendars
from application.pages.page_edits import CalendarsEdit, PageEdit
from application.ports.calendar_reader import (
    CaldavLogin,
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    ReadingQuery,
    RemoteCalendar,
)
from domain.booking_page import BookingPage
from domain.busy import BusyTime, CalendarRules
from domain.calendar import Calendar, CalendarConnection
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    CalendarTooLarge,
    NoCalendars,
    PasswordRefused,
    ServerTooSlow,
)
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.faults import CalendarFault, Fault, FaultKind, Malformed, NoRoom, Required, TooLong
from domain.host import Host
from domain.ids import CalendarConnectionId
from domain.slot import Slot
from tests.support.builders import NOW, a_host, a_page
from tests.support.memory_app import MemoryApp

HOUR = timedelta(hours=1)
NOON = BusyTime(Slot.lasting(HOUR, NOW + 3 * HOUR))
URL = "https://dav.example/"
WORK, HOME = RemoteCalendar(f"{URL}work/", "Work", writable=True), RemoteCalendar(f"{URL}home/", "Home")


class World:
    """A host with two pages, and the account "anna" on a server."""

    def __init__(self, host: Host, memory: MemoryApp) -> None:
        self.memory = memory
        self.app = memory.app
        self.reader = memory.calendar_readers["caldav"]
        self.actor = HostActor(host.id)
        self.reader.hold("anna", WORK, HOME)
        self.reader.publish("anna", WORK.id, NOON)

    async def connects(self, url: str = URL, password: str = "right") -> ConnectedCalendars:
        return await self.app.connect_caldav(self.actor, url, "anna", password)

    async def refusal(self, url: str = URL, username: str = "anna", password: str = "right") -> tuple[Fault, ...]:
        with pytest.raises(InvalidInput) as refused:
            await self.app.connect_caldav(self.actor, url, username, password)
        return refused.value.faults

    async def connections(self) -> list[CalendarConnection]:
        return await self.memory.store.views.calendar_connections(self.actor.host_id)

    async def calendars(self) -> dict[str, Calendar]:
        return {each.name: each for each in await self.memory.store.views.calendars(self.actor.host_id)}

    async def pages(self) -> list[BookingPage]:
        return await self.memory.store.views.pages(self.actor.host_id)

    async def passes(self, time: timedelta = 5 * timedelta(minutes=1)) -> None:
        self.memory.clock.advance(time)
        await self.memory.work_off()


async def a_world() -> World:
    memory = MemoryApp()
    host = await memory.host()
    for _ in range(2):
        await memory.page(a_page(host))
    return World(host, memory)


async def test_an_account_is_read_at_once_and_its_calendars_block_on_all_pages() -> None:
    world = await a_world()

    made = await world.connects()

    assert ("caldav", "anna", "connected") == (made.connection.kind, made.connection.account, made.connection.status)
    assert {"Work": True, "Home": False} == {each.name: each.writable for each in made.calendars}
    assert {"fresh"} == {each.state(NOW) for each in made.calendars}
    for page in await world.pages():
        assert tuple(each.id for each in made.calendars) == page.calendars.blocking
        assert page.calendars.writes_to is None


async def test_a_new_calendar_whose_answer_took_long_is_as_old_as_the_question_and_read_again_as_others_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await a_world()
    world.reader.hold("anna", WORK)
    reads = world.reader.read

    async def slowly(access: CalendarAccess, query: ReadingQuery) -> CalendarRead | CalendarUnchanged:
        world.memory.clock.advance(HOUR / 180)
        return await reads(access, query)

    monkeypatch.setattr(world.reader, "read", slowly)
    made = await world.connects()
    await world.passes(HOUR / 180)

    assert [NOW] == [each.read_at for each in made.calendars]
    assert [("anna", WORK.id)] == world.reader.asked


async def test_a_calendar_that_its_owner_marked_as_not_counting_blocks_nothing_until_somebody_says_so() -> None:
    world = await a_world()
    world.reader.hold("anna", WORK, msgspec.structs.replace(HOME, is_main=False))

    made = await world.connects()

    assert 2 == len(made.calendars)
    for page in await world.pages():
        assert (made.calendars[0].id,) == page.calendars.blocking


async def test_a_first_page_begins_with_the_main_calendars_and_later_ones_with_those_that_block_the_others() -> None:
    memory = MemoryApp()
    world = World(await memory.host(), memory)
    world.reader.hold("anna", WORK, msgspec.structs.replace(HOME, is_main=False))
    work, home = (await world.connects()).calendars

    first = await world.app.create_page(world.actor, PageEdit(slug="first", title="First"))
    other = CalendarsEdit(blocking=(home.id,))
    await world.app.change_page(world.actor, first.id, PageEdit(calendars=other))
    second = await world.app.create_page(world.actor, PageEdit(slug="second", title="Second"))

    assert ((work.id,), (home.id,)) == (first.calendars.blocking, second.calendars.blocking)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("dav.example", "https://dav.example/"),
        (" HTTPS://DAV.Example:443/Some/Path?x=1#top ", "https://dav.example/Some/Path?x=1"),
        ("http://10.0.0.5:5232", "http://10.0.0.5:5232/"),
        ("[::1]:8443/dav", "https://[::1]:8443/dav"),
    ],
)
async def test_an_address_has_one_form_however_it_is_typed(url: str, form: str) -> None:
    world = await a_world()

    made = await world.connects(url)

    async with world.memory.store.begin() as uow:
        assert CaldavLogin(form, "anna", "right") == await uow.calendar_connections.access(made.connection.id)


@pytest.mark.parametrize(
    "url", ["", "ftp://dav.example/", "https://", "https://anna:right@dav.example/", "dav example", "dav.example:port"]
)
async def test_what_is_no_address_is_refused_before_anything_is_asked(url: str) -> None:
    world = await a_world()

    assert (Fault("url", Malformed("server-address")),) == await world.refusal(url)
    assert [] == world.reader.asked


async def test_all_that_is_missing_or_too_long_is_said_at_once() -> None:
    world = await a_world()

    assert (
        Fault("url", TooLong(2000, 2001)),
        Fault("username", Required()),
        Fault("password", Required()),
    ) == await world.refusal("x" * 2001, " ", " ")
    assert (Fault("password", TooLong(256, 257)),) == await world.refusal(password="x" * 257)


@pytest.mark.parametrize(
    ("field", "problem"), [("password", PasswordRefused()), ("url", NoCalendars()), ("url", CalendarTooLarge(20))]
)
async def test_an_account_that_cannot_be_read_is_not_connected(field: str, problem: CalendarProblem) -> None:
    world = await a_world()
    world.reader.hold("anna", WORK)
    match problem:
        case PasswordRefused():
            world.reader.lock_out("anna")
        case NoCalendars():
            world.reader.hold("anna")
        case _:
            world.reader.fail("anna", WORK.id, problem)

    expected: FaultKind = CalendarFault(problem)
    assert (Fault(field, expected),) == await world.refusal()
    assert ([], {}) == (await world.connections(), await world.calendars())


async def test_one_calendar_that_cannot_be_read_yet_says_so_and_is_read_soon() -> None:
    world = await a_world()
    world.reader.fail("anna", HOME.id, ServerTooSlow())

    made = await world.connects()
    world.reader.publish("anna", HOME.id)
    await world.passes(timedelta(0))

    assert [None, ServerTooSlow()] == [each.problem for each in made.calendars]
    assert "fresh" == (await world.calendars())["Home"].state(NOW)


async def test_connecting_the_same_account_once_more_heals_everything_in_its_place() -> None:
    world = await a_world()
    before = await world.connects()
    calendar = before.calendars[0]
    await world.app.change_calendar_rules(world.actor, calendar.id, RulesEdit(tentative="free"))
    edit = PageEdit(calendars=CalendarsEdit(blocking=(calendar.id,)))
    page = (await world.pages())[0]
    await world.app.change_page(world.actor, page.id, edit)
    world.reader.lock_out("anna")
    await world.passes()
    broken = (await world.connections())[0]
    world.reader.hold("anna", msgspec.structs.replace(WORK, name="Office"), HOME)

    again = await world.connects("DAV.example", "newer")
    await world.passes()

    assert "needs_reconnect" == broken.status
    assert [again.connection] == await world.connections()
    assert (before.connection.id, "connected") == (again.connection.id, again.connection.status)
    assert [each.id for each in before.calendars] == [each.id for each in again.calendars]
    office = (await world.calendars())["Office"]
    assert ("fresh", CalendarRules(tentative="free")) == (office.state(world.memory.clock()), office.rules)
    assert (calendar.id,) == next(each for each in await world.pages() if each.id == page.id).calendars.blocking
    async with world.memory.store.begin() as uow:
        assert CaldavLogin(URL, "anna", "newer") == await uow.calendar_connections.access(again.connection.id)


async def test_reconnecting_ends_the_providers_wish_to_be_left_alone() -> None:
    world = await a_world()
    made = await world.connects()
    async with world.memory.ports.begin() as uow:
        uow.calendar_connections.save(made.connection.wants_peace(NOW + HOUR))

    world.memory.clock.advance(HOUR / 2)
    await world.connects()
    # Of the old access, still on its way.
    async with world.memory.ports.begin() as uow:
        await leave_alone(uow, made.connection, NOW + HOUR)

    assert [None] == [each.left_alone_until for each in await world.connections()]


async def test_reconnecting_asks_for_the_password_alone() -> None:
    world = await a_world()
    made = await world.connects("dav.example/anna")

    again = await world.app.connect_caldav.again(world.actor, made.connection.id, "newer")

    assert made.connection.id == again.connection.id
    async with world.memory.store.begin() as uow:
        assert CaldavLogin(f"{URL}anna", "anna", "newer") == await uow.calendar_connections.access(made.connection.id)


async def test_a_password_that_is_refused_leaves_the_one_before() -> None:
    world = await a_world()
    made = await world.connects()
    world.reader.lock_out("anna")

    with pytest.raises(InvalidInput) as refused:
        await world.app.connect_caldav.again(world.actor, made.connection.id, "newer")

    assert (Fault("password", CalendarFault(PasswordRefused())),) == refused.value.faults
    async with world.memory.store.begin() as uow:
        assert CaldavLogin(URL, "anna", "right") == await uow.calendar_connections.access(made.connection.id)


async def test_calendars_that_came_are_added_and_those_that_went_stay_where_a_page_uses_them() -> None:
    world = await a_world()
    holiday = RemoteCalendar(f"{URL}holiday/", "Holiday")
    world.reader.hold("anna", WORK, HOME, holiday)
    before = await world.connects()
    only_home = PageEdit(calendars=CalendarsEdit(blocking=(before.calendars[1].id,)))
    for page in await world.pages():
        await world.app.change_page(world.actor, page.id, only_home)
    new = RemoteCalendar(f"{URL}new/", "New")
    world.reader.hold("anna", WORK, new)

    await world.connects()

    calendars = await world.calendars()
    assert {"Work", "Home", "New"} == set(calendars)
    assert CalendarGone() == calendars["Home"].problem
    assert {(before.calendars[1].id,)} == {each.calendars.blocking for each in await world.pages()}


async def test_an_account_on_another_server_or_by_another_name_is_another() -> None:
    world = await a_world()
    world.reader.hold("ben", WORK)

    await world.connects()
    await world.connects("other.example")
    await world.app.connect_caldav(world.actor, URL, "ben", "right")

    assert 3 == len(await world.connections())


async def test_connecting_twice_at_once_makes_one_connection() -> None:
    world = await a_world()

    first, second = await asyncio.gather(world.connects(), world.connects())

    assert first.connection.id == second.connection.id
    assert (1, 2) == (len(await world.connections()), len(await world.calendars()))


async def test_a_host_with_all_the_connections_there_can_be_can_still_heal_one() -> None:
    world = await a_world()
    for number in range(20):
        await world.connects(f"{number}.example")

    assert (Fault("url", NoRoom("calendar-connections", 20)),) == await world.refusal("one-too-many.example")
    await world.connects("7.example")


async def test_it_takes_the_right_to_and_another_hosts_connections_are_not_found() -> None:
    world = await a_world()
    made = await world.connects()
    stranger = HostActor((await world.memory.host(a_host())).id)

    with pytest.raises(Forbidden):
        await world.app.connect_caldav(HostActor(world.actor.host_id, frozenset({"account:read"})), URL, "anna", "x")
    for connection in (made.connection.id, CalendarConnectionId("nobody's")):
        with pytest.raises(NotFound):
            await world.app.connect_caldav.again(stranger, connection, "x")
