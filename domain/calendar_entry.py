"""The entry that a booking has in its host's calendar: what it says, and how that becomes what the calendar holds."""

import hashlib
from base64 import b32hexencode
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
)
from domain.ids import BookingId, CalendarId
from domain.slot import Slot

EntryState = Literal["pending", "written", "removed", "stuck", "deleted_in_calendar", "moved_in_calendar"]
"""Owed to the calendar; there as it should be; gone as it should be; owed, and nothing will come of it unless somebody
acts; and what the host has done to it in the calendar, undecided.
"""

LATE_AFTER = timedelta(minutes=10)
"""When a host who looks into the calendar has to be told that it isn't up to date."""

EntryField = Literal["title", "location", "description"]

_PASSING = ServerUnreachable | ServerTooSlow | ServerBusy | ServerRefused


class EntryContent(msgspec.Struct, frozen=True):
    """What an entry says; everything else about it is the host's own."""

    slot: Slot
    title: str
    location: str
    description: str


class EntryChange(msgspec.Struct, frozen=True):
    """What is to be changed about an entry; None leaves it as the calendar has it."""

    slot: Slot | None = None
    title: str | None = None
    location: str | None = None
    description: str | None = None


class RemoteEntry(msgspec.Struct, frozen=True):
    """An entry as its calendar holds it.

    Attributes:
        id: the calendar's own name for it.
        revision: another one after each change, whoever makes it.
        link: opens it in the provider's calendar.
    """

    id: str
    revision: str
    slot: Slot
    link: str | None = None


class WrittenEntry(msgspec.Struct, frozen=True):
    """What the calendar holds, as far as it is known; of its texts only digests are kept."""

    remote: RemoteEntry
    digests: dict[EntryField, str]


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The entry of one booking.

    Attributes:
        calendar_id: where its page wrote to when it was booked; it stays there.
        owed_since: when it became other than it should be.
        generation: rises each time that a new entry takes the place of one that was deleted.
        tried: where requests for this generation may have put it, so that there may be an entry that isn't known.
        problem: why it isn't as it should be.
        failures: of writing it, since it was last written; the last of them was at `failed_at`.
        missing_since: when it was first found to be gone.
        moved_to: where the host has moved it to.
        changed_at: when the host's change was taken for one; None once the host's page has said to do nothing about it.
        left_notified: the host knows that it is still there although the booking was cancelled.
    """

    calendar_id: CalendarId
    owed_since: datetime
    state: EntryState = "pending"
    generation: int = 0
    tried: tuple[Slot, ...] = ()
    written: WrittenEntry | None = None
    problem: CalendarProblem | None = None
    failures: int = 0
    failed_at: datetime | None = None
    missing_since: datetime | None = None
    moved_to: Slot | None = None
    changed_at: datetime | None = None
    left_notified: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether the calendar holds it otherwise than the booking, because the host wants it so."""
        return self.state in {"deleted_in_calendar", "moved_in_calendar"}

    @property
    def is_held(self) -> bool:
        """Whether its calendar holds it, as far as it is known."""
        return self.written is not None and self.state != "deleted_in_calendar"

    @property
    def is_undecided(self) -> bool:
        """Whether the host still has to say what that means."""
        return self.is_changed and self.changed_at is not None

    @property
    def needs_host(self) -> bool:
        """Whether nothing goes on by itself."""
        return self.state == "stuck" or self.is_undecided

    @property
    def may_be_left(self) -> bool:
        """Whether its calendar may hold it."""
        is_gone = isinstance(self.problem, CalendarGone)
        return not is_gone and (self.is_held or (self.written is None and bool(self.tried)))

    def is_late(self, now: datetime) -> bool:
        """Whether the host should hear that the calendar isn't as it should be."""
        return self.state == "stuck" or (self.state == "pending" and now >= self.owed_since + LATE_AFTER)

    def names(self, booking_id: BookingId) -> frozenset[str]:
        """The ids by which its calendar may know it."""
        return frozenset({self.uid(booking_id), *((self.written.remote.id,) if self.written else ())})

    def places(self, slot: Slot) -> tuple[Slot, ...]:
        """Where its calendar may hold it without any doing of the host's.

        Args:
            slot: the booking's.
        """
        if self.moved_to is not None:
            return (slot,)
        put = self.tried if self.written is None else (self.written.remote.slot,)
        return tuple(dict.fromkeys((slot, *put)))

    def uid(self, booking_id: BookingId) -> str:
        """Its name for the calendar: the same at every try, and good everywhere.

        Source: Google Calendar API, Events: insert: ids have the characters of base32hex, in lower case.
        """
        key = f"{booking_id}/{self.calendar_id}/{self.generation}"
        return "tt" + b32hexencode(hashlib.sha256(key.encode()).digest()).decode().rstrip("=").lower()

    def anew(self) -> "CalendarEntry":
        """The next generation, of which nothing is known to the calendar."""
        return msgspec.structs.replace(self, generation=self.generation + 1, tried=(), written=None, missing_since=None)


class Put(msgspec.Struct, frozen=True):
    """Create the entry; where there is one of that name already, make it this one.

    Attributes:
        tried: where earlier requests may have put it.
    """

    uid: str
    content: EntryContent
    tried: tuple[Slot, ...] = ()


class Patch(msgspec.Struct, frozen=True):
    """Change these fields of the entry, and nothing else."""

    remote_id: str
    change: EntryChange
    content: EntryContent


class Remove(msgspec.Struct, frozen=True):
    """Delete the entry; where its id isn't known, the one that may exist under that name where it was `tried`."""

    uid: str
    remote_id: str | None
    tried: tuple[Slot, ...] = ()


EntryStep = Put | Patch | Remove


def next_step(booking_id: BookingId, entry: CalendarEntry, wanted: EntryContent | None) -> EntryStep | None:
    """What makes the calendar hold what it should; None where it does already, or the host has yet to decide.

    Args:
        wanted: what the entry is to say; None where there is to be none.
    """
    uid, written = entry.uid(booking_id), entry.written
    if wanted is None:
        if entry.state == "deleted_in_calendar" or (written is None and not entry.tried):
            return None
        return Remove(uid, written.remote.id if written else None, entry.tried)
    if entry.state == "deleted_in_calendar":
        return None
    if written is None:
        return Put(uid, wanted, entry.tried)
    change = _change(entry, written, wanted)
    return None if change == EntryChange() else Patch(written.remote.id, change, wanted)


def written(remote: RemoteEntry, content: EntryContent) -> WrittenEntry:
    """What is kept of an entry that the calendar has taken."""
    return WrittenEntry(remote, _digests(content))


def passes(problem: CalendarProblem) -> bool:
    """Whether the same request may succeed later, although nobody does anything."""
    return isinstance(problem, _PASSING)


def entry_title(guest: str | None, event_type: str) -> str:
    """The name of an entry; once the guest is forgotten only the event type's is left."""
    return f"{guest} – {event_type}" if guest else event_type


def _change(entry: CalendarEntry, written: WrittenEntry, wanted: EntryContent) -> EntryChange:
    fresh = _digests(wanted)
    return EntryChange(
        # Where the host has moved it, it stays there until that is decided.
        slot=None if entry.moved_to or wanted.slot == written.remote.slot else wanted.slot,
        title=wanted.title if fresh["title"] != written.digests["title"] else None,
        location=wanted.location if fresh["location"] != written.digests["location"] else None,
        description=wanted.description if fresh["description"] != written.digests["description"] else None,
    )


def _digests(content: EntryContent) -> dict[EntryField, str]:
    return {
        "title": _digest(content.title),
        "location": _digest(content.location),
        "description": _digest(content.description),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
