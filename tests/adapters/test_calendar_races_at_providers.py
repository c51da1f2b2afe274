"""Host edits, pushes, polls and bookings in the same moment, with the real clients, their notices and the real timings.

The random order of many more such moments is raced on memory, in `tests/application/test_calendar_races.py`.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

import msgspec
import pytest

from adapters.google.calendar_notices import GoogleCalendarNotices
from adapters.microsoft.calendar_watcher import MicrosoftCalendarNotices
from adapters.sandbox.asgi import AsgiApp, AsgiReceive, AsgiScope, AsgiSend
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.serve import serving
from application.app import App
from application.booking.access import BookingById
from application.calendars.receive_notices import TOGETHER
from application.calendars.watch_calendar import NoticeAddress
from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_reader import RemoteCalendar
from application.ports.calendar_watcher import CalendarNotices
from application.ports.mail import Notice
from application.ports.notices import BookingsOverlapped
from domain.booking import Booking
from domain.calendar import CalendarConnection, CalendarKind
from domain.errors import SlotTaken
from domain.ids import BookingId, CalendarConnectionId
from domain.slot import Slot
from tests.support.calendar_world import CalendarWorld
from tests.support.google_calendars import NOW, WithCalendars, with_calendars
from tests.support.memory_app import MemoryApp
from tests.support.microsoft_calendars import ConnectedCalendars, connected_calendars
from tests.support.serving import Server

RACES = 30
SATURDAY = 5
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Provider:
    """A sandbox with one account, its clients, and what the account's owner does.

    Attributes:
        add: puts an event there; what it returns deletes it.
        all_told: waits until the app has answered every notice.
    """

    kind: CalendarKind
    remote_id: str
    app: WithCalendars | ConnectedCalendars
    notices: CalendarNotices
    add: Callable[[Slot], Callable[[], None]]
    all_told: Callable[[], Awaitable[None]]


@asynccontextmanager
async def at_google() -> AsyncGenerator[Provider]:
    async with with_calendars() as app:

        def add(slot: Slot) -> Callable[[], None]:
            event = app.adds(slot.start, slot.end)
            return lambda: app.sandbox.events.delete(app.calendar(), event.id)

        yield Provider("google", GINA.email, app, GoogleCalendarNotices(), add, app.sandbox.channels.all_sent)


@asynccontextmanager
async def at_microsoft() -> AsyncGenerator[Provider]:
    async with connected_calendars() as app:

        def add(slot: Slot) -> Callable[[], None]:
            event = app.add(slot.start, slot.duration)
            return lambda: app.sandbox.mailboxes.remove(event)

        async def all_told() -> None:
            while any(each.status is None for each in app.sandbox.notices.sent):
                await asyncio.sleep(0)

        yield Provider("microsoft", app.main().id, app, MicrosoftCalendarNotices(), add, all_told)


class Races(CalendarWorld):
    """A page under one calendar that is kept at a sandbox and watched; after each race the host has a free day again.

    Nobody can be refused a time because of an event that is made in the same moment, or that isn't asked for since the
    calendar was read less than `fresh_for` ago. So what has to hold is: nothing is accepted over an event that was
    there before the submit, where the calendar was last read longer ago, or after the event was made; and every other
    overlap is told once.
    """

    provider: Provider
    random: Random
    accepted = refused = overlapped = at_work = 0

    async def connect_at(self, provider: Provider, random: Random) -> None:
        self.provider, self.random = provider, random
        remote, now = RemoteCalendar(provider.remote_id, "Work"), self.memory.clock()
        connection = CalendarConnection(
            CalendarConnectionId("k"), self.host.id, provider.kind, "owner@example.com", now, login="owner"
        )
        stored = self._read_just_now(connection, remote, now)
        async with self.memory.ports.begin() as uow:
            uow.calendar_connections.add(connection, provider.app.access())
            uow.calendars.add(stored)
            page = await uow.pages.lock(self.host.id, self.page.id)
            assert page
            calendars = msgspec.structs.replace(page.calendars, blocking=(stored.calendar.id,))
            uow.pages.save(msgspec.structs.replace(page, calendars=calendars))
        await self._settle()

    async def race(self) -> None:
        start, random = self._free_start(), self.random
        event = Slot.lasting(HALF_AN_HOUR, start + random.choice([-1, 0, 1]) * timedelta(minutes=15))
        when = random.choice(["before", "meanwhile", "meanwhile", "never"])
        heard = len(self.memory.mailer.sent)
        made_at: datetime | None = None
        delete: Callable[[], None] | None = None

        async def edit() -> None:
            nonlocal made_at, delete
            made_at, delete = self.memory.clock(), self.provider.add(event)

        async def edit_meanwhile() -> None:
            if when == "meanwhile":
                await edit()

        was_seen = False

        async def take() -> Booking | None:
            nonlocal was_seen
            was_seen = made_at is not None and await self._has_to_see(made_at, when)
            try:
                return await self.books(start)
            except SlotTaken:
                return None

        self._passes_up_to(40)
        if when == "before":
            await edit()
            if random.random() < 1 / 2:
                await self.provider.all_told()
            self._passes_up_to(25)
        elif random.random() < 1 / 2:
            await self._settle()
            self._passes_up_to(14)
        _, taken, *_ = await asyncio.gather(*map(self._late, (edit_meanwhile, take, self._poll, self._work)))
        await self._settle()

        overlaps = taken is not None and made_at is not None and event.overlaps(taken.slot)
        assert not (overlaps and was_seen), "accepted over an event that could be read before"
        assert (Counter({taken.id: 1}) if overlaps and taken else Counter()) == self._told(heard)
        self.accepted += taken is not None
        self.refused += taken is None
        self.overlapped += overlaps
        await self._clear(taken, delete)

    async def _has_to_see(self, made_at: datetime, when: str) -> bool:
        """Whether a submit that begins now has to be refused; a reading under way may have missed the event."""
        [calendar] = await self.memory.ports.views.calendars(self.host.id)
        read_at = calendar.read_at
        assert read_at
        is_asked = self.memory.clock() - read_at >= self.memory.ports.calendar_timings.fresh_for
        return (is_asked or read_at > made_at) and (when == "before" or not self.at_work)

    async def _late(self, act: Callable[[], Awaitable[Booking | None]]) -> Booking | None:
        for _ in range(self.random.randrange(60)):
            await asyncio.sleep(0)
        return await act()

    async def _poll(self) -> None:
        if self.random.random() < 1 / 2:
            await self._owe_a_reading()
            await self._work()

    async def _owe_a_reading(self) -> None:
        [calendar] = await self.memory.ports.views.calendars(self.host.id)
        async with self.memory.ports.begin() as uow:
            uow.outbox.enqueue(Due(ReadCalendarJob(calendar.id), self.memory.clock()))

    async def _work(self) -> None:
        self.at_work += 1
        for lease in await self.memory.backlog.lease(5, timedelta(minutes=1)):
            await self.memory.app.run_job(lease)
        self.at_work -= 1

    async def _settle(self) -> None:
        """Hear every notice, read once more, and do all that is owed then."""
        await self.provider.all_told()
        self.memory.clock.advance(TOGETHER)
        await self._owe_a_reading()
        await self.memory.work_off()

    async def _clear(self, booking: Booking | None, delete: Callable[[], None] | None) -> None:
        if delete is not None:
            delete()
        if booking is not None:
            await self.memory.app.cancel(BookingById(self.actor, booking.id), "")
        await self._settle()

    def _passes_up_to(self, seconds: int) -> None:
        self.memory.clock.advance(timedelta(seconds=self.random.randint(1, seconds)))

    def _free_start(self) -> datetime:
        today = self.memory.clock().astimezone(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
        days = (today + timedelta(days=each) for each in range(2, 9))
        return next(each for each in days if each.weekday() < SATURDAY)

    def _told(self, since: int) -> Counter[BookingId]:
        about = (each.about for each in self.memory.mailer.sent[since:] if isinstance(each, Notice))
        return Counter(
            each.booking_id for mail in about if isinstance(mail, BookingsOverlapped) for each in mail.listed
        )


@asynccontextmanager
async def races_at(provider: Provider, seed: int) -> AsyncGenerator[Races]:
    """The app with the provider's clients and without limits, whose real routes take the provider's notices."""
    memory = MemoryApp()
    memory.clock.set(NOW)
    server: Server | None = None

    async def app(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if server is not None and scope["type"] == "http":
            await cast("Any", server.litestar)(scope, receive, send)

    async with serving(cast("AsgiApp", app)) as url:
        address = f"{url}/integrations/{provider.kind}/calendar/notifications"
        memory.ports = replace(
            memory.ports,
            limiter=None,
            calendar_readers={**memory.ports.calendar_readers, provider.kind: provider.app.reader},
            calendar_askers={**memory.ports.calendar_askers, provider.kind: provider.app.reader},
            calendar_accounts={provider.kind: provider.app.account},
            calendar_watchers={provider.kind: provider.app.watcher},
            watch_renewers={},
            calendar_notices={provider.kind: provider.notices},
            notice_addresses={provider.kind: NoticeAddress(address, address)},
        )
        memory.app = App(memory.ports)
        server = Server(memory)
        races = await Races.with_page(memory)
        await races.connect_at(provider, Random(seed))
        yield races


@pytest.mark.parametrize("at", [at_google, at_microsoft])
async def test_nothing_is_booked_over_what_had_to_be_seen_and_every_later_overlap_is_told_once(
    at: Callable[[], AbstractAsyncContextManager[Provider]],
) -> None:
    async with at() as provider, races_at(provider, seed=7) as races:
        for _ in range(RACES):
            await races.race()

        assert min(races.accepted, races.refused, races.overlapped) > 1
