"""Decide what becomes of a booking whose entry was deleted or moved in the calendar."""

from dataclasses import dataclass

from application.booking.access import BookingById, lock_permitted
from application.booking.holds import past_expired_holds
from application.booking.offering import in_reach
from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.booking import cancel, lies_at, refuse_closed, reschedule
from domain.budgets import MOVES, mails_to_guest
from domain.entry_changes import restore_entry
from domain.errors import BookingClosed, NoEntryChange
from domain.slot import Slot


@dataclass(frozen=True)
class RestoreEntry:
    """Put the entry back: the booking stays as it is."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, access: BookingById) -> None:
        """Raises NotFound, Forbidden or BookingClosed."""
        async with self.begin() as uow:
            booking = await lock_permitted(uow, access)
            await self.apply(uow, restore_entry(booking, self.clock()))


@dataclass(frozen=True)
class AcceptEntryChange:
    """Let the booking follow its entry: cancelled where that was deleted, moved where it was moved.

    A host's own calendar says what suits the host, so the time need not be one that the page offers.
    """

    begin: Begin
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, access: BookingById) -> None:
        """Follow the entry, and tell both sides.

        Raises:
            NotFound, Forbidden, TooManyRequests
            BookingClosed: it is cancelled, or over, or the entry is as it should be.
            SlotNotOffered: the new time is past, or too far ahead.
            SlotTaken: by another booking.
        """
        now = self.clock()

        async def follow(uow: UnitOfWork) -> None:
            booking = await lock_permitted(uow, access)
            refuse_closed(booking, now)
            entry = booking.entry
            if entry is None or not entry.is_changed:
                raise BookingClosed(NoEntryChange())
            if entry.moved_to is None:
                await self.apply(uow, cancel(booking, "host", "", now))
                return
            start = in_reach(entry.moved_to.start, now)
            if lies_at(booking, start):
                return
            await self.spend.within(
                uow, MOVES.of(booking.id), *mails_to_guest(booking.host_id, *booking.guest_addresses)
            )
            moved = reschedule(booking, Slot.lasting(booking.slot.duration, start), "host", now)
            # Whoever moves an entry in the calendar sees what else lies there.
            await self.apply(uow, moved, is_watched=False)

        async with self.begin() as uow:
            host_id = (await lock_permitted(uow, access)).host_id
        await past_expired_holds(self.begin, host_id, now, follow)
