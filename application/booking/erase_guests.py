"""Erase guests' details: when a host asks for it, and once a booking is older than this server keeps them."""

from dataclasses import dataclass
from datetime import timedelta

from application.actor import HostActor, System
from application.booking.access import BookingById, lock_permitted
from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.webhooks import WebhookBodies
from domain.booking import Booking
from domain.erasing import erase_guest
from domain.events import EraseCause
from domain.ids import BookingId
from domain.security_events import GuestDetailsErased

AT_ONCE = 100


@dataclass(frozen=True)
class EraseGuest:
    """Erase what a past or cancelled booking knows of its guest."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision
    bodies: WebhookBodies

    async def __call__(self, actor: HostActor, booking_id: BookingId) -> None:
        """Erase it, once however often it is asked for; mails about the booking that are still owed aren't sent.

        Raises:
            NotFound, Forbidden
            BookingOpen: the booking is still to come.
        """
        now = self.clock()
        async with self.begin() as uow:
            booking = await lock_permitted(uow, BookingById(actor, booking_id))
            if await self.erase(uow, booking, "host_asked"):
                event = GuestDetailsErased(host_id=booking.host_id, at=now, origin=actor.origin)
                uow.security_log.record(event)

    async def erase(self, uow: UnitOfWork, booking: Booking, cause: EraseCause) -> bool:
        """Do so for a locked booking, and tell whether there was anything to erase. Raises BookingOpen."""
        decision = erase_guest(booking, cause, self.clock())
        if decision.events:
            await uow.bookings.forget_guest(booking.id)
            await uow.webhook_events.forget_guest(booking.id, self.bodies.without_guest)
            await self.apply(uow, decision)
        return bool(decision.events)


@dataclass(frozen=True)
class EraseOldGuests:
    """Erase the guests of all bookings that ended `retention` ago; without one they are kept.

    Each booking has a unit of its own: one that is stopped in between goes on where it was, and several at once do the
    same work twice at worst.
    """

    begin: Begin
    erase_guest: EraseGuest
    clock: Clock
    retention: timedelta | None

    async def __call__(self, _system: System) -> int:
        """Erase all that are due, and tell how many that were."""
        if self.retention is None:
            return 0
        ended_before, erased = self.clock() - self.retention, 0
        while True:
            async with self.begin() as uow:
                due = await uow.booking_search.with_old_guests(ended_before, AT_ONCE)
            for booking_id in due:
                erased += await self._erase(booking_id)
            if len(due) < AT_ONCE:
                return erased

    async def _erase(self, booking_id: BookingId) -> bool:
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            # Somebody else may have been faster, or have deleted the account.
            return booking is not None and await self.erase_guest.erase(uow, booking, "retention")
