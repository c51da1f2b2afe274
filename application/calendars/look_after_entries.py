"""Find out what hosts have made of their bookings' entries in the calendar."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from application.calendars.use_account import UseCalendarAccount
from application.decisions import ApplyDecision, note_entry
from application.effects import carry_out, entries_writable
from application.ports.booking_search import BookedEntry
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.calendar_writer import CalendarUnwritable, CalendarWriter
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork
from domain.booking import Booking
from domain.calendar import Calendar, CalendarConnection, CalendarKind
from domain.calendar_entry import CalendarEntry, RemoteEntry
from domain.entry_changes import (
    SETTLES_WITHIN,
    edit_of,
    entry_deleted,
    entry_found,
    entry_missing,
    entry_moved,
)
from domain.ids import BookingId, CalendarId, HostId
from domain.slot import Slot

BEFORE = timedelta(days=2)
"""For how long after its booking an entry, or a copy of its invitation, is still left out of what is busy."""

STUCK_FOR = timedelta(hours=1)
"""When an entry that got stuck is tried again although nothing is known to have changed."""

NOTICED_WITHIN = timedelta(seconds=20)
"""An entry that is gone is looked for once more for at least this long."""

Seen = Mapping[str, RemoteEntry]


class EntriesNoted(msgspec.Struct, frozen=True):
    """What came of a look: whether a host has moved an entry, and when one that is gone is to be looked for again."""

    is_one_moved: bool = False
    look_again_at: datetime | None = None

    def to_be_seen_again(self, at: datetime) -> "EntriesNoted":
        return msgspec.structs.replace(self, look_again_at=min(at, self.look_again_at or at))


@dataclass(frozen=True)
class LookAfterEntries:
    """Compare what calendars hold with what was written to them; what differs is the host's doing.

    An answer to a look that was on its way while an entry was written says nothing about it.
    """

    writers: Mapping[CalendarKind, CalendarWriter]
    use_account: UseCalendarAccount
    clock: Clock
    apply: ApplyDecision

    async def look(
        self, connection: CalendarConnection, calendar: Calendar, entries: tuple[BookedEntry, ...]
    ) -> Seen | None:
        """Ask the calendar for its entries; None where it doesn't answer."""
        writer, now = self.writers.get(connection.kind), self.clock()
        asked = {
            each.entry.written.remote.id: each.entry.written.remote.slot
            for each in entries
            if each.entry.written is not None and each.slot.end > now
        }
        if not asked:
            return {}
        if writer is None:
            return None
        try:
            return await self.use_account.within(
                connection, lambda access: writer.seen(access, calendar.remote_id, asked)
            )
        except (CalendarUnwritable, CalendarUnreadable):
            return None

    async def note(
        self, uow: UnitOfWork, before: Calendar, entries: tuple[BookedEntry, ...], seen: Seen
    ) -> EntriesNoted:
        """Record what the host has done, and let it be followed.

        Args:
            before: the calendar as it was before this reading.
        """
        now = self.clock()
        is_watched = any(each.lives(now) for each in await uow.calendar_watches.of_calendar(before.id))
        # Without a watch it may have gone at any time since the last look.
        since = now if is_watched else _earlier(before.read_at, now)
        is_one_moved = is_one_moved_in(entries)
        missing: list[datetime] = []
        for each in entries:
            written = each.entry.written
            if written is None or each.slot.end <= now:
                continue
            remote = seen.get(written.remote.id)
            edit = edit_of(each.entry, each.slot, remote, now)
            if edit == "none" and remote is None and each.entry.missing_since and each.entry.state == "written":
                missing.append(each.entry.missing_since)
            booking = await _as_it_was(uow, each, now) if edit != "none" else None
            if booking is None:
                continue
            match edit:
                case "missing":
                    note_entry(uow, entry_missing(booking, since))
                    missing.append(since)
                case "deleted":
                    await self.apply(uow, entry_deleted(booking, now))
                case "moved" if remote is not None:
                    await self.apply(uow, entry_moved(booking, remote, now))
                    is_one_moved = True
                case _ if remote is not None:
                    note_entry(uow, entry_found(booking, remote))
                    carry_out(uow, entries_writable((booking.id,), now))
                case _:
                    pass
        return EntriesNoted(is_one_moved, min(missing) + SETTLES_WITHIN if missing else None)

    def try_stuck(
        self, uow: UnitOfWork, connection: CalendarConnection, before: Calendar, entries: tuple[BookedEntry, ...]
    ) -> None:
        """Write once more what couldn't be written, now that the calendar could be read."""
        now = self.clock()
        stuck = [each for each in entries if _is_worth_a_try(each.entry, connection, before, now)]
        carry_out(uow, entries_writable((each.booking_id for each in stuck), now))


async def entries_in(uow: UnitOfWork, calendar_id: CalendarId, now: datetime) -> tuple[BookedEntry, ...]:
    """The entries that a calendar should hold, or may hold."""
    return await uow.booking_search.in_calendars([calendar_id], now - BEFORE)


async def entries_of(
    uow: UnitOfWork, calendar_ids: Collection[CalendarId], now: datetime
) -> dict[CalendarId, tuple[BookedEntry, ...]]:
    """The same for several calendars at once."""
    held: dict[CalendarId, list[BookedEntry]] = {each: [] for each in calendar_ids}
    for each in await uow.booking_search.in_calendars(calendar_ids, now - BEFORE):
        held[each.entry.calendar_id].append(each)
    return {calendar_id: tuple(entries) for calendar_id, entries in held.items()}


def is_being_written(entries: tuple[BookedEntry, ...]) -> bool:
    """Whether the calendar may hold what isn't recorded yet."""
    return any(each.entry.state == "pending" and (each.entry.written or each.entry.tried) for each in entries)


async def invited_by(uow: UnitOfWork, host_id: HostId, now: datetime) -> frozenset[BookingId]:
    """The bookings whose invitations a host's calendars may hold, those of cancelled ones for a while too."""
    return await uow.booking_search.of_host(host_id, now - BEFORE)


def ours_in(entries: tuple[BookedEntry, ...]) -> dict[str, tuple[Slot, ...]]:
    """By which ids the calendar may know entries, and where it may hold them without any doing of the host's."""
    return {name: each.entry.places(each.slot) for each in entries for name in each.entry.names(each.booking_id)}


def slots_of(entries: tuple[BookedEntry, ...]) -> tuple[Slot, ...]:
    """Where the calendar holds entries of confirmed bookings, each at its booking's present time."""
    written = (each for each in entries if each.entry.state == "written" and each.entry.written is not None)
    return tuple(each.slot for each in written if each.entry.written and each.entry.written.remote.slot == each.slot)


def is_one_moved_in(entries: tuple[BookedEntry, ...]) -> bool:
    """Whether the host has moved one of the entries."""
    return any(each.entry.moved_to is not None for each in entries)


def _is_worth_a_try(entry: CalendarEntry, connection: CalendarConnection, before: Calendar, now: datetime) -> bool:
    if entry.state != "stuck" or entry.failed_at is None:
        return False
    is_mended = before.problem is not None or connection.connected_at > entry.failed_at
    return is_mended or now >= entry.failed_at + STUCK_FOR


def _earlier(read_at: datetime | None, now: datetime) -> datetime:
    earliest = now - SETTLES_WITHIN + NOTICED_WITHIN
    return now if read_at is None else max(read_at, earliest)


async def _as_it_was(uow: UnitOfWork, seen: BookedEntry, now: datetime) -> Booking | None:
    booking = await uow.bookings.lock(seen.booking_id)
    is_same = booking is not None and booking.entry == seen.entry and booking.slot == seen.slot
    return booking if booking is not None and is_same and booking.is_open(now) else None
