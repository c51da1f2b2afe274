"""Try again to create the meeting of a booking that has no link."""

from dataclasses import dataclass
from datetime import datetime

from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.storage import Begin, UnitOfWork
from domain.booking import Booking
from domain.errors import NotFound
from domain.host_actions import retry_meeting
from domain.ids import BookingId, HostId
from domain.meeting_type import provider_of
from domain.provider import Provider


@dataclass(frozen=True)
class RetryMeeting:
    """Ask the provider again now, also one that has said no."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, booking_id: BookingId) -> None:
        """Try again; a booking that has its link, or needs none, stays as it is.

        Raises:
            NotFound, BookingClosed
        """
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                raise NotFound("There is no such booking.")
            decision = retry_meeting(booking, self.clock())
            self.apply(uow, decision)
            if decision.events:
                await _allow_asking(uow, booking)


async def retry_all_without_link(
    uow: UnitOfWork, apply: ApplyDecision, host_id: HostId, provider: Provider, now: datetime
) -> None:
    """Try all coming bookings again that have no link, now that the host has connected the provider again."""
    for booking_id in await uow.bookings.without_link(host_id, provider, now):
        booking = await uow.bookings.lock(booking_id)
        # It may have been cancelled or changed until it was locked.
        if booking is None or not booking.is_open(now) or provider_of(booking.meeting_type) != provider:
            continue
        apply(uow, retry_meeting(booking, now, reconnected=provider))


async def _allow_asking(uow: UnitOfWork, booking: Booking) -> None:
    provider = provider_of(booking.meeting_type)
    found = await uow.connections.lock(booking.host_id, provider) if provider else None
    if found is not None and found.tried_again() != found:
        uow.connections.save(found.tried_again())
