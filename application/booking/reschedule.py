"""Move a booking to another time."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from application.booking.daily_cap import hold_cap
from application.booking.offering import (
    alternatives,
    around,
    asked_days,
    free_starts,
    in_reach,
    only,
    page_offers,
    to_look_through,
)
from application.decisions import ApplyDecision
from application.people import long_text, time_zone
from application.ports.clock import Clock
from application.ports.storage import Begin
from application.ports.views import BookingView, Offer, Views
from domain.booking import lies_at, refuse_closed, reschedule
from domain.errors import BookingClosed, NotFound, SlotNotOffered, SlotTaken
from domain.events import Party
from domain.ids import BookingId
from domain.slot import Slot


@dataclass(frozen=True)
class RescheduleBooking:
    """Move a booking to a time that its page offers, and tell both sides."""

    begin: Begin
    views: Views
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
        offer = await self._offer(view, around(to_look_through(start)))
        if not free_starts(offer, only(start), now):
            # A repeat of this request may have been faster, and taken the time for this very booking.
            if await self._lies_at(view.booking.id, start):
                return
            found = alternatives(offer, start, now)
            raise SlotTaken(found) if page_offers(offer, start, now) else SlotNotOffered(found)
        try:
            async with self.begin() as uow:
                booking = await uow.bookings.lock(view.booking.id)
                if booking is None:
                    raise NotFound("There is no such booking.")
                if lies_at(booking, start):
                    return
                await hold_cap(uow, offer, start, moving=booking.id)
                there = Slot.lasting(booking.slot.duration, start)
                self.apply(uow, reschedule(booking, there, by, now, long_text(reason, "reason", 500)))
        except SlotTaken as taken:
            offer = await self._offer(view, around(to_look_through(start)))
            raise SlotTaken(alternatives(offer, start, now)) from taken

    async def free_times(self, view: BookingView, first: date, last: date, timezone: str) -> list[datetime]:
        """List the starts to which this booking could be moved, on some days of the zone, both ends included.

        Raises:
            BookingClosed, NotFound, InvalidInput
        """
        within = asked_days(first, last, time_zone(timezone, "timezone"))
        return free_starts(await self._offer(view, around(within)), within, self.clock())

    async def _lies_at(self, booking_id: BookingId, start: datetime) -> bool:
        async with self.begin() as uow:
            booking = await uow.bookings.get(booking_id)
        return booking is not None and lies_at(booking, start)

    async def _offer(self, view: BookingView, span: Slot) -> Offer:
        """What the page offers to this booking: its own time is no obstacle, its own length and buffers count."""
        if view.page_slug is None or view.event_type_slug is None:
            raise BookingClosed("The page of this booking is gone, so it can’t be moved. Please ask the host.")
        offer = await self.views.offer(view.host.handle, view.page_slug, view.event_type_slug, span)
        if offer is None:
            raise NotFound("There is no such booking page.")
        booking = view.booking
        rules = msgspec.structs.replace(
            offer.page.rules, buffer_before=booking.buffer_before, buffer_after=booking.buffer_after
        )
        return msgspec.structs.replace(
            offer,
            page=msgspec.structs.replace(offer.page, rules=rules),
            event_type=msgspec.structs.replace(offer.event_type, duration=booking.slot.duration),
            busy=[each for each in offer.busy if each.booking_id != booking.id],
            page_starts={key: start for key, start in offer.page_starts.items() if key != booking.id},
        )
