"""Other times that a host proposes for a booking, and how long its guest can take one of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from domain.booking import Booking, Decision, ErasedGuest, lies_at, refuse_closed
from domain.errors import InvalidInput
from domain.events import BookingEvent, Cancelled, ProposalAccepted, ProposalRefused, Rescheduled, TimesProposed
from domain.faults import Repeated, Required, TooMany, Unchanged
from domain.limits import check_text
from domain.mail_problem import MailProblem, without_words

MOST_PROPOSED = 5
LONGEST_NOTE = 500
OPEN_FOR = timedelta(days=7)
"""How long a proposal can be taken, unless the booking is moved or cancelled before."""


def propose(booking: Booking, starts: Sequence[datetime], note: str, now: datetime) -> Decision[TimesProposed]:
    """Offer the guest other times; the booking keeps its own until the guest takes one.

    Raises:
        BookingClosed: the booking is cancelled, or over.
        InvalidInput: there is no time, too many of them, one of them twice, or the booking's own.
    """
    refuse_closed(booking, now)
    if not starts:
        raise InvalidInput.at("starts", Required())
    if len(starts) > MOST_PROPOSED:
        raise InvalidInput.at("starts", TooMany(MOST_PROPOSED))
    if len(set(starts)) < len(starts):
        raise InvalidInput.at("starts", Repeated())
    if any(lies_at(booking, each) for each in starts):
        raise InvalidInput.at("starts", Unchanged())
    check_text(note, LONGEST_NOTE, "note", required=False)
    return Decision(booking, (TimesProposed(booking_id=booking.id, at=now, starts=tuple(sorted(starts)), note=note),))


def open_proposals(timeline: Iterable[BookingEvent], now: datetime) -> tuple[TimesProposed, ...]:
    """The proposals that can still be taken, the last one first; `timeline` is what happened, in order."""
    found: list[TimesProposed] = []
    for event in timeline:
        match event:
            case TimesProposed() if now < event.at + OPEN_FOR:
                found.append(event)
            case Rescheduled() | Cancelled():
                found.clear()
            case _:
                pass
    return tuple(reversed(found))


def proposal_accepted(booking: Booking, now: datetime) -> Decision[ProposalAccepted]:
    """The mail server has taken the mail with the proposed times."""
    return Decision(booking, (ProposalAccepted(booking_id=booking.id, at=now),))


def proposal_refused(booking: Booking, problem: MailProblem, now: datetime) -> Decision[ProposalRefused]:
    """The guest doesn't learn of the proposed times."""
    if isinstance(booking.guest, ErasedGuest):
        problem = without_words(problem)
    return Decision(booking, (ProposalRefused(booking_id=booking.id, at=now, problem=problem),))
