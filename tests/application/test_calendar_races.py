"""Host edits, pushes, polls and bookings in the same moment, in random order."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from application.app import App
from application.booking.access import BookingById
from application.calendars.timings import CalendarTimings
from application.jobs import CheckOverlapsJob, Due, ReadCalendarJob
from application.ports.mail import Notice
from application.ports.notices import BookingsOverlapped
from domain.booking import Booking
from domain.busy import BusyTime
from domain.errors import SlotTaken
from domain.ids import BookingId, CalendarId
from domain.slot import Slot
from tests.application.dawdling import DawdlingReader, dawdle
from tests.support.calendar_world import CalendarWorld, busy
from tests.support.memory_app import MemoryApp
from tests.support.postgres import StoreInPostgres

WORK, SATURDAY = CalendarId("work"), 5
ALWAYS_ASKED = CalendarTimings(fresh_for=timedelta(0))


class Races:
    """One page under one calendar, where everything happens at once; afterwards the host has a free day again."""

    def __init__(self, world: CalendarWorld, random: Random) -> None:
        self.world = world
        self.random = random
        self.accepted = self.refused = self.overlapped = 0

    @classmethod
    async def on(cls, memory: MemoryApp, seed: int) -> "Races":
        random = Random(seed)
        memory.calendar_readers["google"] = DawdlingReader(memory.calendar_accounts["google"], random)
        readers = {**memory.ports.calendar_readers, **memory.calendar_readers}
        memory.ports = replace(memory.ports, limiter=None, calendar_readers=readers, calendar_timings=ALWAYS_ASKED)
        memory.app = App(memory.ports)
        world = await CalendarWorld.with_page(memory)
        await world.connect()
        return cls(world, random)

    async def run(self) -> None:
        start = self.free_start()
        event = busy(start + self.random.choice([-1, 0, 1]) * timedelta(minutes=15), timedelta(minutes=30))
        mover = await self.world.books(start + timedelta(hours=3)) if self.random.random() < 1 / 4 else None
        heard = len(self.world.memory.mailer.sent)
        was_there_before, came_at_all = False, self.random.random() < 3 / 4

        async def edit() -> None:
            if came_at_all:
                self.world.publish(event)
                if self.random.random() < 1 / 3:
                    await self._wishes_for_a_reading()
                    await self._work()

        async def take() -> Booking | None:
            nonlocal was_there_before
            was_there_before = self._is_there(event)
            try:
                if mover is None:
                    return await self.world.books(start)
                await self.world.memory.app.reschedule(BookingById(self.world.actor, mover.id), start)
            except SlotTaken:
                return None
            return mover

        async def poll() -> None:
            await self._wishes_for_a_reading()
            await self._work()

        _, taken, *_ = await asyncio.gather(*map(self._late, (edit, take, poll, poll, self._work)))
        await self._settle()

        overlaps = came_at_all and taken is not None and event.slot.overlaps(Slot.lasting(taken.slot.duration, start))
        assert not (overlaps and was_there_before), "accepted over an event that could be read before"
        told = self._told(heard)
        assert (Counter({taken.id: 1}) if overlaps and taken else Counter()) == told
        self.accepted += taken is not None
        self.refused += taken is None
        self.overlapped += overlaps
        await self.clear(taken or mover)

    async def _late(self, act: Callable[[], Awaitable[Booking | None]]) -> Booking | None:
        await dawdle(self.random, 60)
        return await act()

    async def _wishes_for_a_reading(self) -> None:
        async with self.world.memory.ports.begin() as uow:
            uow.outbox.enqueue(Due(ReadCalendarJob(WORK), self.world.memory.clock()))

    async def _work(self) -> None:
        for lease in await self.world.memory.backlog.lease(5, timedelta(minutes=1)):
            await self.world.memory.app.run_job(lease)
            await dawdle(self.random)

    async def _settle(self) -> None:
        """Read once more, and do all that is owed then."""
        await self._wishes_for_a_reading()
        await self.world.memory.work_off()

    async def clear(self, booking: Booking | None = None) -> None:
        self.world.publish()
        if booking is not None:
            await self.world.memory.app.cancel(BookingById(self.world.actor, booking.id), "")
        await self._settle()

    def free_start(self) -> datetime:
        today = self.world.memory.clock().astimezone(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
        days = (today + timedelta(days=each) for each in range(2, 9))
        return next(each for each in days if each.weekday() < SATURDAY)

    def _is_there(self, event: BusyTime) -> bool:
        return event in self.world.memory.calendar_readers["google"].holds("anna", "work")

    def _told(self, since: int) -> Counter[BookingId]:
        mails = self.world.memory.mailer.sent[since:]
        about = (each.about for each in mails if isinstance(each, Notice))
        return Counter(
            each.booking_id for mail in about if isinstance(mail, BookingsOverlapped) for each in mail.listed
        )


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_booked_over_what_could_be_read_and_every_later_overlap_is_told_once(seed: int) -> None:
    races = await Races.on(MemoryApp(), seed)

    for _ in range(250):
        await races.run()

    assert min(races.accepted, races.refused, races.overlapped) > 10


async def test_a_look_that_waits_for_a_booking_keeps_nobody_from_owing_another(
    postgres_store: StoreInPostgres,
) -> None:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    memory.clock.set(datetime.now(UTC))
    races = await Races.on(memory, seed=1)
    await races.clear()
    booking = await races.world.books(races.free_start())
    look = CheckOverlapsJob((booking.id,))
    [lease] = [each for each in await memory.backlog.lease(20, timedelta(minutes=1)) if each.job == look]

    async with memory.ports.begin() as uow:
        await uow.bookings.lock(booking.id)
        looking = asyncio.create_task(memory.app.run_job(lease))
        while not await postgres_store.pool.fetchval("select exists (select from pg_locks where not granted)"):
            await asyncio.sleep(0)
        async with memory.ports.begin() as whoever_moves_it:
            whoever_moves_it.outbox.enqueue(Due(look, memory.clock()))

    await looking
    assert look in {each.job for each in await memory.backlog.lease(20, timedelta(minutes=1))}


async def test_postgresql_keeps_the_same_order(postgres_store: StoreInPostgres) -> None:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    memory.clock.set(datetime.now(UTC))
    races = await Races.on(memory, seed=1)

    for _ in range(15):
        await races.run()

    assert min(races.accepted, races.refused) > 0
