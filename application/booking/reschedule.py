"""Move a booking to another time."""

from dataclasses import dataclass
from datetime import date, datetime

from application.booking.daily_cap import hold_cap
from application.booking.host_availability import HostAvailability, Openings
from application.booking.offering import asked_days, in_reach, to_look_through
from application.decisions import ApplyDecision
from application.people import long_text, time_zone
from application.ports.clock import Clock
from application.ports.storage import Begin
from application.ports.views import BookingView
from domain.booking import lies_at, refuse_closed, reschedule
from domain.errors import BookingClosed, NotFound, PageGone, SlotNotOffered, SlotTaken
from domain.events import Party
from domain.ids import BookingId
from domain.slot import Slot


@dataclass(frozen=True)
class RescheduleBooking:
    """Move a booking to a time that its page offers, and tell both sides."""

    begin: Begin
    availability: HostAvailability
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, view: BookingView, start: datetime, by: Party, reason: str = "") -> None:
        """Move it, once however often it is asked for.

        Raises:
            BookingClosed, InvalidInput, SlotNotOffered, SlotTaken, NotFound
        """
        now = self.clock()
        refuse_closed(view.booking, now)
        start = in_reach(start, now)
        if lies_at(view.booking, start):
            return
        openings = await self._openings(view, to_look_through(start))
        if not openings.is_free(start):
            # A repeat of this request may have been faster, and taken the time for this very booking.
            if await self._lies_at(view.booking.id, start):
                return
            found = tuple(openings.alternatives(start))
            raise SlotTaken(found) if openings.is_offered(start) else SlotNotOffered(found)
        try:
            async with self.begin() as uow:
                booking = await uow.bookings.lock(view.booking.id)
                if booking is None:
                    raise NotFound("booking")
                if lies_at(booking, start):
                    return
                await hold_cap(uow, openings.offer, start, moving=booking.id)
                there = Slot.lasting(booking.slot.duration, start)
                self.apply(uow, reschedule(booking, there, by, now, long_text(reason, "reason", 500)))
        except SlotTaken as taken:
            openings = await self._openings(view, to_look_through(start))
            raise SlotTaken(tuple(openings.alternatives(start))) from taken

    async def free_times(self, view: BookingView, first: date, last: date, timezone: str) -> list[datetime]:
        """List the starts to which this booking could be moved, on some days of the zone, both ends included.

        Raises:
            BookingClosed, NotFound, InvalidInput
        """
        within = asked_days(first, last, time_zone(timezone, "timezone"))
        return (await self._openings(view, within)).free_starts(within)

    async def _lies_at(self, booking_id: BookingId, start: datetime) -> bool:
        async with self.begin() as uow:
            booking = await uow.bookings.get(booking_id)
        return booking is not None and lies_at(booking, start)

    async def _openings(self, view: BookingView, within: Slot) -> Openings:
        openings = await self.availability.to_move(view.booking, within)
        if openings is None:
            raise BookingClosed(PageGone())
        return openings
