"""Ask calendars about a time that somebody is about to take."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

import msgspec

from application.booking.host_availability import CalendarAnswers, Openings
from application.calendars.close_account import close_account, leave_alone, wish_of
from application.calendars.look_after_entries import entries_of, invited_by
from application.calendars.read_calendar import query_of
from application.calendars.timings import CalendarTimings
from application.calendars.use_account import UseCalendarAccount
from application.effects import calendars_outdated, carry_out
from application.ports.calendar_reader import CalendarAnswer, CalendarAsker, CalendarUnreadable
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock
from application.ports.offers import CalendarTimes
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.budgets import CALENDARS_ASKED_AT_SUBMIT
from domain.busy import BusyTime, blocking
from domain.calendar import Calendar, CalendarConnection, CalendarKind
from domain.calendar_problem import CalendarAccountProblem
from domain.host import Host
from domain.ids import CalendarId
from domain.slot import Slot


class _Refused(msgspec.Struct, frozen=True):
    """An account that lets us into none of its calendars."""

    connection: CalendarConnection
    calendars: tuple[CalendarId, ...]
    problem: CalendarAccountProblem


class _Said(msgspec.Struct, frozen=True):
    """What those calendars of an account block that have answered, and until when it wants to be left alone."""

    connection: CalendarConnection
    blocked: dict[CalendarId, tuple[Slot, ...]] = {}
    wish: datetime | None = None


@dataclass(frozen=True)
class AskCalendars:
    """Look once more at calendars that weren't read just now; without such calendars this costs nothing.

    All are asked at once for the meeting's time with its buffers, outside of any unit of work. What a calendar leaves
    unanswered, its last reading tells; so it does where guests have had its account asked too often.
    """

    begin: Begin
    calendars: HostCalendars
    use_account: UseCalendarAccount
    askers: Mapping[CalendarKind, CalendarAsker]
    clock: Clock
    timings: CalendarTimings
    spend: SpendBudget

    async def __call__(self, openings: Openings, start: datetime) -> Openings:
        """Add what was answered; nobody is asked about a time that can't be had anyway."""
        asked = self._to_be_asked(openings)
        return await self._ask_all(asked, openings, start) if asked and openings.is_clear(start) else openings

    async def about_held(self, openings: Openings, start: datetime) -> Openings:
        """Do the same for a time that is held, whether or not the page still offers it."""
        asked = self._to_be_asked(openings)
        if not asked or openings.is_busy_elsewhere(start):
            return openings
        return await self._ask_all(asked, openings, start)

    def _to_be_asked(self, openings: Openings) -> list[CalendarId]:
        """None where the page would be closed by others all the same."""
        asked = [each.id for each in openings.offer.calendars if self._is_to_be_asked(each, openings.now)]
        return asked if all(each in asked for each in openings.unreadable) else []

    async def _ask_all(self, asked: Sequence[CalendarId], openings: Openings, start: datetime) -> Openings:
        host, span = openings.offer.host, openings.occupied(start)
        deadline = asyncio.get_running_loop().time() + self.timings.answered_within.total_seconds()
        by_account = await self._accounts_of(asked, host)
        answers = await asyncio.gather(
            *(self._ask(connection, found, host, span, deadline) for connection, found in by_account)
        )
        return openings.after(await self._learn(openings, answers))

    def _is_to_be_asked(self, calendar: CalendarTimes, now: datetime) -> bool:
        if calendar.kind not in self.askers:
            return False
        return calendar.read_at is None or now - calendar.read_at >= self.timings.fresh_for

    async def _accounts_of(
        self, asked: Sequence[CalendarId], host: Host
    ) -> list[tuple[CalendarConnection, list[Calendar]]]:
        """The calendars by their accounts, but for those that let nobody in, or want to be left alone."""
        known, connections = await asyncio.gather(
            self.calendars.calendars(host.id), self.calendars.calendar_connections(host.id)
        )
        grouped = (
            (connection, [each for each in known if each.connection_id == connection.id and each.id in asked])
            for connection in connections
            if connection.problem is None and not connection.is_left_alone(self.clock())
        )
        return [(connection, found) for connection, found in grouped if found]

    async def _ask(
        self, connection: CalendarConnection, calendars: Sequence[Calendar], host: Host, span: Slot, deadline: float
    ) -> _Said | _Refused:
        if not await self.spend.fits(CALENDARS_ASKED_AT_SUBMIT.of(connection.id)):
            return _Said(connection)
        now = self.clock()
        async with self.begin() as uow:
            entries = await entries_of(uow, [each.id for each in calendars], now)
            invited = await invited_by(uow, host.id, now)
        queries = [
            msgspec.structs.replace(
                query_of(each, host, connection, span, entries=entries[each.id], invited=invited),
                timezone=_zone_of(each, host),
            )
            for each in calendars
        ]
        answers: dict[int, CalendarAnswer] = {}
        failed: list[CalendarUnreadable] = []
        asker = self.askers[connection.kind]
        try:
            async with asyncio.timeout_at(deadline):
                await self.use_account.within(
                    connection, lambda access: asker.ask(access, queries, answers.__setitem__)
                )
        except TimeoutError:
            # What was answered in time counts.
            pass
        except CalendarUnreadable as unreadable:
            failed.append(unreadable)
        failed += [each for each in answers.values() if isinstance(each, CalendarUnreadable)]
        for each in failed:
            if isinstance(each.problem, CalendarAccountProblem):
                return _Refused(connection, tuple(calendar.id for calendar in calendars), each.problem)
        return _Said(
            connection,
            {
                calendars[number].id: _blocked(answer, calendars[number], span)
                for number, answer in answers.items()
                if not isinstance(answer, CalendarUnreadable)
            },
            wish_of(*failed, now=self.clock()),
        )

    async def _learn(self, openings: Openings, answers: Sequence[_Said | _Refused]) -> CalendarAnswers:
        """Keep what contradicts the stored readings, and how long nobody is to be asked again.

        The page follows with the next reading, which is owed at once.
        """
        blocked: dict[CalendarId, tuple[Slot, ...]] = {}
        refused: list[_Refused] = []
        wishes: list[tuple[CalendarConnection, datetime]] = []
        for answer in answers:
            match answer:
                case _Said():
                    blocked.update(answer.blocked)
                    if answer.wish is not None:
                        wishes.append((answer.connection, answer.wish))
                case _Refused():
                    refused.append(answer)
                case _:
                    assert_never(answer)
        now = self.clock()
        known_otherwise = [each for each, slots in blocked.items() if slots or each in openings.unreadable]
        if known_otherwise:
            async with self.begin() as uow:
                carry_out(uow, calendars_outdated(known_otherwise, now))
        for each in refused:
            async with self.begin() as uow:
                await close_account(uow, each.connection, each.problem, now)
        for connection, until in wishes:
            async with self.begin() as uow:
                await leave_alone(uow, connection, until)
        return CalendarAnswers(blocked, frozenset(calendar for each in refused for calendar in each.calendars))


def _zone_of(calendar: Calendar, host: Host) -> str:
    """A calendar that had its host's time zone moves with its host, as long as no reading has said otherwise."""
    return host.timezone if calendar.timezone == calendar.host_timezone else calendar.timezone


def _blocked(times: Sequence[BusyTime], calendar: Calendar, span: Slot) -> tuple[Slot, ...]:
    return tuple(each for each in blocking(times, calendar.rules) if each.overlaps(span))
