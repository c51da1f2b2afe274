"""An additional guest leaves a meeting."""

from datetime import datetime

import msgspec

from domain.booking import Booking, Decision, refuse_closed
from domain.events import GuestLeft


def leave(booking: Booking, place: int, now: datetime) -> Decision[GuestLeft]:
    """Let the additional guest at this place out; nothing has happened where they have left before.

    For everybody else the meeting stays as it is, so it is no new revision.

    Raises:
        BookingClosed: the booking is cancelled, or over.
    """
    guests = booking.additional_guests
    if guests[place].left_at is not None:
        return Decision(booking)
    refuse_closed(booking, now)
    gone = msgspec.structs.replace(guests[place], left_at=now)
    left = msgspec.structs.replace(
        booking,
        additional_guests=(*guests[:place], gone, *guests[place + 1 :]),
        unreached=tuple(each for each in booking.unreached if each != place),
    )
    return Decision(left, (GuestLeft(booking_id=booking.id, at=now, place=place),))
