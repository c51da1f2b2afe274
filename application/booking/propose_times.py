"""Propose other times to a booking's guest, mail them, and let the guest take one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from application.actor import GuestActor, HostActor
from application.booking.access import BookingById, lock_permitted, read_permitted
from application.booking.host_availability import HostAvailability
from application.booking.offering import in_reach, only, to_look_through
from application.booking.reschedule import RescheduleBooking
from application.booking.show_bookings import ShowGuestBooking
from application.decisions import ApplyDecision
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import MailProposalJob
from application.people import long_text
from application.ports.booking_views import BookingView, HostBookingViews, TimelineEntry, UnknownEvent
from application.ports.clock import Clock
from application.ports.mail import Mailer, MailMisconfigured, MailTryLater, ProposalMail, RecipientRefused
from application.ports.mailed_revisions import MailedRevisions
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from application.unsubscribe import UnsubscribeLinks
from domain.booking import Booking, lies_at
from domain.budgets import PROPOSALS, first_mail, mails_to_guest
from domain.errors import BookingClosed, PageGone, ProposalEnded, SlotNotOffered, SlotTaken
from domain.events import Event, TimesProposed
from domain.host import Host
from domain.ids import BookingId, HostId
from domain.mail_problem import MailProblem, MailsStopped, TooManyGuestsMailed
from domain.proposals import LONGEST_NOTE, open_proposals, proposal_accepted, proposal_refused, propose
from domain.retry import FIRST_REPEAT_OF_MAIL


class Proposal(msgspec.Struct, frozen=True):
    """A time that a guest was proposed, and the booking that would move there.

    Attributes:
        is_open: it can still be taken.
        note: the host's.
    """

    view: BookingView
    start: datetime
    is_open: bool
    note: str = ""


@dataclass(frozen=True)
class Proposals:
    """What a booking's timeline says of proposals."""

    bookings: HostBookingViews
    clock: Clock

    async def still_open(self, host_id: HostId, booking_id: BookingId) -> tuple[TimesProposed, ...]:
        """Those that can be taken, the last one first."""
        view = await self.bookings.booking(host_id, booking_id)
        return open_proposals(_events(view.timeline if view else ()), self.clock())


@dataclass(frozen=True)
class ProposeTimes:
    """Mail a guest other times; the booking stays where it is until the guest takes one."""

    begin: Begin
    availability: HostAvailability
    proposals: Proposals
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(
        self, actor: HostActor, booking_id: BookingId, starts: Sequence[datetime], note: str = ""
    ) -> None:
        """Propose them, once however often it is asked for.

        Raises:
            NotFound, Forbidden, BookingClosed, InvalidInput, SlotTaken, SlotNotOffered, CalendarsUnreadable
            TooManyRequests
        """
        now = self.clock()
        access = BookingById(actor, booking_id)
        is_done = False
        while not is_done:
            is_done = await self._propose(access, starts, note, now)

    async def _propose(self, access: BookingById, starts: Sequence[datetime], note: str, now: datetime) -> bool:
        """Return false where the booking has changed meanwhile, maybe by the same proposal."""
        async with self.begin() as uow:
            booking = await read_permitted(uow, access, "bookings:write")
        wanted = tuple(in_reach(each, now) for each in starts)
        said = long_text(note, "note", LONGEST_NOTE)
        [event] = propose(booking, wanted, said, now).events
        for each in wanted:
            await self._check_free(booking, each)
        last = await self.proposals.still_open(booking.host_id, booking.id)
        if last and (last[0].starts, last[0].note) == (event.starts, event.note):
            return True
        async with self.begin() as uow:
            locked = await lock_permitted(uow, access)
            if locked.version != booking.version:
                return False
            decision = propose(locked, wanted, said, now)
            mails = mails_to_guest(booking.host_id, decision.booking.contact.email)
            await self.spend.within(uow, PROPOSALS.of(booking.id), *mails)
            await self.apply(uow, decision)
        return True

    async def _check_free(self, booking: Booking, start: datetime) -> None:
        openings = await self.availability.to_move(booking, only(start))
        if openings is None:
            raise BookingClosed(PageGone())
        openings.check_readable()
        if openings.is_free(start):
            return
        wider = await self.availability.to_move(booking, to_look_through(start))
        found = tuple(wider.alternatives(start)) if wider else ()
        raise SlotTaken(found) if openings.is_offered(start) else SlotNotOffered(found)


@dataclass(frozen=True)
class TakeProposedTime:
    """Move a booking to a time that its guest was proposed."""

    show: ShowGuestBooking
    proposals: Proposals
    reschedule: RescheduleBooking

    async def look(self, guest: GuestActor, start: datetime) -> Proposal:
        """What a link in the mail stands for. Raises NotFound."""
        view = await self.show(guest)
        if not view.booking.is_open(self.proposals.clock()):
            return Proposal(view, start, is_open=False)
        for each in await self.proposals.still_open(view.booking.host_id, view.booking.id):
            if start in each.starts:
                return Proposal(view, start, is_open=True, note=each.note)
        return Proposal(view, start, is_open=False)

    async def __call__(self, guest: GuestActor, start: datetime) -> None:
        """Move it, once however often it is asked for.

        Raises:
            BookingClosed: it was moved or cancelled since, or a week has passed.
            SlotNotOffered, SlotTaken, CalendarsUnreadable, NotFound, TooManyRequests
        """
        proposal = await self.look(guest, start)
        if lies_at(proposal.view.booking, start):
            return
        if not proposal.is_open:
            raise BookingClosed(ProposalEnded())
        await self.reschedule(guest, start)


@dataclass(frozen=True)
class MailProposal:
    """Mail the guest what was proposed, as long as it can be taken."""

    proposals: Proposals
    revisions: MailedRevisions
    unsubscribe: UnsubscribeLinks
    mailer: Mailer
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: MailProposalJob, attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        host = await uow.hosts.get(booking.host_id) if booking else None
        now = self.clock()
        # Where the key that sealed the guest's token is lost, there is no link to send.
        if booking is None or host is None or booking.token is None or not booking.is_open(now):
            return Done()
        unsubscribe = await self.unsubscribe.token_for(uow, booking, now)
        if unsubscribe is None:
            await self.apply(uow, proposal_refused(booking, MailsStopped(), now))
            return Done()
        page = await uow.pages.get(booking.page_id)
        again = self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)
        color = page.brand_color if page else None
        return Outside(partial(self._call, job, booking, host, color, unsubscribe, again))

    async def _call(
        self, job: MailProposalJob, booking: Booking, host: Host, color: str | None, unsubscribe: str, again: Again
    ) -> Record:
        found = await self.proposals.still_open(booking.host_id, booking.id)
        proposal = next((each for each in found if each.at == job.at), None)
        if proposal is None:
            return recorded(Done())
        is_first = not await self.revisions.mailed(booking.id, "guest")
        if is_first and await self.spend.once(*first_mail(booking.host_id, booking.id, "guest")):
            return partial(self._refused, booking_id=booking.id, problem=TooManyGuestsMailed())
        try:
            await self.mailer.send(ProposalMail(booking, host, proposal, color, unsubscribe))
        except RecipientRefused as error:
            return partial(self._refused, booking_id=booking.id, problem=error.problem)
        except (MailTryLater, MailMisconfigured):
            return recorded(again)
        return partial(self._accepted, booking_id=booking.id)

    async def _accepted(self, uow: UnitOfWork, booking_id: BookingId) -> Outcome:
        booking = await uow.bookings.lock(booking_id)
        if booking is not None:
            await self.apply(uow, proposal_accepted(booking, self.clock()))
        return Done()

    async def _refused(self, uow: UnitOfWork, booking_id: BookingId, problem: MailProblem) -> Outcome:
        booking = await uow.bookings.lock(booking_id)
        if booking is not None:
            await self.apply(uow, proposal_refused(booking, problem, self.clock()))
        return Done()


def _events(timeline: Sequence[TimelineEntry]) -> list[Event]:
    """What this version can read."""
    return [each.event for each in timeline if not isinstance(each.event, UnknownEvent)]
