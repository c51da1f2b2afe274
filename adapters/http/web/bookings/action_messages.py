"""Messages on the host's booking page after an action."""

from adapters.http.web.booking_words import Message, guest_name, meeting_stays
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import is_now
from domain.booking import Booking, ErasedGuest
from domain.conference import Failed, Pending, Ready
from domain.meeting_type import name_of


def action_message(done: str, booking: Booking, *, is_open: bool) -> Message | None:
    """The words for a short code in the address, as far as the booking bears it out."""
    guest = guest_name(booking)
    if not is_open:
        if done in {"cancelled", "followed"} and booking.status == "cancelled":
            return _cancelled(booking, guest)
        if done == "erased" and isinstance(booking.guest, ErasedGuest):
            return _fine(_("The guest’s details are erased."))
        return Message("alert", _closed(booking)) if done in _CODES else None
    match done:
        case "moved" if booking.move and booking.move.by == "host":
            return _fine(_moved(booking, guest))
        case "restored" if booking.entry and not booking.entry.is_changed:
            return _fine(_("The event is back in your calendar as it was, or will be in a moment."))
        case "followed" if booking.move and booking.move.by == "host":
            return _fine(_moved(booking, guest))
        case "retried":
            return _retried(booking)
        case "linked" if isinstance(booking.conference, Ready):
            return _fine(_linked(booking))
        case "switched":
            return _fine(joined(is_now(name_of(booking.meeting_type)), _mailing(booking, guest)))
        case "proposed":
            sentence = _("We’ll email {name} the times. The booking stays as it is until one is chosen.")
            return _fine(sentence.format(name=guest))
        case "resent":
            return _fine(_resent(booking, guest))
        case _:
            return None


_CODES = {"restored", "followed", "moved", "retried", "linked", "switched", "resent", "proposed"}


def _cancelled(booking: Booking, guest: str) -> Message:
    emailed = (
        _("The booking is cancelled. We’ve emailed everyone who was invited.")
        if booking.invited
        else _("The booking is cancelled. We’ve emailed {name}.").format(name=guest)
    )
    # What was cancelled before its first mail is never mailed about.
    quiet = _("The booking is cancelled. {name} sees it on the booking’s page. We hadn’t sent an email about it yet.")
    return _fine(joined(emailed if booking.announced else quiet.format(name=guest), meeting_stays(booking)))


def _moved(booking: Booking, guest: str) -> str:
    if booking.invited:
        return _("Rescheduled. We’ve emailed everyone who is invited.")
    return _("Rescheduled. We’ve emailed {name}.").format(name=guest)


def _linked(booking: Booking) -> str:
    if booking.invited:
        return _("Join link saved. We’ve emailed everyone who is invited, and it’s on the booking’s page.")
    return _("Join link saved. We’ve emailed you both, and it’s on the booking’s page.")


def _mailing(booking: Booking, guest: str) -> str:
    if booking.invited:
        return _("We’ll email everyone who is invited.")
    return _("We’ll email {guest}.").format(guest=guest)


def _resent(booking: Booking, guest: str) -> str:
    if booking.invited:
        return _("We’ve resent the emails to everyone who is invited and to you.")
    return _("We’ve resent the emails to {name} and to you.").format(name=guest)


def _closed(booking: Booking) -> str:
    if booking.status == "cancelled":
        return _("Nothing was changed for this booking: it is cancelled.")
    return _("Nothing was changed for this booking: it is over.")


def _retried(booking: Booking) -> Message | None:
    match booking.conference:
        case Pending():
            return _fine(_("Trying again. The link appears here as soon as it’s ready."))
        case Ready():
            return _fine(
                _("Meeting created. We’ve emailed everyone who is invited.")
                if booking.invited
                else _("Meeting created. We’ve emailed you both.")
            )
        case Failed():
            return Message("alert", _("We tried again, but it still doesn’t work."))
        case _:
            return None


def _fine(text: str) -> Message:
    return Message("status", text)
