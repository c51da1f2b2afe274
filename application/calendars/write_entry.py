"""Let hosts' calendars hold an entry for each booking: the job behind all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import msgspec

from application.calendars.use_account import UseCalendarAccount
from application.decisions import ApplyDecision, note_entry
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record
from application.jobs import WriteEntryJob
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from application.ports.calendar_writer import (
    CalendarUnwritable,
    CalendarWriter,
    EntryGone,
    EntryTexts,
    EntryUidSpent,
)
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork
from domain.booking import Booking
from domain.calendar import CalendarConnection, CalendarKind
from domain.calendar_entry import CalendarEntry, EntryContent, EntryStep, Patch, Put, RemoteEntry, Remove, next_step
from domain.calendar_problem import AccessLost, CalendarProblem, CalendarsNotSetUp
from domain.entry_changes import (
    entry_failed,
    entry_missing,
    entry_settled,
    entry_tried,
    entry_uid_spent,
    entry_written,
    is_given_up,
)
from domain.host import Host
from domain.ids import HostId


class _Way(msgspec.Struct, frozen=True):
    """How a calendar is written to."""

    connection: CalendarConnection
    writer: CalendarWriter
    calendar: str


_Answer = RemoteEntry | None | EntryUidSpent | EntryGone | CalendarUnwritable | CalendarUnreadable


@dataclass(frozen=True)
class WriteEntry:
    """Compare what a booking's entry should say with what the calendar holds, and take the step in between.

    The booking is looked at when the job runs, and again when the calendar has answered: what has changed in between is
    owed anew. A calendar that lets nobody in is left alone; it is tried again once it could be read.
    """

    writers: Mapping[CalendarKind, CalendarWriter]
    texts: EntryTexts
    use_account: UseCalendarAccount
    clock: Clock
    backoff: Backoff
    apply: ApplyDecision

    async def __call__(self, uow: UnitOfWork, job: WriteEntryJob, _attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        host = await uow.hosts.get(booking.host_id) if booking else None
        if booking is None or host is None or booking.entry is None or booking.status == "held":
            return Done()
        step = next_step(booking.id, booking.entry, self._wanted(booking, host))
        if isinstance(step, Put) and booking.slot.end <= self.clock():
            return Done()
        if step is None:
            if (settled := entry_settled(booking)) != booking:
                note_entry(uow, settled)
            return Done()
        way = await self._way(uow, host.id, booking.entry)
        if not isinstance(way, _Way):
            await self._fail(uow, booking, way)
            return Done()
        if isinstance(step, Put):
            note_entry(uow, entry_tried(booking, step.content.slot))
        return Outside(partial(self._call, booking, step, way))

    def _wanted(self, booking: Booking, host: Host) -> EntryContent | None:
        return self.texts.content(booking, host) if booking.status == "confirmed" else None

    async def _way(self, uow: UnitOfWork, host_id: HostId, entry: CalendarEntry) -> _Way | CalendarProblem:
        stored = await uow.calendars.get(entry.calendar_id)
        connection = await uow.calendar_connections.get(host_id, stored.calendar.connection_id) if stored else None
        if stored is None or connection is None:
            return AccessLost()
        if connection.problem is not None:
            return connection.problem
        writer = self.writers.get(connection.kind)
        if writer is None:
            return CalendarsNotSetUp()
        return _Way(connection, writer, stored.calendar.remote_id)

    async def _call(self, booking: Booking, step: EntryStep, way: _Way) -> Record:
        answer: _Answer
        try:
            answer = await self.use_account.within(way.connection, partial(_take, way, step))
        except (EntryUidSpent, EntryGone, CalendarUnwritable, CalendarUnreadable) as error:
            answer = error
        return partial(self._record, asked=booking, step=step, answer=answer)

    async def _record(self, uow: UnitOfWork, asked: Booking, step: EntryStep, answer: _Answer) -> Outcome:
        booking = await uow.bookings.lock(asked.id)
        host = await uow.hosts.get(asked.host_id)
        if booking is None or host is None or booking.entry is None or asked.entry is None:
            return Done()
        if booking.entry.generation != asked.entry.generation:
            return Again(self.clock())
        match answer:
            case RemoteEntry() | None:
                wanted = self._wanted(booking, host)
                await self.apply(uow, entry_written(booking, step, answer, wanted, self.clock()))
                return Done()
            case EntryUidSpent():
                note_entry(uow, entry_uid_spent(booking))
                return Again(self.clock())
            case EntryGone():
                # Whether the host wants that is found out by whoever reads the calendar.
                note_entry(uow, entry_missing(booking, self.clock()))
                return Done()
            case _:
                entry = await self._fail(uow, booking, answer.problem)
                return Done() if is_given_up(entry) else self.backoff(entry.failures - 1, wish=answer.not_before)

    async def _fail(self, uow: UnitOfWork, booking: Booking, problem: CalendarProblem) -> CalendarEntry:
        failed = entry_failed(booking, problem, self.clock())
        assert failed.booking.entry is not None
        if failed.events:
            await self.apply(uow, failed)
        else:
            # What is known of it was told, but it is counted.
            note_entry(uow, failed.booking)
        return failed.booking.entry


async def _take(way: _Way, step: EntryStep, access: CalendarAccess) -> RemoteEntry | None:
    match step:
        case Put(uid, content, tried):
            return await way.writer.put(access, way.calendar, uid, content, tried)
        case Patch(remote_id, change):
            return await way.writer.patch(access, way.calendar, remote_id, change)
        case Remove(uid, remote_id, tried):
            return await way.writer.remove(access, way.calendar, uid, remote_id, tried)
