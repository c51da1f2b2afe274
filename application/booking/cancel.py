"""Cancel a booking."""

from dataclasses import dataclass

from application.booking.access import BookingAccess, lock_permitted, party_of
from application.decisions import ApplyDecision
from application.people import long_text
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking import LONGEST_REASON, cancel
from domain.events import CancellationReason


@dataclass(frozen=True)
class CancelBooking:
    """Free the time, and tell both sides."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, access: BookingAccess, reason: CancellationReason) -> None:
        """Raises NotFound, Forbidden, or BookingClosed where it is cancelled already, which changes nothing."""
        async with self.begin() as uow:
            booking = await lock_permitted(uow, access)
            why = long_text(reason, "reason", LONGEST_REASON) if isinstance(reason, str) else reason
            self.apply(uow, cancel(booking, party_of(access), why, self.clock()))
