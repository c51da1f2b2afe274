"""Try again to create the meeting of a booking that has no link."""

from dataclasses import dataclass
from functools import partial

from application.actor import HostActor
from application.booking.access import BookingById, lock_permitted
from application.decisions import ApplyDecision, note_connection
from application.job_runner import Done, Outside, Record, recorded
from application.jobs import RetryWaitingBookingsJob
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.booking import Booking
from domain.budgets import mails_to_guest, news_of
from domain.events import ConnectionGone, HostAsked, Reconnected
from domain.host_actions import retry_meeting
from domain.ids import BookingId
from domain.meeting_type import provider_of


@dataclass(frozen=True)
class RetryMeeting:
    """Ask the provider again now, also one that has said no."""

    begin: Begin
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, actor: HostActor, booking_id: BookingId) -> None:
        """Try again; a booking that has its link, or needs none, stays as it is.

        Raises:
            NotFound, Forbidden, BookingClosed, TooManyRequests
        """
        async with self.begin() as uow:
            booking = await lock_permitted(uow, BookingById(actor, booking_id))
            decision = retry_meeting(booking, HostAsked(), self.clock())
            if not decision.events:
                return
            await self.spend.within(uow, *mails_to_guest(booking.host_id, *booking.guest_addresses))
            # So the news that this brings is counted.
            counted = (news_of(booking.id, booking.revision + 1, each) for each in ("guest", *booking.invited))
            await self.spend.fits_within(uow, *counted)
            await self.apply(uow, decision)
            await _allow_asking(uow, booking)


@dataclass(frozen=True)
class RetryWaitingBookings:
    """Decide anew on a host's coming bookings without a link once the account was connected again, or is gone.

    Each booking has a unit of work of its own: whoever holds one may wait for the connection, and whoever changes the
    connection enqueues this job.
    """

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, _uow: UnitOfWork, job: RetryWaitingBookingsJob, _attempts: int, /) -> Outside:
        return Outside(partial(self._retry, job))

    async def _retry(self, job: RetryWaitingBookingsJob) -> Record:
        # Without a connection a booking falls back by the host's order, or both sides learn where they stand.
        cause = Reconnected(job.provider) if job.connected else ConnectionGone(job.provider)
        async with self.begin() as uow:
            found = await uow.booking_search.without_link(job.host_id, job.provider, self.clock())
        for booking_id in found:
            async with self.begin() as uow:
                booking = await uow.bookings.lock(booking_id)
                # It may have been cancelled or changed until it was locked.
                if booking is None or not booking.is_open(self.clock()):
                    continue
                if provider_of(booking.meeting_type) != job.provider:
                    continue
                await self.apply(uow, retry_meeting(booking, cause, self.clock()))
        return recorded(Done())


async def _allow_asking(uow: UnitOfWork, booking: Booking) -> None:
    provider = provider_of(booking.meeting_type)
    found = await uow.connections.lock(booking.host_id, provider) if provider else None
    if found is not None and found.tried_again() != found:
        note_connection(uow, found.tried_again())
