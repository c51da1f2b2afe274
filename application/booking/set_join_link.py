"""Add or replace a booking's join link by hand."""

from dataclasses import dataclass

from application.actor import HostActor
from application.booking.access import BookingById, lock_permitted
from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.budgets import mails_to_guest
from domain.host_actions import set_join_link
from domain.ids import BookingId
from domain.join_link import join_link


@dataclass(frozen=True)
class SetJoinLink:
    """Use the host's own link from now on, and tell both sides."""

    begin: Begin
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, actor: HostActor, booking_id: BookingId, join_url: str) -> None:
        """Set it, once however often it is asked for.

        Raises:
            InvalidInput: not an https link.
            NotFound, Forbidden, BookingClosed, TooManyRequests
        """
        async with self.begin() as uow:
            booking = await lock_permitted(uow, BookingById(actor, booking_id))
            decision = set_join_link(booking, join_link(join_url), self.clock())
            if decision.events:
                await self.spend.within(uow, *mails_to_guest(booking.host_id, *booking.guest_addresses))
            await self.apply(uow, decision)
