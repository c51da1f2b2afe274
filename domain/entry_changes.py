"""Transitions of a booking whose entry is written to a calendar, and edited there by its host."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.booking import Booking, Decision, refuse_closed
from domain.calendar_entry import (
    CalendarEntry,
    EntryContent,
    EntryStep,
    Patch,
    Put,
    RemoteEntry,
    WrittenEntry,
    next_step,
    passes,
    written,
)
from domain.calendar_problem import CalendarProblem
from domain.errors import BookingClosed, NoEntryChange
from domain.events import (
    Booked,
    BookingEvent,
    Cancelled,
    EntryDeleted,
    EntryFailed,
    EntryMoved,
    EntryRestored,
    EntryWritten,
    GuestErased,
    GuestLeft,
    LinkAdded,
    LinkReplaced,
    MeetingCreated,
    MeetingFellBack,
    MeetingGivenUp,
    MeetingSwitched,
    Rescheduled,
)
from domain.slot import Slot

SETTLES_WITHIN = timedelta(minutes=2)
"""How long an entry that is gone may be on its way to another calendar, or to be put back by an undo."""

MOST_DELETED = 5
"""So many entries that are deleted at once mean so many bookings; more of them are one question."""

MOST_FAILURES = 24
"""Of one writing in a row; the last ones are an hour apart."""

_DECIDES = Rescheduled | Cancelled
"""What the host has changed in the calendar is overtaken by these."""

_CHANGES_ENTRY = (
    Booked
    | MeetingCreated
    | MeetingGivenUp
    | MeetingFellBack
    | MeetingSwitched
    | LinkAdded
    | LinkReplaced
    | GuestErased
    | GuestLeft
    | EntryRestored
    | _DECIDES
)


def changes_entry(event: BookingEvent) -> bool:
    """Whether an entry may have to say something else after the event."""
    return isinstance(event, _CHANGES_ENTRY)


def owing_entry(booking: Booking, events: Iterable[BookingEvent]) -> Booking:
    """The booking after the events, its entry owed to the calendar where they change it."""
    entry = booking.entry
    if entry is None:
        return booking
    for event in filter(changes_entry, events):
        if isinstance(event, _DECIDES) and entry.is_changed:
            entry = _decided(entry)
        if entry.is_changed:
            continue
        owed_since = entry.owed_since if entry.state in {"pending", "stuck"} else event.at
        entry = msgspec.structs.replace(entry, state="pending", owed_since=owed_since, problem=None, failures=0)
    return msgspec.structs.replace(booking, entry=entry)


def entry_tried(booking: Booking, slot: Slot) -> Booking:
    """A request to put the entry there is about to leave."""
    return _with(booking, tried=tuple(dict.fromkeys((*_entry(booking).tried, slot))))


def entry_uid_spent(booking: Booking) -> Booking:
    """The calendar had an entry of this name that was deleted."""
    return msgspec.structs.replace(booking, entry=_entry(booking).anew())


def entry_settled(booking: Booking) -> Booking:
    """The calendar holds what it should without anything having to be done."""
    entry = _entry(booking)
    if entry.is_changed:
        return booking
    state = "written" if entry.written else "removed"
    return _with(booking, state=state, problem=None, failures=0)


def entry_written(
    booking: Booking, step: EntryStep, remote: RemoteEntry | None, wanted: EntryContent | None, now: datetime
) -> Decision[EntryWritten]:
    """The calendar has taken a step.

    Args:
        remote: what it holds now.
        wanted: what the booking's entry is to say by now, which may be more than the step has made.
    """
    entry = _entry(booking)
    match step:
        case Put(content=content) | Patch(content=content) if remote is not None:
            what = "added" if isinstance(step, Put) else "updated"
            held: WrittenEntry | None = written(_as_known(entry, step, remote), content)
        case _:
            what, held = "removed", None
    after = msgspec.structs.replace(
        entry, written=held, tried=entry.tried if held else (), problem=None, failures=0, missing_since=None
    )
    if not after.is_changed:
        is_done = next_step(booking.id, after, wanted) is None
        state = ("written" if held else "removed") if is_done else "pending"
        after = msgspec.structs.replace(after, state=state)
    event = EntryWritten(booking_id=booking.id, at=now, step=what)
    return Decision(msgspec.structs.replace(booking, entry=after), (event,))


def _as_known(entry: CalendarEntry, step: Put | Patch, remote: RemoteEntry) -> RemoteEntry:
    """Where the host has moved an entry before it got its link, the move is left to whoever compares the two times."""
    if isinstance(step, Put) or step.change.slot is not None or entry.written is None:
        return remote
    return msgspec.structs.replace(remote, slot=entry.written.remote.slot)


def entry_failed(booking: Booking, problem: CalendarProblem, now: datetime) -> Decision[EntryFailed]:
    """The calendar didn't take a step; told once for each problem, and once more when it is given up.

    Of an entry that is left behind by a cancelled booking the host hears once.
    """
    entry = _entry(booking)
    failures = entry.failures + 1
    after = msgspec.structs.replace(entry, problem=problem, failures=failures, failed_at=now)
    is_stuck = is_given_up(after)
    if not after.is_changed:
        after = msgspec.structs.replace(after, state="stuck" if is_stuck else "pending")
    is_left = (
        booking.status == "cancelled"
        and booking.slot.end > now
        and after.may_be_left
        and after.is_late(now)
        and not entry.left_notified
    )
    failed = msgspec.structs.replace(
        booking, entry=msgspec.structs.replace(after, left_notified=entry.left_notified or is_left)
    )
    if entry.problem == problem and entry.state == after.state and not is_left:
        return Decision(failed)
    event = EntryFailed(booking_id=booking.id, at=now, problem=problem, is_stuck=is_stuck, is_left=is_left)
    return Decision(failed, (event,))


def is_given_up(entry: CalendarEntry) -> bool:
    """Whether nobody writes it again before the calendar could be read."""
    return entry.problem is not None and (not passes(entry.problem) or entry.failures >= MOST_FAILURES)


HostEdit = Literal["none", "missing", "deleted", "moved", "found"]
"""What a look into the calendar says of an entry: as it was, gone for now, gone for good, elsewhere, or back again."""


def edit_of(entry: CalendarEntry, slot: Slot, remote: RemoteEntry | None, now: datetime) -> HostEdit:
    """What the host has made of an entry.

    Args:
        slot: the booking's.
        remote: what the calendar holds.
    """
    # What is owed to the calendar isn't there yet, whoever looks.
    is_known = entry.state in {"written", "deleted_in_calendar", "moved_in_calendar"}
    if entry.written is None or not (is_known or entry.missing_since):
        return "none"
    if remote is None:
        if entry.state == "deleted_in_calendar":
            return "none"
        if entry.missing_since is None:
            return "missing"
        return "deleted" if now >= entry.missing_since + SETTLES_WITHIN else "none"
    start = remote.slot.start
    if entry.is_changed and start == slot.start:
        return "found"
    if start != (entry.moved_to or entry.written.remote.slot).start:
        return "moved"
    is_back = entry.missing_since is not None or entry.state == "deleted_in_calendar"
    return "found" if is_back else "none"


def entry_missing(booking: Booking, now: datetime) -> Booking:
    """The calendar doesn't hold the entry any more; the host may undo that, or be moving it between calendars."""
    return _with(booking, missing_since=now)


def entry_found(booking: Booking, remote: RemoteEntry) -> Booking:
    """The entry is where it should be, deleted or moved as it may have been in between."""
    entry = _entry(booking)
    assert entry.written is not None
    held = msgspec.structs.replace(entry.written, remote=remote)
    state = "written" if entry.is_changed else entry.state
    return _with(booking, state=state, written=held, missing_since=None, moved_to=None, changed_at=None)


def entry_deleted(booking: Booking, now: datetime) -> Decision[EntryDeleted]:
    """The host has deleted the entry in the calendar."""
    changed = _with(booking, state="deleted_in_calendar", moved_to=None, changed_at=now)
    return Decision(changed, (EntryDeleted(booking_id=booking.id, at=now),))


def entry_moved(booking: Booking, remote: RemoteEntry, now: datetime) -> Decision[EntryMoved]:
    """The host has moved the entry in the calendar."""
    entry = _entry(booking)
    assert entry.written is not None
    held = msgspec.structs.replace(entry.written, remote=remote)
    changed = _with(
        booking, state="moved_in_calendar", written=held, missing_since=None, moved_to=remote.slot, changed_at=now
    )
    event = EntryMoved(
        booking_id=booking.id, at=now, from_start=booking.slot.start, to_start=remote.slot.start, to_end=remote.slot.end
    )
    return Decision(changed, (event,))


def leave_entry(booking: Booking) -> Booking:
    """Ignore what the host has changed in the calendar."""
    return _with(booking, changed_at=None)


def restore_entry(booking: Booking, now: datetime) -> Decision[EntryRestored]:
    """Let the calendar hold again what the booking says.

    Raises:
        BookingClosed: it is cancelled, or over, or the entry is as it should be.
    """
    entry = booking.entry
    refuse_closed(booking, now)
    if entry is None or not entry.is_changed:
        raise BookingClosed(NoEntryChange())
    event = EntryRestored(booking_id=booking.id, at=now)
    restored = msgspec.structs.replace(booking, entry=_decided(entry))
    return Decision(restored, (event,))


def _decided(entry: CalendarEntry) -> CalendarEntry:
    decided = entry.anew() if entry.state == "deleted_in_calendar" else entry
    return msgspec.structs.replace(decided, state="written", moved_to=None, missing_since=None, changed_at=None)


def _entry(booking: Booking) -> CalendarEntry:
    assert booking.entry is not None
    return booking.entry


def _with(booking: Booking, **changes: object) -> Booking:
    return msgspec.structs.replace(booking, entry=msgspec.structs.replace(_entry(booking), **changes))
