"""Transitions of a booking while its meeting is being created."""

from datetime import datetime

import msgspec

from domain.booking import Booking, Decision, changed, conference_for, reason_for
from domain.conference import (
    DelayAnnounced,
    Failed,
    Failure,
    GivingUpAnnounced,
    NoConference,
    Pending,
    Ready,
    delay_announced,
)
from domain.errors import BookingClosed, NoLinkAwaited
from domain.events import (
    MeetingAttempted,
    MeetingCreated,
    MeetingDelayed,
    MeetingFellBack,
    MeetingGivenUp,
    MeetingUnused,
    WaitedLongEnough,
)
from domain.fallback import MeetingFailed
from domain.meeting_type import MeetingType, name_of


def attempt_meeting(booking: Booking, now: datetime, *, repeatable: bool = False) -> Decision[MeetingAttempted]:
    """Note that a request to the provider is about to leave.

    An attempt that is still open belongs to a process that died: whether its request arrived is unknown. Where it is
    `repeatable`, this one finds the meeting that the other may have made.
    """
    conference = _pending(booking)
    died = conference.open_attempt_at is not None
    noted = msgspec.structs.replace(
        conference,
        attempts=conference.attempts + 1,
        unclear=conference.unclear + (died and repeatable),
        open_attempt_at=now,
    )
    left_behind = died and not repeatable
    event = MeetingAttempted(booking_id=booking.id, at=now, attempt=noted.attempts, left_behind=left_behind)
    return Decision(msgspec.structs.replace(booking, conference=noted), (event,))


def meeting_created(booking: Booking, ready: Ready, now: datetime) -> Decision[MeetingCreated]:
    """The link is there: announce it, as news or as an update of what was mailed without it."""
    _pending(booking)
    announced_before = booking.announced
    event = MeetingCreated(
        booking_id=booking.id,
        at=now,
        meeting_id=ready.meeting_id,
        after=now - booking.created_at,
        announced_before=announced_before,
    )
    return Decision(changed(booking, "link_added", now, conference=ready, announced=True), (event,))


def meeting_unwanted(booking: Booking, meeting_id: str, now: datetime) -> Decision[MeetingUnused]:
    """The answer is there, but the booking no longer waits for it."""
    return Decision(booking, (MeetingUnused(booking_id=booking.id, at=now, meeting_id=meeting_id),))


def meeting_unused(booking: Booking, meeting_id: str, now: datetime) -> Decision[MeetingUnused]:
    """The answer is there, but its link wouldn't last until the time that the booking was moved to meanwhile."""
    answered = msgspec.structs.replace(_pending(booking), open_attempt_at=None)
    event = MeetingUnused(booking_id=booking.id, at=now, meeting_id=meeting_id)
    return Decision(msgspec.structs.replace(booking, conference=answered), (event,))


def meeting_delayed(
    booking: Booking,
    failure: Failure,
    next_try_at: datetime,
    *,
    left_behind: bool,
    now: datetime,
    repeatable: bool = False,
) -> Decision[MeetingDelayed]:
    """The attempt failed for now and will be repeated; where it is `repeatable`, that leaves no meeting behind."""
    conference = _pending(booking)
    waiting = msgspec.structs.replace(
        conference, open_attempt_at=None, failure=failure, unclear=conference.unclear + left_behind
    )
    event = MeetingDelayed(
        booking_id=booking.id,
        at=now,
        failure=failure,
        next_try_at=next_try_at,
        left_behind=left_behind and not repeatable,
    )
    return Decision(msgspec.structs.replace(booking, conference=waiting), (event,))


def meeting_fell_back(
    booking: Booking, to: MeetingType, failure: Failure, *, left_behind: bool, now: datetime
) -> Decision[MeetingFellBack]:
    """The meeting type stopped working for good; the host's next one that can be used takes its place."""
    _pending(booking)
    announced_before = booking.announced
    conference = conference_for(to)
    event = MeetingFellBack(
        booking_id=booking.id,
        at=now,
        to=name_of(to),
        why=failure,
        conference=conference,
        announced_before=announced_before,
        left_behind=left_behind,
    )
    fallen = changed(
        booking,
        "fell_back",
        now,
        meeting_type=to,
        fallback=reason_for(to, booking, MeetingFailed(failure)),
        conference=conference,
        announced=announced_before or isinstance(conference, NoConference),
    )
    return Decision(fallen, (event,))


def meeting_given_up(
    booking: Booking, failure: Failure, *, left_behind: bool, now: datetime
) -> Decision[MeetingGivenUp]:
    """No meeting will come by itself: the booking stands, and both sides are told that the host sends the link."""
    conference = _pending(booking)
    announced_before = booking.announced
    # The words of the mail change from "follows" to "the host will send it", so it is a revision of its own, unless
    # both sides were told exactly that before.
    is_news = conference.announced != GivingUpAnnounced(failure)
    given_up = changed(booking, booking.last_change, now) if is_news else booking
    event = MeetingGivenUp(
        booking_id=booking.id, at=now, failure=failure, announced_before=announced_before, left_behind=left_behind
    )
    return Decision(msgspec.structs.replace(given_up, conference=Failed(failure), announced=True), (event,))


def wait_no_longer(booking: Booking, now: datetime) -> Decision[WaitedLongEnough]:
    """Let the mails go out without the link."""
    conference = _pending(booking)
    waiting = msgspec.structs.replace(conference, announced=delay_announced(conference))
    waited = msgspec.structs.replace(booking, conference=waiting, announced=True)
    return Decision(waited, (WaitedLongEnough(booking_id=booking.id, at=now),))


def as_announced(booking: Booking) -> Booking:
    """The booking as this revision's mails tell it: what another attempt has brought since is no news yet.

    So a revision that is mailed once more is the same mail.
    """
    match booking.conference:
        case Pending(announced=GivingUpAnnounced(failure)):
            return msgspec.structs.replace(booking, conference=Failed(failure))
        case Pending(announced=DelayAnnounced() | None as announced) as waiting:
            announced_failure = announced.failure if announced else None
            conference = msgspec.structs.replace(waiting, failure=announced_failure)
            return msgspec.structs.replace(booking, conference=conference)
        case _:
            return booking


def _pending(booking: Booking) -> Pending:
    if not booking.waits_for_link or not isinstance(booking.conference, Pending):
        raise BookingClosed(NoLinkAwaited())
    return booking.conference
