"""Move a booking to another time."""

from dataclasses import dataclass
from datetime import date, datetime

from application.actor import GuestActor
from application.booking.access import BookingAccess, lock_permitted, party_of, read_permitted
from application.booking.ask_calendars import AskCalendars
from application.booking.daily_cap import hold_cap
from application.booking.holds import past_expired_holds
from application.booking.host_availability import HostAvailability, Openings
from application.booking.offering import asked_days, in_reach, to_look_through
from application.decisions import ApplyDecision
from application.people import long_text, time_zone
from application.ports.clock import Clock
from application.ports.offers import Offer
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.api_token import Scope
from domain.booking import LONGEST_REASON, Booking, lies_at, refuse_closed, reschedule
from domain.budgets import MOVES, mails_to_guest
from domain.conference import Pending
from domain.errors import BookingClosed, PageGone, SlotNotOffered, SlotTaken, TooManyRequests
from domain.last_meetings import are_kept, next_day
from domain.slot import Slot


@dataclass(frozen=True)
class RescheduleBooking:
    """Move a booking to a time that its page offers, and tell both sides."""

    begin: Begin
    availability: HostAvailability
    ask_calendars: AskCalendars
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, access: BookingAccess, start: datetime, reason: str = "") -> None:
        """Move it, once however often it is asked for.

        Raises:
            BookingClosed, InvalidInput, SlotNotOffered, SlotTaken, CalendarsUnreadable, NotFound, Forbidden
            TooManyRequests
        """
        now = self.clock()
        asked = await self._read(access, "bookings:write")
        refuse_closed(asked, now)
        start = in_reach(start, now)
        if lies_at(asked, start):
            return
        openings = await self.ask_calendars(await self._openings(asked, to_look_through(start)), start)
        openings.check_readable()
        if not openings.is_free(start):
            # A repeat of this request may have been faster, and taken the time for this very booking.
            if lies_at(await self._read(access, "bookings:write"), start):
                return
            found = tuple(openings.alternatives(start))
            if openings.is_offered(start):
                raise SlotTaken(found, openings.why_taken(start))
            raise SlotNotOffered(found)

        async def take(uow: UnitOfWork) -> None:
            booking = await lock_permitted(uow, access)
            if lies_at(booking, start):
                return
            await hold_cap(uow, openings.offer, start, now, moving=booking.id)
            there = Slot.lasting(booking.slot.duration, start)
            why = long_text(reason, "reason", LONGEST_REASON)
            decision = reschedule(booking, there, party_of(access), now, why)
            if isinstance(access, GuestActor):
                _keep_last_meetings(booking, decision.booking, openings.offer, now)
            mails = mails_to_guest(booking.host_id, *booking.guest_addresses)
            await self.spend.within(uow, MOVES.of(booking.id), *mails)
            await self.apply(uow, decision, is_watched=bool(openings.offer.page.calendars.blocking))

        try:
            await past_expired_holds(self.begin, asked.host_id, now, take)
        except SlotTaken as taken:
            openings = await self._openings(asked, to_look_through(start))
            raise SlotTaken(tuple(openings.alternatives(start)), taken.why) from taken

    async def free_times(self, access: BookingAccess, first: date, last: date, timezone: str) -> list[datetime]:
        """List the starts to which this booking could be moved, on some days of the zone, both ends included.

        Raises:
            BookingClosed, NotFound, Forbidden, InvalidInput
        """
        within = asked_days(first, last, time_zone(timezone, "timezone"))
        booking = await self._read(access, "bookings:read")
        return (await self._openings(booking, within)).free_starts(within)

    async def _read(self, access: BookingAccess, scope: Scope) -> Booking:
        async with self.begin() as uow:
            return await read_permitted(uow, access, scope)

    async def _openings(self, booking: Booking, within: Slot) -> Openings:
        openings = await self.availability.to_move(booking, within)
        if openings is None:
            raise BookingClosed(PageGone())
        return openings


def _keep_last_meetings(booking: Booking, moved: Booking, offer: Offer, now: datetime) -> None:
    """Let no guest's move take one of the last meetings of the provider's day.

    Raises:
        TooManyRequests: another meeting would have to be made.
    """
    match booking.conference, moved.conference:
        case Pending(), Pending():
            # It was counted on when the time was booked.
            return
        case _, Pending(provider=provider) if are_kept(provider, offer.meetings_today.get(provider, 0)):
            raise TooManyRequests(next_day(now) - now, "meetings")
        case _:
            return
