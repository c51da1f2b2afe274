"""Transitions of a booking that its mails bring: accepted, refused, or wanted again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from domain.booking import Booking, Decision, ErasedGuest, refuse_closed
from domain.conference import Failed, Ready
from domain.errors import BookingClosed, HoldEnded
from domain.events import (
    ConfirmationWantedAgain,
    MailAccepted,
    MailRefused,
    MailsWantedAgain,
    Party,
    Recipient,
    ReminderAccepted,
    ReminderRefused,
)
from domain.mail_problem import MailProblem, without_words

AT_ONCE, WITHIN = 2, timedelta(seconds=60)
"""So many mails about a booking leave for one side at once; what follows within this time is told as one."""


def leaves_at(sent_at: Sequence[datetime], now: datetime) -> datetime:
    """When the next mail about a booking leaves for a side; `sent_at` is when others have left for it."""
    recent = sorted(each for each in sent_at if each > now - WITHIN)
    return now if len(recent) < AT_ONCE else recent[-AT_ONCE] + WITHIN


def is_news(booking: Booking) -> bool:
    """Whether this revision tells of what became of the meeting, rather than of what somebody has done.

    Nobody has counted its mail before it leaves: a link that came late, another way to meet, or that no link comes.
    """
    match booking.conference:
        case Ready(provider=provider):
            return booking.last_change == "link_added" and provider is not None
        case Failed():
            return True
        case _:
            return booking.last_change == "fell_back"


def mail_accepted(booking: Booking, party: Recipient, revision: int, now: datetime) -> Decision[MailAccepted]:
    """The mail server has taken a revision for this recipient, so they can be reached."""
    reached = msgspec.structs.replace(booking, unreached=tuple(each for each in booking.unreached if each != party))
    return Decision(reached, (MailAccepted(booking_id=booking.id, at=now, party=party, revision=revision),))


def mail_refused(
    booking: Booking, party: Recipient, revision: int, problem: MailProblem, now: datetime
) -> Decision[MailRefused]:
    """The mail server won't take a revision for this recipient, so the host has to know, unless they have left."""
    if isinstance(booking.guest, ErasedGuest):
        problem = without_words(problem)
    if isinstance(party, int) and party not in booking.invited:
        unreached = booking.unreached
    else:
        unreached = (*(each for each in booking.unreached if each != party), party)
    event = MailRefused(booking_id=booking.id, at=now, party=party, revision=revision, problem=problem)
    return Decision(msgspec.structs.replace(booking, unreached=unreached), (event,))


def want_mails_again(
    booking: Booking, by: Party, now: datetime
) -> Decision[MailsWantedAgain | ConfirmationWantedAgain]:
    """Mail this revision once more, to both sides for the host, to the guest alone for the guest.

    The guest of a held booking gets the link that confirms it. Nothing has happened where the first mails still wait
    for the link to the meeting.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    if booking.is_expired(now):
        raise BookingClosed(HoldEnded())
    if booking.status == "held" and by == "guest":
        return Decision(booking, (ConfirmationWantedAgain(booking_id=booking.id, at=now),))
    refuse_closed(booking, now)
    if not booking.announced:
        return Decision(booking)
    party: Party | None = "guest" if by == "guest" else None
    return Decision(booking, (MailsWantedAgain(booking_id=booking.id, at=now, revision=booking.revision, party=party),))


def reminder_accepted(booking: Booking, now: datetime, place: int | None = None) -> Decision[ReminderAccepted]:
    """The mail server has taken the reminder of the guest, or of the additional guest at a place."""
    return Decision(booking, (ReminderAccepted(booking_id=booking.id, at=now, place=place),))


def reminder_refused(
    booking: Booking, problem: MailProblem, now: datetime, place: int | None = None
) -> Decision[ReminderRefused]:
    """The guest isn't reminded, or the additional guest at a place isn't."""
    if isinstance(booking.guest, ErasedGuest):
        problem = without_words(problem)
    return Decision(booking, (ReminderRefused(booking_id=booking.id, at=now, problem=problem, place=place),))
