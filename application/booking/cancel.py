"""Cancel a booking."""

from dataclasses import dataclass

from application.actor import GuestActor
from application.booking.access import BookingAccess, lock_permitted, party_of
from application.decisions import ApplyDecision
from application.people import long_text
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking import LONGEST_REASON, Booking, cancel, release
from domain.events import CancellationReason


@dataclass(frozen=True)
class CancelBooking:
    """Free the time, and tell both sides."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, access: BookingAccess, reason: CancellationReason) -> Booking:
        """Return the booking as it is from now on; one that was only held is gone, and nobody hears of it.

        Raises:
            NotFound, Forbidden
            BookingClosed: it is cancelled already, which changes nothing.
        """
        async with self.begin() as uow:
            booking = await lock_permitted(uow, access)
            why = long_text(reason, "reason", LONGEST_REASON) if isinstance(reason, str) else reason
            if booking.status == "held":
                return self._release(uow, booking)
            decision = cancel(booking, party_of(access), why, self.clock())
            await self.apply(uow, decision)
        return decision.booking

    async def release(self, guest: GuestActor) -> None:
        """Give back a time that is only held; what is confirmed stays. Raises NotFound."""
        async with self.begin() as uow:
            booking = await lock_permitted(uow, guest)
            if booking.status == "held":
                self._release(uow, booking)

    def _release(self, uow: UnitOfWork, booking: Booking) -> Booking:
        uow.bookings.remove(booking.id)
        return release(booking, self.clock())
