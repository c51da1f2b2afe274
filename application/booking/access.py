"""Access to a booking: of its guest, its host, and TimeTuna itself."""

from typing import NamedTuple

from application.actor import Actor, GuestActor, HostActor, System
from application.ports.unit_of_work import UnitOfWork
from domain.api_token import Scope
from domain.booking import Booking
from domain.errors import NotFound
from domain.events import Party
from domain.ids import BookingId


class BookingById(NamedTuple):
    """A booking for its host, or for TimeTuna itself."""

    actor: HostActor | System
    booking_id: BookingId


BookingAccess = GuestActor | BookingById
"""Who asks for which booking: a guest's link names the one that it is for."""


def permitted(actor: HostActor | System, booking: Booking | None, scope: Scope) -> Booking:
    """Return the booking if the actor may use it.

    Raises:
        Forbidden: the host's token lacks the scope, whichever booking it is.
        NotFound: there is no such booking, or it is somebody else's.
    """
    host_id = actor.require(scope) if isinstance(actor, HostActor) else None
    if booking is None or host_id not in {None, booking.host_id}:
        raise NotFound("booking")
    # Until its guest has confirmed it, a booking is none of the host's.
    if host_id is not None and booking.status == "held":
        raise NotFound("booking")
    return booking


async def read_permitted(uow: UnitOfWork, access: BookingAccess, scope: Scope) -> Booking:
    """Read a booking. Raises Forbidden or NotFound like `permitted`."""
    if isinstance(access, GuestActor):
        return _of_link(await uow.bookings.of_guest(access.token))
    return permitted(access.actor, await uow.bookings.get(access.booking_id), scope)


async def lock_permitted(uow: UnitOfWork, access: BookingAccess) -> Booking:
    """Lock a booking for changing it, found and locked in one step, and keep the key of the submit that does.

    Raises:
        Forbidden, NotFound: like `permitted`.
        KeyTaken: at the latest at the commit.
    """
    if isinstance(access, GuestActor):
        return _of_link(await uow.bookings.lock_of_guest(access.token))
    booking = permitted(access.actor, await uow.bookings.lock(access.booking_id), "bookings:write")
    if isinstance(access.actor, HostActor) and access.actor.submit is not None:
        uow.bookings.keep(access.actor.submit, booking.id)
    return booking


def party_of(actor: Actor | BookingAccess) -> Party:
    """On whose side the actor is; what TimeTuna does is done for the host."""
    return "guest" if isinstance(actor, GuestActor) else "host"


def _of_link(booking: Booking | None) -> Booking:
    if booking is None:
        raise NotFound("booking-link")
    return booking
