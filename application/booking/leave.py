"""Additional guests leave a meeting, by the link in their mails."""

from dataclasses import dataclass
from functools import partial

import msgspec

from application.decisions import ApplyDecision
from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, recorded
from application.jobs import TellGuestLeftJob
from application.ports.booking_views import BookingView
from application.ports.clock import Clock
from application.ports.leave_tokens import LeaveLink
from application.ports.mail import Mailer, Notice
from application.ports.notices import GuestHasLeft
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.additional_guest import AdditionalGuest
from domain.booking import Booking
from domain.errors import NotFound
from domain.ids import LeaveToken
from domain.leaving import leave


class Invitation(msgspec.Struct, frozen=True):
    """A booking, and the additional guest who is asked to it."""

    view: BookingView
    guest: AdditionalGuest


@dataclass(frozen=True)
class LeaveBooking:
    """Let whoever has the link out of the meeting; it stays as it is for everybody else."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def look(self, token: LeaveToken) -> Invitation:
        """What a link stands for. Raises NotFound."""
        async with self.begin() as uow:
            link = await _link(uow, token)
            return await _invitation(uow, await uow.bookings.get(link.booking_id), link.place)

    async def leave(self, token: LeaveToken) -> Invitation:
        """Leave, once however often it is asked for.

        Raises:
            NotFound
            BookingClosed: the booking is cancelled, or over.
        """
        async with self.begin() as uow:
            link = await _link(uow, token)
            booking = await uow.bookings.lock(link.booking_id)
            # The guest's details may have been erased meanwhile.
            if booking is None or link.place >= len(booking.additional_guests):
                raise NotFound("leave-link")
            decision = leave(booking, link.place, self.clock())
            await self.apply(uow, decision)
            return await _invitation(uow, decision.booking, link.place)


@dataclass(frozen=True)
class TellGuestLeft:
    """Tell a host by mail that an additional guest won't come."""

    mailer: Mailer
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: TellGuestLeftJob, attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        if booking is None or job.place >= len(booking.additional_guests):
            return Done()
        guest = booking.additional_guests[job.place]
        account = await uow.accounts.get(booking.host_id)
        if guest.left_at is None or account is None or account.closed_at is not None:
            return Done()
        about = GuestHasLeft(
            booking_id=booking.id,
            email=guest.email,
            title=booking.title,
            guest=booking.contact.name,
            start=booking.slot.start,
            timezone=account.host.timezone,
        )
        notice_id = f"guest-left.{booking.id}.{job.place}"
        notice = Notice(notice_id, guest.left_at.replace(microsecond=0), account.host, about)
        return Outside(partial(deliver, self.mailer, notice, recorded(Done()), self.backoff(attempts)))


async def _link(uow: UnitOfWork, token: LeaveToken) -> LeaveLink:
    link = await uow.leave_tokens.leaving(token)
    if link is None:
        raise NotFound("leave-link")
    return link


async def _invitation(uow: UnitOfWork, booking: Booking | None, place: int) -> Invitation:
    host = await uow.hosts.get(booking.host_id) if booking else None
    # Once the guest's details were erased, nobody is known to have been asked.
    if booking is None or host is None or place >= len(booking.additional_guests):
        raise NotFound("leave-link")
    page = await uow.pages.get(booking.page_id)
    event_type = page.event_type_of(booking.event_type_id) if page else None
    view = BookingView(booking, host, page and page.slug, event_type and event_type.slug)
    return Invitation(view, booking.additional_guests[place])
