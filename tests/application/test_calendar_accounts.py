"""Calendars of accounts: getting in by a grant or a password, and what a refusal does to all of them."""

import asyncio
from datetime import timedelta

import pytest

from adapters.memory.provider import MemoryProvider
from application.calendars import read_calendar
from application.calendars.read_calendar import LEAST_AHEAD, WHOLE_EVERY, span_of
from application.calendars.use_account import UseCalendarAccount
from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_reader import CaldavLogin, CalendarAccess, RemoteCalendar, SignedIn
from application.ports.calendars import StoredCalendar
from application.ports.clock import Clock
from application.ports.oauth import Grant
from application.ports.provider import NotPermitted, TryLater
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, CalendarKind, Reading
from domain.calendar_problem import (
    CalendarGone,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    PasswordRefused,
    ServerBusy,
    ServerTooSlow,
    SignInEnded,
)
from domain.connection import ProviderAccount
from domain.ids import CalendarConnectionId, CalendarId
from domain.provider_problem import AppNotAllowed, RateLimited
from domain.slot import Slot
from tests.support.builders import NOW
from tests.support.memory_app import MemoryApp
from tests.support.processes import PATIENCE

HOUR, POLL, GRACE = timedelta(hours=1), timedelta(minutes=2), timedelta(minutes=30)
NOON = BusyTime(Slot.lasting(HOUR, NOW + 3 * HOUR))
ANNA = ProviderAccount("anna", "org", "anna@example.com", "Anna")
LOGIN = CaldavLogin("https://dav.example/", "anna", "geheim")


class World:
    """A host's account with the calendars "work" and "home", which were read a moment ago and are due soon."""

    def __init__(self, kind: CalendarKind = "google") -> None:
        self.memory = MemoryApp()
        self.kind: CalendarKind = kind
        self.reader = self.memory.calendar_readers[kind]
        self.reader.hold("anna", RemoteCalendar("work", "Work"), RemoteCalendar("home", "Home"))

    async def connected(self) -> "World":
        host = await self.memory.host()
        self.connection = CalendarConnection(
            CalendarConnectionId("k"), host.id, self.kind, "anna@example.com", NOW, login="anna"
        )
        calendars = [self._calendar(name) for name in ("work", "home")]
        async with self.memory.store.begin() as uow:
            uow.calendar_connections.add(self.connection, self._access())
            uow.calendars.add(*calendars)
            for each in calendars:
                uow.outbox.enqueue(Due(ReadCalendarJob(each.calendar.id), NOW + POLL))
        return self

    async def passes(self, time: timedelta = 2 * POLL) -> None:
        self.memory.clock.advance(time)
        await self.memory.work_off()

    async def stored(self) -> CalendarConnection:
        async with self.memory.store.begin() as uow:
            found = await uow.calendar_connections.get(self.connection.host_id, self.connection.id)
        assert found
        return found

    async def calendars(self) -> dict[str, Calendar]:
        found = await self.memory.store.views.calendars(self.connection.host_id)
        return {each.remote_id: each for each in found}

    async def states(self) -> set[str]:
        return {each.state(self.memory.clock()) for each in (await self.calendars()).values()}

    def _access(self) -> CalendarAccess:
        return SignedIn(self.memory.calendar_accounts[self.kind].grant_to(ANNA)) if self.kind != "caldav" else LOGIN

    def _calendar(self, name: str) -> StoredCalendar:
        calendar = Calendar(
            id=CalendarId(name),
            connection_id=self.connection.id,
            host_id=self.connection.host_id,
            kind=self.kind,
            name=name,
            timezone="Europe/Berlin",
            host_timezone="Europe/Berlin",
            remote_id=name,
        )
        reading = Reading(span_of(NOW, LEAST_AHEAD), ())
        return StoredCalendar(calendar.was_read(reading, (), "Europe/Berlin", NOW, GRACE))


async def test_every_calendar_of_an_account_is_read_anew() -> None:
    world = await World().connected()

    await world.passes()

    assert {("anna", "work"), ("anna", "home")} == set(world.reader.asked)
    assert {"fresh"} == await world.states()


async def test_a_reading_that_takes_too_long_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_calendar, "LONGEST", timedelta(milliseconds=20))
    world = await World().connected()
    world.reader.fall_silent("anna")

    await world.passes()

    assert {ServerTooSlow()} == {each.problem for each in (await world.calendars()).values()}


async def test_an_access_token_that_ended_is_renewed_once_for_all_calendars() -> None:
    world = await World().connected()
    accounts = world.memory.calendar_accounts["google"]
    accounts.expire_access_tokens()
    world.reader.publish("anna", "work", NOON)

    await world.passes()

    assert 1 == accounts.calls["refresh"]
    assert (None, {"fresh"}) == ((await world.stored()).problem, await world.states())


async def test_a_token_that_is_about_to_end_is_renewed_before_it_is_used() -> None:
    world = await World().connected()

    await world.passes(2 * HOUR)

    assert 1 == world.memory.calendar_accounts["google"].calls["refresh"]
    assert {"fresh"} == await world.states()


@pytest.mark.parametrize("kind", ["google", "caldav"])
async def test_an_account_that_lets_us_in_no_more_closes_all_its_calendars_and_is_left_alone(
    kind: CalendarKind,
) -> None:
    world = await World(kind).connected()
    problem: CalendarProblem = PasswordRefused() if kind == "caldav" else SignInEnded()
    world.reader.lock_out("anna")
    await world.passes()

    assert (problem, "needs_reconnect") == ((await world.stored()).problem, (await world.stored()).status)
    assert {"broken"} == await world.states()
    assert {problem} == {each.problem for each in (await world.calendars()).values()}

    world.reader.hold("anna", RemoteCalendar("work", "Work"))
    asked = len(world.reader.asked)
    await world.passes(24 * HOUR)
    assert asked == len(world.reader.asked)


async def test_a_grant_that_died_at_its_renewal_needs_the_host() -> None:
    world = await World().connected()
    world.memory.calendar_accounts["google"].kill_grants(ANNA)

    await world.passes()

    assert SignInEnded() == (await world.stored()).problem


async def test_a_renewed_grant_that_allows_less_needs_the_host() -> None:
    world = await World().connected()
    accounts = world.memory.calendar_accounts["google"]
    accounts.scopes = frozenset({"calendar", "another"})
    accounts.expire_access_tokens()

    await world.passes()

    assert CalendarPermissionMissing(("read",)) == (await world.stored()).problem


async def test_an_administrator_who_forbids_us_is_named() -> None:
    world = await World("microsoft").connected()
    accounts = world.memory.calendar_accounts["microsoft"]
    accounts.expire_access_tokens()
    accounts.fail("refresh", NotPermitted(AppNotAllowed("microsoft")), times=2)

    await world.passes()

    assert (CalendarsBlockedByAdmin(), "blocked") == ((await world.stored()).problem, (await world.stored()).status)


async def test_a_provider_that_is_busy_breaks_nothing_and_is_asked_when_it_says() -> None:
    world = await World().connected()
    accounts = world.memory.calendar_accounts["google"]
    accounts.expire_access_tokens()
    accounts.fail("refresh", TryLater(RateLimited("google"), at=NOW + HOUR))
    await world.passes()

    assert (None, {"fresh", "stale"}) == ((await world.stored()).problem, await world.states())
    assert {None, ServerBusy()} == {each.problem for each in (await world.calendars()).values()}
    await world.passes(HOUR)
    assert {"fresh"} == await world.states()


async def test_a_server_that_lost_its_settings_keeps_the_last_reading() -> None:
    world = await World().connected()
    world.memory.calendar_accounts["google"].expire_access_tokens()
    world.memory.calendar_accounts.pop("google")

    await world.passes(HOUR)

    assert {CalendarsNotSetUp()} == {each.problem for each in (await world.calendars()).values()}
    assert None is (await world.stored()).problem


async def test_a_calendar_that_is_gone_says_nothing_about_the_others() -> None:
    world = await World().connected()
    world.reader.hold("anna", RemoteCalendar("home", "Home"))

    await world.passes()

    calendars = await world.calendars()
    assert (CalendarGone(), None) == (calendars["work"].problem, calendars["home"].problem)


async def test_a_calendar_is_read_as_a_whole_once_a_day_whatever_its_server_says() -> None:
    world = await World().connected()
    await world.passes()
    first = (await world.calendars())["work"].read_whole_at

    await world.passes(WHOLE_EVERY - HOUR)
    assert first == (await world.calendars())["work"].read_whole_at
    await world.passes(2 * HOUR)

    second = (await world.calendars())["work"].read_whole_at
    assert first
    assert second
    assert second >= first + WHOLE_EVERY


class SlowProvider(MemoryProvider):
    """Answers a refresh when it is let to."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("google", clock, frozenset({"calendar"}))
        self.asked, self.answers = asyncio.Event(), asyncio.Event()

    async def refresh(self, grant: Grant, /) -> Grant:
        self.asked.set()
        await self.answers.wait()
        return await super().refresh(grant)


async def test_a_renewed_grant_is_kept_although_nobody_waits_for_it_any_more() -> None:
    world = World()
    provider = SlowProvider(world.memory.clock)
    world.memory.calendar_accounts["google"] = provider
    await world.connected()
    provider.expire_access_tokens()
    use = UseCalendarAccount(
        world.memory.store.begin, world.memory.calendar_readers, {"google": provider}, world.memory.clock
    )
    world.memory.clock.advance(2 * HOUR)

    waiting = asyncio.create_task(use(world.connection, lambda reader, access: reader.calendars(access)))
    await provider.asked.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    provider.answers.set()
    async with asyncio.timeout(PATIENCE):
        while not (access := await opened(world)).grant.works_at(world.memory.clock()):
            await asyncio.sleep(0)

    assert waiting.cancelled()
    assert ANNA == await provider.account(access.grant)


async def opened(world: World) -> SignedIn:
    async with world.memory.store.begin() as uow:
        access = await uow.calendar_connections.access(world.connection.id)
    assert isinstance(access, SignedIn)
    return access
