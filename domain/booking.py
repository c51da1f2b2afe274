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
    MeetingUnused,
    Party,
    Rescheduled,
    WaitedLongEnough,
)
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, name_of, provider_of
from domain.slot import Slot

LINK_LIVES_FOR = timedelta(days=30)
"""Zoom keeps a scheduled meeting's link good for this long past its time."""

Change = Literal["booked", "link_added", "link_replaced", "fell_back", "switched", "rescheduled", "cancelled"]


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
        moved_by: who moved it last, and `move_reason` why.
        remind_before: how long before its start the guest is reminded.
        unreached: whom the mail server takes no mail for.
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
    cancelled_by: Party | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    announced: bool = False
    revision: int = 0
    created_at: datetime
    changed_at: datetime
    last_change: Change = "booked"
    previous_start: datetime | None = None
    moved_by: Party | None = None
    move_reason: str = ""
    remind_before: timedelta | None = None
    unreached: tuple[Party, ...] = ()

    @property
    def occupied(self) -> Slot:
        """The host's time that nobody else can book: the meeting and its buffers."""
        return self.slot.padded(self.buffer_before, self.buffer_after)

    @property
    def waits_for_link(self) -> bool:
        return self.status == "confirmed" and isinstance(self.conference, Pending)

    def waits_as(self, asked: "Booking") -> bool:
        """Whether it still waits for what was asked for, and not for another provider's meeting by now."""
        mine, theirs = self.conference, asked.conference
        return self.waits_for_link and (
            isinstance(mine, Pending) and isinstance(theirs, Pending) and mine.provider == theirs.provider
        )

    def reaches(self, made_for: datetime) -> bool:
        """Whether the link of a meeting that was made for an earlier time is still good at this one."""
        return self.slot.start <= made_for + LINK_LIVES_FOR

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be changed."""
        return self.status == "confirmed" and self.slot.end > now

    def wants_reminder(self, now: datetime) -> bool:
        """Whether it is time to remind the guest, and not too late."""
        return self.status == "confirmed" and self.remind_at is not None and self.remind_at <= now < self.slot.start

    @property
    def remind_at(self) -> datetime | None:
        return None if self.remind_before is None else self.slot.start - self.remind_before


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
    remind_before: timedelta | None = None,
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
        remind_before=remind_before,
    )
    event = Booked(booking_id=id, at=now, conference=conference, fell_back=why, remind_at=_reminder_ahead(booking, now))
    return booking, event


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
    changed = revised(booking, "link_added", now) if told_before else booking
    event = MeetingCreated(
        booking_id=booking.id,
        at=now,
        meeting_id=ready.meeting_id,
        after=now - booking.created_at,
        told_before=told_before,
    )
    return msgspec.structs.replace(changed, conference=ready, announced=True), event


def meeting_unused(booking: Booking, meeting_id: str, now: datetime) -> tuple[Booking, MeetingUnused]:
    """The answer is there, but its link wouldn't last until the time that the booking was moved to meanwhile."""
    answered = msgspec.structs.replace(_pending(booking), open_attempt_at=None)
    event = MeetingUnused(booking_id=booking.id, at=now, meeting_id=meeting_id)
    return msgspec.structs.replace(booking, conference=answered), event


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
    provider = _pending(booking).provider
    told_before = booking.announced
    conference = conference_for(to)
    changed = revised(booking, "fell_back", now) if told_before else booking
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
        # Both sides read this; what the host can do about it stays on the timeline.
        fell_back=failure.for_guest(provider),
        conference=conference,
        announced=told_before or isinstance(conference, NoConference),
    )
    return fallen, event


def meeting_given_up(
    booking: Booking, failure: Failure, *, left_behind: bool, now: datetime
) -> tuple[Booking, MeetingGivenUp]:
    """No meeting will come by itself: the booking stands, and both sides are told that the host sends the link."""
    conference = _pending(booking)
    told_before = booking.announced
    # The words of the mail change from "follows" to "the host will send it", so it is a revision of its own, unless
    # both sides were told exactly that before.
    is_news = not (conference.told_given_up and conference.told == failure)
    changed = revised(booking, booking.last_change, now) if told_before and is_news else booking
    event = MeetingGivenUp(
        booking_id=booking.id, at=now, failure=failure, told_before=told_before, left_behind=left_behind
    )
    return msgspec.structs.replace(changed, conference=Failed(failure), announced=True), event


def wait_no_longer(booking: Booking, now: datetime) -> tuple[Booking, WaitedLongEnough]:
    """Let the mails go out without the link."""
    conference = _pending(booking)
    told = msgspec.structs.replace(conference, told=conference.failure)
    waited = msgspec.structs.replace(booking, conference=told, announced=True)
    return waited, WaitedLongEnough(booking_id=booking.id, at=now)


def as_told(booking: Booking) -> Booking:
    """The booking as this revision's mails tell it: what another attempt has brought since is no news yet.

    So a revision that is mailed once more is the same mail.
    """
    match booking.conference:
        case Pending(told_given_up=True, told=Failure() as failure):
            return msgspec.structs.replace(booking, conference=Failed(failure))
        case Pending() as waiting:
            told = msgspec.structs.replace(waiting, failure=waiting.told)
            return msgspec.structs.replace(booking, conference=told)
        case _:
            return booking


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
        revised(booking, "cancelled", now),
        status="cancelled",
        cancelled_by=by,
        cancelled_at=now,
        cancel_reason=reason,
        conference=conference,
    )
    return cancelled, Cancelled(booking_id=booking.id, at=now, by=by, reason=reason, conference=booking.conference)


def reschedule(booking: Booking, slot: Slot, by: Party, now: datetime, reason: str = "") -> tuple[Booking, Rescheduled]:
    """Move the booking; its link is kept for as long as the provider keeps it good, else a new one is made.

    Raises:
        BookingClosed: it is cancelled, or over.
    """
    refuse_closed(booking, now)
    moved = revised(booking, "rescheduled", now) if booking.announced else booking
    moved = msgspec.structs.replace(
        moved, slot=slot, previous_start=booking.slot.start, moved_by=by, move_reason=reason
    )
    instead_of: Ready | None = None
    conference = booking.conference
    match conference:
        case Ready(provider=str()) as link if not moved.reaches(link.made_for or booking.slot.end):
            instead_of, conference = link, conference_for(booking.meeting_type)
        case Failed():
            conference = conference_for(booking.meeting_type)
        case Pending() as waiting:
            conference = msgspec.structs.replace(waiting, told=waiting.failure, told_given_up=False)
        case _:
            pass
    moved = msgspec.structs.replace(moved, conference=conference)
    event = Rescheduled(
        booking_id=booking.id,
        at=now,
        by=by,
        reason=reason,
        from_start=booking.slot.start,
        to_start=slot.start,
        conference=conference,
        instead_of=instead_of,
        told_before=booking.announced,
        remind_at=_reminder_ahead(moved, now),
    )
    return moved, event


def lies_at(booking: Booking, start: datetime) -> bool:
    """Whether moving the booking there would change nothing."""
    return booking.slot.start == start


def mail_reached(booking: Booking, party: Party) -> Booking:
    """The mail server takes mail for this side again."""
    return msgspec.structs.replace(booking, unreached=tuple(each for each in booking.unreached if each != party))


def mail_refused(booking: Booking, party: Party) -> Booking:
    """The mail server won't take mail for this side, so the host has to know."""
    return msgspec.structs.replace(booking, unreached=(*mail_reached(booking, party).unreached, party))


def refuse_closed(booking: Booking, now: datetime) -> None:
    """Let only a booking through that can still be changed.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    if booking.status == "cancelled":
        when = f" on {booking.cancelled_at:%Y-%m-%d at %H:%M} UTC" if booking.cancelled_at else ""
        who = f" by the {booking.cancelled_by}" if booking.cancelled_by else ""
        raise BookingClosed(f"This booking was already cancelled{when}{who}. You can book again.")
    if booking.slot.end <= now:
        raise BookingClosed("This booking is in the past. You can book again.")


def revised(booking: Booking, change: Change, now: datetime) -> Booking:
    """Begin the next revision, with a stamp of its own."""
    stamp = max(now.replace(microsecond=0), booking.changed_at + timedelta(seconds=1))
    return msgspec.structs.replace(booking, revision=booking.revision + 1, changed_at=stamp, last_change=change)


def _pending(booking: Booking) -> Pending:
    if not booking.waits_for_link or not isinstance(booking.conference, Pending):
        raise BookingClosed("This booking no longer waits for a link.")
    return booking.conference


def _reminder_ahead(booking: Booking, now: datetime) -> datetime | None:
    """When the guest is reminded; whoever books later than that has it in mind anyway."""
    at = booking.remind_at
    return at if at is not None and at > now else None
