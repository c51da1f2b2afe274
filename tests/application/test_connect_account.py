"""Connecting the calendars of an account: every way back, and what healing leaves in its place."""

from datetime import timedelta

import msgspec
import pytest

from application.actor import HostActor
from application.calendars.connect_account import (
    AnotherLogin,
    CalendarsNotRead,
    NotConnectedCalendars,
    PermissionsMissing,
)
from application.calendars.keep_account import ConnectedCalendars
from application.connections.authorization import GOOD_FOR, Callback, CallbackOutcome
from application.ports.calendar_reader import RemoteCalendar
from application.ports.provider import NeedsAdmin, ProviderError, TryLater
from domain.booking_page import BookingPage
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, CalendarKind
from domain.calendar_problem import CalendarGone, NoCalendars, ServerBusy, SignInEnded
from domain.connection import ProviderAccount
from domain.errors import NotFound
from domain.host import Host
from domain.ids import CalendarConnectionId
from domain.provider_problem import ApprovalRequired, RateLimited
from domain.slot import Slot
from tests.support.builders import NOW, a_page
from tests.support.connecting import connects, state_of
from tests.support.memory_app import MemoryApp

HOUR = timedelta(hours=1)
BROWSER = "the host's browser"
ANNA = ProviderAccount("anna", "anna", "anna@example.com", "Anna")
BEN = ProviderAccount("ben", "ben", "ben@example.com", "Ben")
MAIN = RemoteCalendar("main", "Anna", "Europe/Paris", writable=True)
TEAM = RemoteCalendar("team", "Team", is_main=False)
NOON = BusyTime(Slot.lasting(HOUR, NOW + 3 * HOUR))


class World:
    """A host with a page, and accounts at a provider of calendars."""

    def __init__(self, kind: CalendarKind = "google") -> None:
        self.memory = MemoryApp()
        self.kind: CalendarKind = kind
        self.provider = self.memory.calendar_accounts[kind]
        self.reader = self.memory.calendar_readers[kind]
        self.reader.hold("anna", TEAM, MAIN)
        self.reader.hold("ben", MAIN)
        self.reader.publish("anna", "main", NOON)

    async def begun(self) -> "World":
        self.host = await self.memory.host()
        self.page = await self.memory.page(a_page(self.host))
        return self

    @property
    def actor(self) -> HostActor:
        return HostActor(self.host.id)

    async def sets_out(self, again: CalendarConnectionId | None = None) -> str:
        start = self.memory.app.start_connecting_calendars
        if again is not None:
            return await start.again(self.actor, BROWSER, again)
        return await start(self.actor, BROWSER, self.kind)

    async def comes_back(
        self, callback: Callback, host: Host | None = None, kind: CalendarKind | None = None
    ) -> ConnectedCalendars | NotConnectedCalendars:
        actor = HostActor(host.id) if host else self.actor
        return await self.memory.app.finish_connecting_calendars(actor, BROWSER, kind or self.kind, callback)

    async def answers(
        self,
        account: ProviderAccount = ANNA,
        scopes: frozenset[str] | None = None,
        again: CalendarConnectionId | None = None,
    ) -> Callback:
        """Go to the provider and say yes there; returns what the redirect carries."""
        url = await self.sets_out(again)
        return Callback(state_of(url), self.provider.consent(url, account, scopes))

    async def connects(
        self,
        account: ProviderAccount = ANNA,
        scopes: frozenset[str] | None = None,
        again: CalendarConnectionId | None = None,
    ) -> ConnectedCalendars | NotConnectedCalendars:
        return await self.comes_back(await self.answers(account, scopes, again))

    async def is_connected(self) -> ConnectedCalendars:
        connected = await self.connects()
        assert isinstance(connected, ConnectedCalendars)
        return connected

    async def connections(self) -> list[CalendarConnection]:
        return await self.memory.store.views.calendar_connections(self.host.id)

    async def calendars(self) -> dict[str, Calendar]:
        return {each.remote_id: each for each in await self.memory.store.views.calendars(self.host.id)}

    async def stored_page(self) -> BookingPage:
        page = await self.memory.store.views.page(self.host.id, self.page.id)
        assert page is not None
        return page


@pytest.fixture
async def world() -> World:
    return await World().begun()


async def test_a_yes_connects_all_calendars_and_the_main_one_is_read_and_blocks_at_once(world: World) -> None:
    connected = await world.is_connected()

    calendars = await world.calendars()
    assert ("anna@example.com", "anna", ()) == (
        connected.connection.account,
        connected.connection.login,
        connected.connection.lacks,
    )
    assert {"main": ("fresh", True), "team": ("broken", False)} == {
        remote_id: (each.state(world.memory.clock()), each.writable) for remote_id, each in calendars.items()
    }
    assert (calendars["main"].id,) == (await world.stored_page()).calendars.blocking
    assert [("anna", "main")] == world.reader.asked


async def test_an_account_of_many_calendars_is_read_up_to_a_bound_beyond_which_they_are_counted(world: World) -> None:
    rooms = [RemoteCalendar(f"room-{number}", f"Room {number}", is_main=False) for number in range(252)]
    world.reader.hold("anna", *rooms, MAIN)

    connected = await world.is_connected()
    await world.memory.work_off()

    calendars = await world.calendars()
    assert (250, 3) == (len(calendars), connected.connection.left_out)
    assert "main" in calendars
    assert not [each for each in calendars.values() if each.is_awaited or each.read_at is None]
    world.reader.hold("anna", MAIN)
    assert 0 == (await world.is_connected()).connection.left_out


async def test_the_other_calendars_are_read_soon(world: World) -> None:
    await world.is_connected()

    await world.memory.work_off()

    assert "fresh" == (await world.calendars())["team"].state(world.memory.clock())


@pytest.mark.parametrize(
    ("change", "ended"),
    [
        ({"error": "access_denied"}, CallbackOutcome.DECLINED),
        ({"error": "consent_required"}, CallbackOutcome.NEEDS_ADMIN),
        ({"code": None}, CallbackOutcome.NO_CODE),
        ({"state": None}, CallbackOutcome.NO_STATE),
        ({"state": "made-up"}, CallbackOutcome.UNKNOWN_STATE),
        ({"code": "made-up"}, CallbackOutcome.CODE_REFUSED),
    ],
)
async def test_any_other_return_connects_nothing_and_says_why(
    world: World, change: dict[str, str | None], ended: CallbackOutcome
) -> None:
    callback = msgspec.structs.replace(await world.answers(), **change)

    assert ended == await world.comes_back(callback)
    assert [] == await world.connections()


async def test_a_return_is_good_once_for_one_host_and_ten_minutes(world: World) -> None:
    callback, late = await world.answers(), await world.answers()
    other = await world.memory.host()

    assert CallbackOutcome.ELSEWHERE == await world.comes_back(callback, host=other)
    assert CallbackOutcome.USED_BEFORE == await world.comes_back(callback)
    world.memory.clock.advance(GOOD_FOR)
    assert CallbackOutcome.TOO_LATE == await world.comes_back(late)
    assert [] == await world.connections()


async def test_a_return_for_meetings_or_another_kind_connects_no_calendars(world: World) -> None:
    url = await world.memory.app.start_connecting(world.actor, BROWSER, "google")
    meetings = Callback(state_of(url), world.memory.providers["google"].consent(url, ANNA))

    assert CallbackOutcome.UNKNOWN_STATE == await world.comes_back(meetings)
    assert CallbackOutcome.UNKNOWN_STATE == await world.comes_back(await world.answers(), kind="microsoft")
    assert [] == await world.connections()


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (NeedsAdmin(ApprovalRequired("google")), CallbackOutcome.NEEDS_ADMIN),
        (TryLater(RateLimited("google")), CallbackOutcome.TRY_LATER),
    ],
)
async def test_what_goes_wrong_with_the_code_is_told_apart(
    world: World, error: ProviderError, ended: CallbackOutcome
) -> None:
    world.provider.fail("exchange", error)

    assert ended == await world.connects()
    assert [] == await world.connections()


async def test_a_server_without_settings_connects_nothing(world: World) -> None:
    with pytest.raises(NotFound, match="provider-settings"):
        await world.memory.app.start_connecting_calendars(world.actor, BROWSER, "caldav")


async def test_without_the_permission_to_write_calendars_block_and_the_connection_says_what_it_lacks(
    world: World,
) -> None:
    connected = await world.connects(scopes=frozenset({"calendar"}))

    assert isinstance(connected, ConnectedCalendars)
    assert (("write",), "connected") == (connected.connection.lacks, connected.connection.status)
    again = await world.is_connected()
    assert (connected.connection.id, ()) == (again.connection.id, again.connection.lacks)


async def test_without_the_permission_to_read_nothing_is_connected_and_the_missing_ones_are_named(
    world: World,
) -> None:
    assert PermissionsMissing(("read",)) == await world.connects(scopes=frozenset({"calendar.write"}))
    assert [] == await world.connections()
    assert [ANNA] == world.provider.revoked


@pytest.mark.parametrize(
    ("problem", "told"), [(ServerBusy(), ServerBusy()), (None, NoCalendars())], ids=["unreadable", "none"]
)
async def test_an_account_whose_main_calendar_cannot_be_read_is_not_connected(
    world: World, problem: ServerBusy | None, told: ServerBusy | NoCalendars
) -> None:
    if problem:
        world.reader.fail("anna", "main", problem)
    else:
        world.reader.hold("anna")

    assert CalendarsNotRead(told) == await world.connects()
    assert [] == await world.connections()


async def test_two_accounts_of_a_kind_stand_side_by_side(world: World) -> None:
    await world.is_connected()
    await world.connects(BEN)

    assert ["anna", "ben"] == [each.login for each in await world.connections()]
    assert 2 == len((await world.stored_page()).calendars.blocking)


async def test_the_same_login_again_heals_the_connection_in_place(world: World) -> None:
    before = await world.is_connected()
    known, page = await world.calendars(), await world.stored_page()
    world.provider.kill_grants(ANNA)
    world.memory.clock.advance(2 * HOUR)
    await world.memory.work_off()
    [broken] = await world.connections()
    renamed = msgspec.structs.replace(ANNA, email="anna@new.example")
    world.reader.hold("anna", MAIN, RemoteCalendar("new", "New", is_main=False))

    healed = await world.connects(renamed)
    await world.memory.work_off()

    assert SignInEnded() == broken.problem
    assert isinstance(healed, ConnectedCalendars)
    [after] = await world.connections()
    assert (before.connection.id, "anna@new.example", None) == (after.id, after.account, after.problem)
    calendars = await world.calendars()
    assert {"main", "new"} == set(calendars)
    assert known["main"].id == calendars["main"].id
    assert {"fresh"} == {each.state(world.memory.clock()) for each in calendars.values()}
    assert page.calendars == (await world.stored_page()).calendars


async def test_a_calendar_that_blocks_a_page_is_read_at_once_when_its_account_is_healed(world: World) -> None:
    await world.is_connected()
    await world.memory.work_off()
    world.provider.kill_grants(ANNA)
    world.memory.clock.advance(2 * HOUR)
    await world.memory.work_off()
    page = await world.stored_page()
    team = (await world.calendars())["team"].id
    async with world.memory.store.begin() as uow:
        locked = await uow.pages.lock(world.host.id, page.id)
        assert locked is not None
        calendars = msgspec.structs.replace(locked.calendars, blocking=(*locked.calendars.blocking, team))
        uow.pages.save(msgspec.structs.replace(locked, calendars=calendars))

    await world.is_connected()

    assert {"fresh"} == {each.state(world.memory.clock()) for each in (await world.calendars()).values()}


async def test_a_calendar_that_is_gone_and_blocks_a_page_is_not_taken_for_free(world: World) -> None:
    await world.is_connected()
    world.reader.hold("anna", msgspec.structs.replace(TEAM, is_main=True))

    await world.is_connected()

    assert CalendarGone() == (await world.calendars())["main"].problem


async def test_reconnecting_hints_at_the_login_and_another_one_changes_nothing(world: World) -> None:
    connected = (await world.is_connected()).connection

    assert "login_hint=anna%40example.com" in await world.sets_out(connected.id)
    assert AnotherLogin("ben@example.com", "anna@example.com") == await world.connects(BEN, again=connected.id)
    assert [connected] == await world.connections()
    assert [BEN] == world.provider.revoked


async def test_another_hosts_connection_cannot_be_reconnected(world: World) -> None:
    connected = (await world.is_connected()).connection
    stranger = await world.memory.host()

    with pytest.raises(NotFound, match="calendar-connection"):
        await world.memory.app.start_connecting_calendars.again(HostActor(stranger.id), BROWSER, connected.id)


async def test_a_refused_login_keeps_what_it_has_allowed_for_meetings(world: World) -> None:
    await connects(world.memory, world.host, ANNA, "google")

    await world.connects(scopes=frozenset({"calendar.write"}))

    assert [] == world.provider.revoked
