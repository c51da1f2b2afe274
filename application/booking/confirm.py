"""Confirm a held booking, from the mail that proves the guest's address."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import GuestActor
from application.booking.access import lock_permitted
from application.booking.ask_calendars import AskCalendars
from application.booking.confirmation_links import ConfirmationLinks
from application.booking.host_availability import HostAvailability, Openings
from application.booking.offering import only, to_look_through
from application.booking.refusal_notices import note_refusal
from application.decisions import ApplyDecision
from application.ports.booking_views import BookingView, GuestBookingViews
from application.ports.clock import Clock
from application.ports.offers import Offer
from application.ports.unit_of_work import Begin
from domain.booking import Booking, confirm
from domain.connection import statuses
from domain.errors import BookingClosed, HoldEnded, NoMeetingTypeAvailable, NotFound, PageGone, RequestedUnusable
from domain.fallback import FellBack, NothingLeft, choose
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, name_of, obstacle, offered
from domain.provider import Provider


class Missed(msgspec.Struct, frozen=True):
    """The booking was not confirmed in time, or was given back; nothing of it is left.

    Attributes:
        start: the time that it was for.
        timezone: the guest's.
        openings: what can be booked instead; None once the page is gone.
    """

    start: datetime
    timezone: str
    openings: Openings | None

    @property
    def alternatives(self) -> tuple[datetime, ...]:
        """Up to three nearest free starts; the first wish is among them where nobody has taken it."""
        return tuple(self.openings.alternatives(self.start)) if self.openings else ()


@dataclass(frozen=True)
class ConfirmBooking:
    """Take a held booking for good: only then the meeting is made, and host and calendars hear of it."""

    begin: Begin
    bookings: GuestBookingViews
    availability: HostAvailability
    ask_calendars: AskCalendars
    configured: frozenset[Provider]
    links: ConfirmationLinks
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, guest: GuestActor, proof: str) -> None:
        """Confirm it, once however often it is asked for; its meeting type is chosen as at submit.

        Raises:
            NotFound: the link was not made here.
            BookingClosed: it is too late, or the page is gone, or the host has become busy; no time is held then.
            CalendarsUnreadable: it isn't known whether the host is free; the time stays held as long as before.
            NoMeetingTypeAvailable: no meeting type can be used right now; the time stays held as long as before.
        """
        found = await self.look(guest, proof)
        if isinstance(found, Missed):
            raise BookingClosed(HoldEnded())
        if found.booking.status != "held":
            return
        openings = await self._openings(found.booking)
        meeting_type, why = await self._usable(openings.offer, found.booking)
        is_busy = openings.is_busy_elsewhere(found.booking.slot.start)
        async with self.begin() as uow:
            try:
                booking = await lock_permitted(uow, guest)
            except NotFound as gone:
                raise BookingClosed(HoldEnded()) from gone
            if booking.status != "held":
                return
            if is_busy:
                uow.bookings.remove(booking.id)
            else:
                decision = confirm(booking, meeting_type, why, self.clock())
                await self.apply(uow, decision, is_watched=bool(openings.offer.page.calendars.blocking))
        if is_busy:
            raise BookingClosed(HoldEnded())

    async def look(self, guest: GuestActor, proof: str) -> BookingView | Missed:
        """The booking that a link stands for, whatever has become of it. Raises NotFound."""
        booked = self.links.read(guest.token, proof)
        if booked is None:
            raise NotFound("booking-link")
        view = await self.bookings.booking_for(guest.token)
        if view is not None and not view.booking.is_expired(self.clock()):
            return view
        wanted = booked.host_id, booked.page_id, booked.event_type_id
        openings = await self.availability.of_ids(*wanted, to_look_through(booked.start))
        return Missed(booked.start, booked.timezone, openings)

    async def _openings(self, booking: Booking) -> Openings:
        """The held time with what calendars say about it: they know nothing of holds."""
        start = booking.slot.start
        openings = await self.availability.to_move(booking, only(start))
        if openings is None:
            raise BookingClosed(PageGone())
        openings = await self.ask_calendars.about_held(openings, start)
        openings.check_readable()
        return openings

    async def _usable(self, offer: Offer, booking: Booking) -> tuple[MeetingType, Obstacle | None]:
        """The held meeting type, which stays a choice even if the host no longer offers it, or the next one."""
        wanted = name_of(booking.meeting_type)
        order = offer.page.meeting_types_of(offer.event_type)
        others = tuple(each for each in order if name_of(each) != wanted)
        providers = statuses(self.configured, offer.connections)
        choice = choose(
            wanted, (booking.meeting_type, *others), lambda each: obstacle(each, providers, booking.guest.phone)
        )
        if isinstance(choice, NothingLeft):
            await note_refusal(self.begin, offer, self.clock())
            names: tuple[MeetingTypeName, ...] = tuple(name_of(each) for each in offered(order, providers))
            raise NoMeetingTypeAvailable(RequestedUnusable(choice.why, names))
        return choice.meeting_type, choice.why if isinstance(choice, FellBack) else None
