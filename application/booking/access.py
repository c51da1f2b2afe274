"""Who may see and change a booking: its guest, its host, and TimeTuna itself."""

from secrets import compare_digest

from application.actor import Actor, GuestActor, HostActor, Scope, System
from application.ports.storage import UnitOfWork
from domain.booking import Booking
from domain.errors import NotFound
from domain.events import Party
from domain.ids import BookingId


def permitted(actor: Actor, booking: Booking | None, scope: Scope) -> Booking:
    """Return the booking if the actor may use it.

    Raises:
        Forbidden: the host's token lacks the scope, whichever booking it is.
        NotFound: there is no such booking, or it is somebody else's.
    """
    match actor:
        case GuestActor(token):
            is_theirs = booking is not None and compare_digest(token.encode(), booking.token.encode())
        case HostActor():
            host_id = actor.require(scope)
            is_theirs = booking is not None and booking.host_id == host_id
        case System():
            is_theirs = True
    if booking is None or not is_theirs:
        raise NotFound("booking")
    return booking


async def lock_permitted(uow: UnitOfWork, actor: Actor, booking_id: BookingId) -> Booking:
    """Lock a booking for changing it. Raises Forbidden or NotFound like `permitted`."""
    return permitted(actor, await uow.bookings.lock(booking_id), "bookings:write")


def party_of(actor: Actor) -> Party:
    """On whose side the actor is; what TimeTuna does is done for the host."""
    return "guest" if isinstance(actor, GuestActor) else "host"
