"""Bookings, late links, lost answers, readings and host edits of entries at the same time, in random order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.memory.calendar_writer import MemoryCalendarWriter
from application.app import App
from application.booking.access import BookingById
from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_reader import CalendarAccess
from application.ports.calendar_writer import CalendarUnwritable
from application.ports.provider import TryLater
from domain.booking import Booking
from domain.calendar import CalendarKind
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import ServerBusy, ServerUnreachable
from domain.conference import Ready
from domain.errors import Refusal
from domain.ids import BookingId
from domain.page_calendars import OnDelete, OnMove
from domain.provider_problem import RateLimited
from domain.slot import Slot
from tests.application.dawdling import DawdlingReader, dawdle
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import HALF_AN_HOUR, zoom
from tests.support.writing_world import POLL, WORK, WritingWorld

KINDS: tuple[CalendarKind, ...] = ("google", "microsoft", "caldav")
ON_DELETE: tuple[OnDelete, ...] = ("ask", "cancel", "nothing")
ON_MOVE: tuple[OnMove, ...] = ("ask", "reschedule", "nothing")


class DawdlingWriter(MemoryCalendarWriter):
    """Takes a while before it writes, and a while before it answers."""

    def __init__(self, reader: MemoryCalendarReader, random: Random, *, keeps_deleted_ids: bool) -> None:
        super().__init__(reader, keeps_deleted_ids=keeps_deleted_ids)
        self._random = random

    async def put(
        self, access: CalendarAccess, calendar: str, uid: str, content: EntryContent, tried: Sequence[Slot], /
    ) -> RemoteEntry:
        await dawdle(self._random)
        answer = await super().put(access, calendar, uid, content, tried)
        await dawdle(self._random)
        return answer

    async def patch(self, access: CalendarAccess, calendar: str, entry_id: str, change: EntryChange, /) -> RemoteEntry:
        await dawdle(self._random)
        answer = await super().patch(access, calendar, entry_id, change)
        await dawdle(self._random)
        return answer

    async def remove(
        self, access: CalendarAccess, calendar: str, uid: str, entry_id: str | None, tried: Sequence[Slot], /
    ) -> None:
        await dawdle(self._random)
        await super().remove(access, calendar, uid, entry_id, tried)
        await dawdle(self._random)

    async def seen(
        self, access: CalendarAccess, calendar: str, entries: Mapping[str, Slot], /
    ) -> Mapping[str, RemoteEntry]:
        await dawdle(self._random)
        answer = await super().seen(access, calendar, entries)
        await dawdle(self._random)
        return answer


class EntryRaces:
    """One page that writes to a calendar, where everything happens at once."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        kind = self.random.choice(KINDS)
        self.world = WritingWorld(
            kind, on_delete=self.random.choice(ON_DELETE), on_move=self.random.choice(ON_MOVE), order=(zoom,)
        )
        memory = self.world.memory
        reader = DawdlingReader(memory.calendar_accounts.get(kind), self.random)
        writer = DawdlingWriter(reader, self.random, keeps_deleted_ids=kind == "google")
        memory.ports = replace(
            memory.ports,
            calendar_readers={**memory.ports.calendar_readers, kind: reader},
            calendar_askers={**memory.ports.calendar_askers, kind: reader},
            calendar_writers={**memory.ports.calendar_writers, kind: writer},
        )
        memory.app = App(memory.ports)
        self.world.app, self.world.reader, self.world.writer = memory.app, reader, writer
        self.booked: list[BookingId] = []
        self.log: list[str] = []

    async def run(self, rounds: int) -> None:
        await self.world.begun()
        acts = (self.book, self.book, self.move, self.cancel, self.edit, self.edit, self.decide, self.trouble)
        for _ in range(rounds):
            self.world.memory.clock.advance(self.random.choice([timedelta(0), timedelta(seconds=20), POLL]))
            now = self.random.sample(acts, 2)
            self.log.append("; ".join(each.__name__ for each in now))
            await asyncio.gather(*map(self._late, (*now, self.read, self.work, self.work)))
        await self._settle()

    async def book(self) -> None:
        self.booked.append(await self.world.books(self._start(), work=False))

    async def move(self) -> None:
        await self.world.app.reschedule(self._one(), self._start())

    async def cancel(self) -> None:
        await self.world.app.cancel(self._one(), "")

    async def edit(self) -> None:
        """The host deletes an event in the calendar, or moves it."""
        if not self.world.ids:
            return
        entry = self.random.choice(self.world.ids)
        if self.random.random() < 1 / 3:
            self.world.host_deletes(entry)
        else:
            self.world.host_moves(entry, Slot.lasting(HALF_AN_HOUR, self._start()))

    async def decide(self) -> None:
        decide = self.random.choice([self.world.app.accept_entry_change, self.world.app.restore_entry])
        await decide(self._one())

    async def trouble(self) -> None:
        match self.random.randrange(3):
            case 0:
                self.world.writer.lose_answers(CalendarUnwritable(ServerUnreachable()))
            case 1:
                self.world.writer.fail(CalendarUnwritable(ServerBusy()))
            case _:
                self.world.memory.providers["zoom"].fail("create", TryLater(RateLimited("zoom")))

    async def read(self) -> None:
        """As a push does, or the next poll."""
        if self.random.random() < 1 / 2:
            async with self.world.memory.store.begin() as uow:
                uow.outbox.enqueue(Due(ReadCalendarJob(WORK), self.world.memory.clock()))

    async def work(self) -> None:
        for lease in await self.world.memory.backlog.lease(5, timedelta(minutes=1)):
            await self.world.app.run_job(lease)
            await dawdle(self.random)

    async def bookings(self) -> list[Booking]:
        return [await self.world.booking(each) for each in self.booked]

    async def _late(self, act: Callable[[], Awaitable[None]]) -> None:
        await dawdle(self.random, 60)
        try:
            await act()
        except (Refusal, IndexError):
            # There may be nothing to change, or no longer.
            return

    async def _settle(self) -> None:
        """Let everything be read and written, and the host decide, until there is nothing left to decide."""
        while True:
            for _ in range(6):
                await self.world.passes(POLL)
            changed = [each.id for each in await self.bookings() if each.status == "confirmed" and is_changed(each)]
            if not changed:
                return
            for each in changed:
                booking = BookingById(self.world.actor, each)
                try:
                    await self.random.choice([self.world.app.accept_entry_change, self.world.app.restore_entry])(
                        booking
                    )
                except Refusal:
                    await self.world.app.restore_entry(booking)

    def _one(self) -> BookingById:
        return BookingById(self.world.actor, self.random.choice(self.booked))

    def _start(self) -> datetime:
        return THURSDAY_AT_TEN + self.random.randrange(16) * timedelta(minutes=15)


def is_changed(booking: Booking) -> bool:
    return booking.entry is not None and booking.entry.is_changed


def link_of(booking: Booking) -> str:
    return booking.conference.join_url if isinstance(booking.conference, Ready) else ""


@pytest.mark.parametrize("block", range(4))
async def test_afterwards_each_live_booking_has_one_entry_at_its_time_and_nothing_is_owed(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        races = EntryRaces(seed)

        await races.run(rounds=15)

        bookings = await races.bookings()
        live = [each for each in bookings if each.status == "confirmed"]
        told = f"seed {seed}: {races.log}"
        assert sorted(each.slot for each in live) == races.world.slots, told
        assert {each.content.location for each in races.world.held} == {link_of(each) for each in live}, told
        assert [("written" if each in live else "removed") for each in bookings] == [
            each.entry.state for each in bookings if each.entry
        ], told
