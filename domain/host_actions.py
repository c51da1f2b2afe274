"""Actions of a host on a booking's meeting: try again, paste a link, or switch to another meeting type."""

from datetime import datetime

import msgspec

from domain.booking import Booking, Decision, changed, conference_for, reason_for, refuse_closed
from domain.conference import Failed, GivingUpAnnounced, NoConference, Pending, Ready
from domain.events import ConnectionGone, LinkAdded, LinkReplaced, MeetingRetried, MeetingSwitched, RetryCause
from domain.fallback import ChosenByHost
from domain.meeting_type import MeetingType, name_of, online_type, provider_of


def retry_meeting(booking: Booking, cause: RetryCause, now: datetime) -> Decision[MeetingRetried]:
    """Try to create the meeting again now; nothing has happened where there is none to be made.

    Nobody is told before there is something new to tell. What was given up stays so where only a connection has gone.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    refuse_closed(booking, now)
    event = MeetingRetried(booking_id=booking.id, at=now, cause=cause)
    match booking.conference, conference_for(booking.meeting_type):
        case Pending(), _:
            return Decision(booking, (event,))
        case Failed(failure), Pending() as again if not isinstance(cause, ConnectionGone):
            waiting = msgspec.structs.replace(again, announced=GivingUpAnnounced(failure))
            return Decision(msgspec.structs.replace(booking, conference=waiting), (event,))
        case _:
            return Decision(booking)


def set_join_link(booking: Booking, join_url: str, now: datetime) -> Decision[LinkAdded | LinkReplaced]:
    """Use a link that the host pasted; nothing has happened where it is used already.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    refuse_closed(booking, now)
    replaced = booking.conference if isinstance(booking.conference, Ready) else None
    if replaced is not None and replaced.join_url == join_url:
        return Decision(booking)
    linked = changed(
        booking,
        "link_replaced" if replaced else "link_added",
        now,
        **_online_as_asked_for(booking),
        conference=Ready(join_url),
        announced=True,
    )
    if replaced is None:
        return Decision(linked, (LinkAdded(booking_id=booking.id, at=now),))
    return Decision(linked, (LinkReplaced(booking_id=booking.id, at=now, instead_of=replaced),))


def switch_meeting_type(booking: Booking, to: MeetingType, now: datetime) -> Decision[MeetingSwitched]:
    """Meet in another way; nothing has happened where that is the way already.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    refuse_closed(booking, now)
    if to == booking.meeting_type:
        return Decision(booking)
    announced_before = booking.announced
    conference = conference_for(to)
    switched = changed(
        booking,
        "switched",
        now,
        meeting_type=to,
        fallback=reason_for(to, booking, ChosenByHost()),
        conference=conference,
        announced=announced_before or isinstance(conference, NoConference),
    )
    event = MeetingSwitched(
        booking_id=booking.id,
        at=now,
        to=name_of(to),
        conference=conference,
        announced_before=announced_before,
        instead_of=booking.conference if isinstance(booking.conference, Ready) else None,
    )
    return Decision(switched, (event,))


def _online_as_asked_for(booking: Booking) -> dict[str, object]:
    """With a link, a booking that fell back from online is online after all."""
    asked_for = online_type(booking.requested)
    if asked_for is None or provider_of(booking.meeting_type) is not None:
        return {}
    return {"meeting_type": asked_for, "fallback": None}
