"""What is said on a host's booking page after a button was pressed there?"""

from adapters.http.web.words import Message, in_a_sentence, zoom_keeps
from domain.booking import Booking
from domain.conference import Failed, Pending, Ready
from domain.meeting_type import name_of


def news(done: str, booking: Booking, *, is_open: bool) -> Message | None:
    """The words for a short code in the address, as far as the booking bears it out."""
    guest = booking.guest.name
    if not is_open:
        if done == "cancelled" and booking.status == "cancelled":
            keeps = f" {zoom_keeps(booking)}" if zoom_keeps(booking) else ""
            return _fine(f"The booking is cancelled, and {guest} is told by mail.{keeps}")
        closed = "it is cancelled" if booking.status == "cancelled" else "it is over"
        return Message("alert", f"Nothing was changed for this booking: {closed}.") if done in _CODES else None
    match done:
        case "moved" if booking.moved_by == "host":
            return _fine(f"The booking has its new time, and {guest} is told by mail.")
        case "retried":
            return _retried(booking)
        case "linked" if isinstance(booking.conference, Ready):
            return _fine(
                f"The join link is saved. {guest} sees it on the booking’s page and gets it by mail, as you do."
            )
        case "switched":
            how = in_a_sentence(name_of(booking.meeting_type))
            return _fine(f"It is {how} now, and {guest} is told by mail.")
        case "resent":
            return _fine(f"The mails go out once more, to {guest} and to you.")
        case _:
            return None


_CODES = {"moved", "retried", "linked", "switched", "resent"}


def _retried(booking: Booking) -> Message | None:
    match booking.conference:
        case Pending():
            return _fine("It is being tried again. The link appears here as soon as it is there.")
        case Ready():
            return _fine("The meeting was created, and both of you are told by mail.")
        case Failed():
            return Message("alert", "It was tried again, and it still doesn’t work.")
        case _:
            return None


def _fine(text: str) -> Message:
    return Message("status", text)
