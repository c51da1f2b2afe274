"""What a booking is, and every way in which it can change."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.booking_page import Answer
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.errors import BookingClosed
from domain.events import (
    Booked,
    Cancelled,
    MeetingAttempted,
    MeetingCreated,
    MeetingDelayed,
    MeetingFellBack,
    MeetingGivenUp,
    Party,
    Rescheduled,
    WaitedLongEnough,
)
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, name_of, provider_of
from domain.slot import Slot

LINK_LIVES_FOR = timedelta(days=30)
"""Zoom keeps a scheduled meeting's link good for this long past its time."""

Change = Literal["booked", "link_added", "fell_back", "rescheduled", "cancelled"]


class Guest(msgspec.Struct, frozen=True):
    name: str
    email: str
    timezone: str
    phone: str | None = None


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A promise of time between a host and a guest.

    Attributes:
        host_timezone: the host's at the time of booking; meetings are created in it.
        requested: what the guest asked for; differs from `meeting_type` after a fallback.
        announced: mails may go out, with or without the link; from then on each change is a new revision.
        revision: the SEQUENCE of the calendar event.
        changed_at: the instant of this revision, whole seconds, strictly rising: the calendar event's DTSTAMP.
        last_change: what this revision is about.
        previous_start: where a rescheduled booking was before.
    """

    id: BookingId
    token: GuestToken
    host_id: HostId
    page_id: PageId
    event_type_id: EventTypeId
    title: str
    slot: Slot
    buffer_before: timedelta
    buffer_after: timedelta
    guest: Guest
    host_timezone: str
    requested: MeetingTypeName
    meeting_type: MeetingType
    fell_back: str | None
    conference: Conference
    answers: tuple[Answer, ...] = ()
    status: Literal["confirmed", "cancelled"] = "confirmed"
    cancel_reason: str = ""
    announced: bool = False
    revision: int = 0
    created_at: datetime
    changed_at: datetime
    last_change: Change = "booked"
    previous_start: datetime | None = None

    @property
    def occupied(self) -> Slot:
        """The host's time that nobody else can book: the meeting and its buffers."""
        return self.slot.padded(self.buffer_before, self.buffer_after)

    @property
    def waits_for_link(self) -> bool:
        return self.status == "confirmed" and isinstance(self.conference, Pending)


def conference_for(meeting_type: MeetingType) -> Conference:
    provider = provider_of(meeting_type)
    return NoConference() if provider is None else Pending(provider)


def book(
    *,
    id: BookingId,
    token: GuestToken,
    host_id: HostId,
    page_id: PageId,
    event_type_id: EventTypeId,
    title: str,
    slot: Slot,
    buffer_before: timedelta,
    buffer_after: timedelta,
    guest: Guest,
    host_timezone: str,
    requested: MeetingTypeName,
    meeting_type: MeetingType,
    why: Obstacle | None,
    answers: tuple[Answer, ...],
    now: datetime,
) -> tuple[Booking, Booked]:
    """Take the booking; where nothing has to be created online, it is announced at once."""
    conference = conference_for(meeting_type)
    booking = Booking(
        id=id,
        token=token,
        host_id=host_id,
        page_id=page_id,
        event_type_id=event_type_id,
        title=title,
        slot=slot,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
        guest=guest,
        host_timezone=host_timezone,
        requested=requested,
        meeting_type=meeting_type,
        fell_back=why.words if why else None,
        conference=conference,
        answers=answers,
        announced=isinstance(conference, NoConference),
        created_at=now,
        changed_at=now.replace(microsecond=0),
    )
    return booking, Booked(booking_id=id, at=now, conference=conference, fell_back=why)


def attempt_meeting(booking: Booking, now: datetime) -> tuple[Booking, MeetingAttempted]:
    """Note that a request to the provider is about to leave.

    An attempt that is still open belongs to a process that died: whether its request arrived is unknown.
    """
    conference = _pending(booking)
    left_behind = conference.open_attempt_at is not None
    noted = msgspec.structs.replace(conference, attempts=conference.attempts + 1, open_attempt_at=now)
    event = MeetingAttempted(booking_id=booking.id, at=now, attempt=noted.attempts, left_behind=left_behind)
    return msgspec.structs.replace(booking, conference=noted), event


def meeting_created(booking: Booking, ready: Ready, now: datetime) -> tuple[Booking, MeetingCreated]:
    """The link is there: announce it, as news or as an update of what was mailed without it."""
    _pending(booking)
    told_before = booking.announced
    changed = _revised(booking, "link_added", now) if told_before else booking
    event = MeetingCreated(
        booking_id=booking.id,
        at=now,
        meeting_id=ready.meeting_id,
        after=now - booking.created_at,
        told_before=told_before,
    )
    return msgspec.structs.replace(changed, conference=ready, announced=True), event


def meeting_delayed(
    booking: Booking, failure: Failure, next_try_at: datetime, *, left_behind: bool, now: datetime
) -> tuple[Booking, MeetingDelayed]:
    """The attempt failed for now and will be repeated."""
    conference = _pending(booking)
    waiting = msgspec.structs.replace(
        conference, open_attempt_at=None, failure=failure, unclear=conference.unclear + left_behind
    )
    event = MeetingDelayed(
        booking_id=booking.id, at=now, failure=failure, next_try_at=next_try_at, left_behind=left_behind
    )
    return msgspec.structs.replace(booking, conference=waiting), event


def meeting_fell_back(
    booking: Booking, to: MeetingType, failure: Failure, *, left_behind: bool, now: datetime
) -> tuple[Booking, MeetingFellBack]:
    """The meeting type stopped working for good; the host's next one that can be used takes its place."""
    _pending(booking)
    told_before = booking.announced
    conference = conference_for(to)
    changed = _revised(booking, "fell_back", now) if told_before else booking
    event = MeetingFellBack(
        booking_id=booking.id,
        at=now,
        to=name_of(to),
        why=failure,
        conference=conference,
        told_before=told_before,
        left_behind=left_behind,
    )
    fallen = msgspec.structs.replace(
        changed,
        meeting_type=to,
        fell_back=failure.message,
        conference=conference,
        announced=told_before or isinstance(conference, NoConference),
    )
    return fallen, event


def meeting_given_up(
    booking: Booking, failure: Failure, *, left_behind: bool, now: datetime
) -> tuple[Booking, MeetingGivenUp]:
    """No meeting will come by itself: the booking stands, and both sides are told that the host sends the link."""
    _pending(booking)
    told_before = booking.announced
    # The words of the mail change from "follows" to "the host will send it", so it is a revision of its own.
    changed = _revised(booking, booking.last_change, now) if told_before else booking
    event = MeetingGivenUp(
        booking_id=booking.id, at=now, failure=failure, told_before=told_before, left_behind=left_behind
    )
    return msgspec.structs.replace(changed, conference=Failed(failure), announced=True), event


def wait_no_longer(booking: Booking, now: datetime) -> tuple[Booking, WaitedLongEnough]:
    """Let the mails go out without the link."""
    return msgspec.structs.replace(booking, announced=True), WaitedLongEnough(booking_id=booking.id, at=now)


def cancel(booking: Booking, by: Party, reason: str, now: datetime) -> tuple[Booking, Cancelled]:
    """Free the time and tell both sides.

    Raises:
        BookingClosed: it is cancelled already, or over.
    """
    refuse_closed(booking, now)
    conference = booking.conference
    if isinstance(conference, Pending):
        conference = NoConference()
    cancelled = msgspec.structs.replace(
        _revised(booking, "cancelled", now), status="cancelled", cancel_reason=reason, conference=conference
    )
    return cancelled, Cancelled(booking_id=booking.id, at=now, by=by, reason=reason)


def reschedule(booking: Booking, slot: Slot, by: Party, now: datetime) -> tuple[Booking, Rescheduled]:
    """Move the booking; its link is kept for as long as the provider keeps it good, else a new one is made.

    Raises:
        BookingClosed: it is cancelled, or over.
    """
    refuse_closed(booking, now)
    conference = booking.conference
    match conference:
        case Ready(provider=str()) if slot.start > booking.slot.end + LINK_LIVES_FOR:
            conference = conference_for(booking.meeting_type)
        case Failed():
            conference = conference_for(booking.meeting_type)
        case _:
            pass
    moved = _revised(booking, "rescheduled", now) if booking.announced else booking
    moved = msgspec.structs.replace(moved, slot=slot, previous_start=booking.slot.start, conference=conference)
    event = Rescheduled(
        booking_id=booking.id,
        at=now,
        by=by,
        from_start=booking.slot.start,
        to_start=slot.start,
        conference=conference,
        told_before=booking.announced,
    )
    return moved, event


def refuse_closed(booking: Booking, now: datetime) -> None:
    """Let only a booking through that can still be changed.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    if booking.status == "cancelled":
        raise BookingClosed("This booking is already cancelled. You can book another time.")
    if booking.slot.end <= now:
        raise BookingClosed("This booking is in the past. You can book another time.")


def _pending(booking: Booking) -> Pending:
    if not booking.waits_for_link or not isinstance(booking.conference, Pending):
        raise BookingClosed("This booking no longer waits for a link.")
    return booking.conference


def _revised(booking: Booking, change: Change, now: datetime) -> Booking:
    stamp = max(now.replace(microsecond=0), booking.changed_at + timedelta(seconds=1))
    return msgspec.structs.replace(booking, revision=booking.revision + 1, changed_at=stamp, last_change=change)
