"""Cancel a booking."""

from dataclasses import dataclass

from application.actor import Actor
from application.booking.access import lock_permitted, party_of
from application.decisions import ApplyDecision
from application.people import long_text
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking import LONGEST_REASON, cancel
from domain.events import CancellationReason
from domain.ids import BookingId


@dataclass(frozen=True)
class CancelBooking:
    """Free the time, and tell both sides."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, actor: Actor, booking_id: BookingId, reason: CancellationReason) -> None:
        """Raises NotFound, Forbidden, or BookingClosed where it is cancelled already, which changes nothing."""
        async with self.begin() as uow:
            booking = await lock_permitted(uow, actor, booking_id)
            why = long_text(reason, "reason", LONGEST_REASON) if isinstance(reason, str) else reason
            self.apply(uow, cancel(booking, party_of(actor), why, self.clock()))
