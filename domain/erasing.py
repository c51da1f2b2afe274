"""A booking without its guest: what is left once the guest's details have to go."""

from datetime import datetime

import msgspec

from domain.booking import Booking, Cancellation, Decision, ErasedGuest, Move
from domain.errors import BookingOpen
from domain.events import (
    PARTIES,
    Cancelled,
    EraseCause,
    Event,
    GuestErased,
    MailRefused,
    ProposalRefused,
    ReminderRefused,
    Rescheduled,
)
from domain.mail_problem import without_words


def erase_guest(booking: Booking, cause: EraseCause, now: datetime) -> Decision[GuestErased]:
    """Forget who has booked, whom they brought along and what they typed.

    Nothing has happened where that is done already. When and how both were to meet stays, and so do the host's own
    words.

    Raises:
        BookingOpen: the booking is still to come.
    """
    if isinstance(booking.guest, ErasedGuest):
        return Decision(booking)
    if booking.cancellation is None and booking.slot.end > now:
        raise BookingOpen
    erased = msgspec.structs.replace(
        booking,
        guest=ErasedGuest(booking.host_timezone),
        answers=(),
        tracking={},
        additional_guests=(),
        unreached=tuple(each for each in booking.unreached if each in PARTIES),
        cancellation=_without_reason(booking.cancellation),
        move=_without_reason(booking.move),
    )
    return Decision(erased, (GuestErased(booking_id=booking.id, at=now, cause=cause),))


def without_guest(event: Event) -> Event:
    """What happened, without anything that the guest typed or that a mail server said of their address."""
    match event:
        case Cancelled(by="guest") | Rescheduled(by="guest"):
            return msgspec.structs.replace(event, reason="")
        case MailRefused(party="host"):
            return event
        case MailRefused(problem=problem) | ReminderRefused(problem=problem) | ProposalRefused(problem=problem):
            return msgspec.structs.replace(event, problem=without_words(problem))
        case _:
            return event


def _without_reason(change: Cancellation | Move | None) -> Cancellation | Move | None:
    return msgspec.structs.replace(change, reason="") if change is not None and change.by == "guest" else change
