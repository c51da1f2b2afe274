"""What happens in a calendar, and here, while it is read."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

import msgspec

from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.memory.calendar_writer import MemoryCalendarWriter
from application.app import App
from application.booking.access import BookingById
from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    LastSeen,
    ReadingQuery,
)
from domain.caldav_account import CaldavAccount
from domain.ids import BookingId
from domain.page_calendars import PageCalendars
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import HALF_AN_HOUR
from tests.support.writing_world import POLL, WORK, WritingWorld

R = TypeVar("R", bound=MemoryCalendarReader)

HERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN)


class InterruptedReader(MemoryCalendarReader):
    """Lets something happen after it was asked and before it looks."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return await super().read(access, query)


class ReaderByTimes(MemoryCalendarReader):
    """Tells by the busy times whether anything has changed, as Google's and Microsoft's do."""

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        answer = await super().read(access, msgspec.structs.replace(query, seen=LastSeen()))
        assert isinstance(answer, CalendarRead)
        seen = LastSeen(digest=sha256(msgspec.json.encode(answer.reading.times)).digest())
        return CalendarUnchanged(seen) if seen == query.seen else CalendarRead(answer.reading, seen)


async def world_with(reader_type: type[R]) -> tuple[WritingWorld, R]:
    world = WritingWorld()
    memory, kind = world.memory, world.kind
    reader = reader_type(memory.calendar_accounts[kind])
    writer = MemoryCalendarWriter(reader, keeps_deleted_ids=True)
    memory.ports = replace(
        memory.ports,
        calendar_readers={**memory.ports.calendar_readers, kind: reader},
        calendar_askers={**memory.ports.calendar_askers, kind: reader},
        calendar_writers={**memory.ports.calendar_writers, kind: writer},
    )
    memory.app = App(memory.ports)
    world.app, world.reader, world.writer = memory.app, reader, writer
    return await world.begun(), reader


async def is_free(world: WritingWorld) -> bool:
    day, event_type = HERE.start.date(), world.page.event_types[0]
    found = await world.app.list_slots(world.host.handle, world.page.slug, event_type.slug, day, day, "UTC")
    return HERE.start in found.slots


async def test_an_event_that_is_deleted_where_nothing_else_changes_is_noticed() -> None:
    world, _ = await world_with(ReaderByTimes)
    booking = await world.books()
    await world.passes(2 * POLL)
    await world.passes(2 * POLL)
    world.host_deletes(world.ids[0])

    for _ in range(3):
        await world.passes(2 * POLL)

    assert "deleted_in_calendar" == await world.state(booking)


async def test_a_copy_of_an_invitation_that_lands_during_a_reading_is_not_taken_for_anybody_elses() -> None:
    world, reader = await world_with(InterruptedReader)
    booked: list[BookingId] = []

    async def somebody_books() -> None:
        booked.append(await world.books(work=False))
        reader.hold_copy("anna", "work", booked[0], HERE)

    async with world.memory.store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(world.page, calendars=PageCalendars((WORK,))))
    reader.meanwhile = somebody_books
    await world.passes(2 * POLL)
    await world.passes(POLL)

    await world.app.cancel(BookingById(world.actor, booked[0]), "")

    assert await is_free(world)


async def test_connecting_again_takes_neither_events_of_bookings_nor_copies_of_invitations_for_anybody_elses() -> None:
    world = await WritingWorld("caldav").begun()
    booking = await world.books()
    world.reader.hold_copy("anna", "work", booking, HERE)

    account = CaldavAccount("https://dav.example/", "anna")
    async with world.memory.store.begin() as uow:
        uow.calendar_connections.save(msgspec.structs.replace(world.connection, login=account.login))
    await world.app.connect_caldav.again(world.actor, world.connection.id, "geheim")
    await world.passes()

    assert [] == world.memory.mailer.notices
    await world.app.reschedule(BookingById(world.actor, booking), HERE.start + timedelta(minutes=15))
