"""Book a time for a guest, as their host."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.booking.ask_calendars import AskCalendars
from application.booking.book import BookingRequest, BookTime, CheckedRequest, GuestDetails, Submit
from application.booking.holds import past_expired_holds
from application.booking.host_availability import HostAvailability
from application.booking.offering import in_reach, only, to_look_through
from application.booking.submits import FindSubmit, submit_of
from application.decisions import ApplyDecision
from application.ports.booking_views import BookingView
from application.ports.clock import Clock
from application.ports.idempotency_keys import IdempotencyKey, KeyTaken
from application.ports.offers import Offer
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.budgets import BOOKED_BY_HOST
from domain.errors import Checks, HostBusy, InvalidInput, NotFound, Refusal, SlotTaken
from domain.faults import Fault, LeftOut, NumberToCall, Required, TimeOver
from domain.ids import EventTypeId, HostId, PageId
from domain.meeting_type import MeetingTypeName


class BookingForGuest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A booking as a host makes it; `despite_calendars` takes a time at which their calendars say busy, or nothing.

    `additional_guests` are the addresses of up to 10 others who come along.
    """

    start: datetime
    meeting_type: MeetingTypeName
    guest: GuestDetails
    answers: dict[str, str] = {}
    despite_calendars: bool = False
    additional_guests: tuple[str, ...] = ()


@dataclass(frozen=True)
class BookForGuest:
    """Book any time ahead that no other booking takes.

    Hours, steps, notice, horizon and daily limit are for guests, and so are required answers, coming alone and the
    check of an address. The buffers of the page and the budgets for mail hold, and one host books for so many a day.
    """

    begin: Begin
    availability: HostAvailability
    ask_calendars: AskCalendars
    book: BookTime
    find_submit: FindSubmit
    clock: Clock
    apply: ApplyDecision

    async def __call__(
        self,
        actor: HostActor,
        page_id: PageId,
        event_type_id: EventTypeId,
        request: BookingForGuest,
        *,
        network: str,
        key: str | None = None,
    ) -> Submit:
        """Book, once for each idempotency key.

        Args:
            network: that the request came from.

        Raises:
            Forbidden, NotFound, NoMeetingTypeAvailable, MeetingTypeNotOffered, InvalidInput, SlotNotOffered
            SlotTaken: another booking is in the way, or its buffers are.
            HostBusy, CalendarsUnreadable: unless the booking is to be made despite the calendars.
            IdempotencyKeyReused: the key was used for another request.
            TooManyBookings, TooManyRequests
        """
        host_id = actor.require("bookings:write")
        submit = submit_of(host_id, key, [page_id, event_type_id, request]) if key else None
        if submit and (earlier := await self.find_submit(submit)):
            return Submit(earlier, replayed=True)
        try:
            view = await self._book(host_id, page_id, event_type_id, request, network, submit)
        except (KeyTaken, Refusal):
            # A simultaneous repeat of this submit was faster.
            if submit and (earlier := await self.find_submit(submit)):
                return Submit(earlier, replayed=True)
            raise
        return Submit(view, replayed=False)

    async def _book(
        self,
        host_id: HostId,
        page_id: PageId,
        event_type_id: EventTypeId,
        request: BookingForGuest,
        network: str,
        submit: IdempotencyKey | None,
    ) -> BookingView:
        now = self.clock()
        checks = Checks()
        start = checks.run(now, in_reach, request.start, now)
        if start < now:
            checks.note("start", TimeOver())
        openings = await self.availability.of_ids(host_id, page_id, event_type_id, only(start))
        if openings is None:
            raise NotFound("event-type")
        offer = openings.offer
        self.book.usable_types(offer)
        asked = BookingRequest(
            start,
            request.meeting_type,
            request.guest,
            request.answers,
            additional_guests=request.additional_guests,
        )
        wish = self._wish(offer, asked, checks)
        occupied = openings.occupied(start)
        if any(each.overlaps(occupied) for each in offer.busy):
            raise SlotTaken(await self._alternatives(offer, start))
        if not request.despite_calendars:
            openings = await self.ask_calendars.about_held(openings, start)
            openings.check_readable()
            if openings.is_busy_elsewhere(start):
                raise HostBusy
        decision = self.book.decide(offer, start, wish, now, by="host")
        view = BookingView(decision.booking, offer.host, offer.page.slug, offer.event_type.slug)
        admission = self.book.admission(decision.booking, offer.page, network, (BOOKED_BY_HOST.of(host_id),))

        async def take(uow: UnitOfWork) -> None:
            await self.book.count_along(uow, decision.booking)
            is_watched, listened = bool(offer.page.calendars.blocking), view if offer.records_events else None
            await self.apply.to_new(uow, decision, submit, admission, is_watched=is_watched, listened=listened)

        try:
            await past_expired_holds(self.begin, host_id, now, take)
        except SlotTaken as taken:
            raise SlotTaken(await self._alternatives(offer, start)) from taken
        return view

    def _wish(self, offer: Offer, asked: BookingRequest, checks: Checks) -> CheckedRequest:
        try:
            return self.book.wish_of(_for_its_host(offer), asked, checks)
        except InvalidInput as refusal:
            raise InvalidInput(*map(_about_the_guest, refusal.faults)) from None

    async def _alternatives(self, offer: Offer, start: datetime) -> tuple[datetime, ...]:
        ids = offer.host.id, offer.page.id, offer.event_type.id
        wider = await self.availability.of_ids(*ids, to_look_through(start))
        return tuple(wider.alternatives(start)) if wider else ()


def _for_its_host(offer: Offer) -> Offer:
    """Without what is asked of guests alone: required answers, and to come alone."""
    questions = tuple(msgspec.structs.replace(each, required=False) for each in offer.event_type.questions)
    return msgspec.structs.replace(
        offer,
        page=msgspec.structs.replace(offer.page, additional_guests_allowed=True),
        event_type=msgspec.structs.replace(offer.event_type, questions=questions),
    )


def _about_the_guest(fault: Fault) -> Fault:
    """The same fault for a host, who leaves out what is the guest's, not their own."""
    match fault:
        case Fault("guest.name" as field, LeftOut("own-name")):
            return Fault(field, LeftOut("guest-name"))
        case Fault("guest.email" as field, Required()):
            return Fault(field, LeftOut("guest-email"))
        case Fault("guest.phone" as field, NumberToCall()):
            return Fault(field, LeftOut("guest-phone"))
        case _:
            return fault
