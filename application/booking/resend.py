"""Send a booking's mails once more: both sides' for the host, those on the guest's side for the guest."""

from dataclasses import dataclass

from application.booking.access import BookingAccess, lock_permitted, party_of
from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.booking_mails import want_mails_again
from domain.budgets import RESENDS, RESENDS_BY_GUEST, mails_to_guest
from domain.events import PARTIES


@dataclass(frozen=True)
class ResendMails:
    """The present revision goes out again: the same mails, with nothing counted up."""

    begin: Begin
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, access: BookingAccess) -> None:
        """Send them again; the first ones, where they still wait for the link, leave soon and by themselves.

        Raises:
            NotFound, Forbidden, BookingClosed, TooManyRequests
        """
        async with self.begin() as uow:
            booking = await lock_permitted(uow, access)
            by = party_of(access)
            decision = want_mails_again(booking, by, self.clock())
            if not decision.events:
                return
            limits = (RESENDS, RESENDS_BY_GUEST) if by == "guest" else (RESENDS,)
            mails = mails_to_guest(booking.host_id, *booking.guest_addresses)
            await self.spend.within(uow, *(each.of(booking.id) for each in limits), *mails)
            uow.booking_mails.mail_again(booking, (*(("guest",) if by == "guest" else PARTIES), *booking.invited))
            await self.apply(uow, decision)
