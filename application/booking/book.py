"""Book a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from application.booking.ask_calendars import AskCalendars
from application.booking.daily_cap import hold_cap
from application.booking.holds import past_expired_holds
from application.booking.host_availability import HostAvailability, Openings
from application.booking.offering import in_reach, only, to_look_through, usable_types
from application.booking.refusal_notices import note_refusal
from application.decisions import ApplyDecision
from application.people import email_address, language_tag, long_text, person_name, time_zone
from application.phone_numbers import guest_number
from application.ports.admission import Admission, Basis, OfferChanged
from application.ports.booking_views import BookingView, GuestBookingViews
from application.ports.clock import Clock, Ids
from application.ports.idempotency_keys import IdempotencyKey, KeyTaken
from application.ports.offers import Offer
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.additional_guest import MOST_ADDITIONAL_GUESTS, AdditionalGuest, brought_along
from domain.booking import Booking, Decision, Guest, book
from domain.booking_link import usable
from domain.booking_page import LONGEST_ANSWER, Answer, BookingPage, Question, answers_to
from domain.budgets import GUESTS_BROUGHT_ALONG, GUESTS_BROUGHT_TO_HOST, NEW_BOOKINGS, Bucket, mails_to_guest
from domain.connection import statuses
from domain.errors import (
    Checks,
    IdempotencyKeyReused,
    LinkEnded,
    NoMeetingTypeAvailable,
    Refusal,
    RequestedUnusable,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyRequests,
)
from domain.events import Booked, Held, Party
from domain.fallback import FellBack, NothingLeft, choose
from domain.faults import NoGuestsAlong, NumberToCall, TooMany
from domain.host import Host, no_page_of
from domain.ids import BookingId, BookingLinkId, BookingLinkToken, GuestToken
from domain.last_meetings import are_kept, first_kept
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, asks_for_number, name_of, obstacle, provider_of
from domain.provider import Provider
from domain.slot import Slot
from domain.tracking import tracking_of


class GuestDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a guest types, as typed; `language` is the tag of the language that mails are to be in."""

    name: str
    email: str
    timezone: str
    phone: str | None = None
    language: str = "en"


class BookingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wish for a time; `start` is an instant with an offset, `answers` go by question id.

    `tracking` holds `utm_*` parameters: the first ten are kept for the host, cut at 200 characters. `link` is what the
    address of a single-use link has under that name. `additional_guests` are the addresses of up to 10 others who come
    along: each gets the mails about the booking, with a link to leave it.
    """

    start: datetime
    meeting_type: MeetingTypeName
    guest: GuestDetails
    answers: dict[str, str] = {}
    tracking: dict[str, str] = {}
    link: str | None = None
    additional_guests: tuple[str, ...] = ()


class Submit(msgspec.Struct, frozen=True):
    """What came of a booking request; `replayed` is true where the same submit had been accepted before."""

    booking: BookingView
    replayed: bool


class CheckedRequest(msgspec.Struct, frozen=True):
    """What a guest asks for, checked, and the meeting type that it gets."""

    guest: Guest
    additional_guests: tuple[AdditionalGuest, ...]
    answers: tuple[Answer, ...]
    tracking: dict[str, str]
    requested: MeetingTypeName
    meeting_type: MeetingType
    why: Obstacle | None


@dataclass(frozen=True)
class BookTime:
    """Take a booking if its time is free and its meeting type, or one to fall back to, can be used."""

    begin: Begin
    bookings: GuestBookingViews
    availability: HostAvailability
    ask_calendars: AskCalendars
    configured: frozenset[Provider]
    spend: SpendBudget
    clock: Clock
    ids: Ids
    apply: ApplyDecision

    async def __call__(
        self,
        handle: str,
        page: str,
        event_type: str,
        request: BookingRequest,
        key: str | None = None,
        *,
        network: str,
        also: tuple[Bucket, ...] = (),
    ) -> Submit:
        """Book, once for each idempotency key.

        Args:
            network: that the request came from.
            also: buckets that the booking counts in, besides those for bookings and mails.

        Raises:
            NotFound, NoMeetingTypeAvailable, MeetingTypeNotOffered, InvalidInput, SlotNotOffered, SlotTaken
            CalendarsUnreadable
            IdempotencyKeyReused: the key was used for another request.
            LinkEnded: the single-use link is good for no more bookings.
            TooManyBookings: the guest has as many coming ones on this page as its host allows.
            TooManyRequests: too many bookings from this network, or mails to this guest.
        """
        submit = IdempotencyKey(f"{handle}/{page}/{event_type}", key, _fingerprint(request)) if key else None
        if submit and (earlier := await self._replay(submit)):
            return earlier
        # What has to be counted one by one takes round trips anyway.
        is_usual = request.link is None and not request.additional_guests
        if is_usual and (taken := await self._at_once(handle, page, event_type, request, submit, network, also)):
            return taken
        now = self.clock()
        checks = Checks()
        try:
            start = checks.run(now, in_reach, request.start, now)
        except SlotNotOffered:
            await self.check_open(handle, page, event_type)
            raise
        openings = await self._openings(handle, page, event_type, only(start))
        offer = openings.offer
        try:
            link = await self._link(offer, request, now)
            accepted = await self._check(offer, request, checks)
            openings = await self.ask_calendars(openings, start)
            decision = await self._accept(openings, start, accepted, now, link)
            admission = self.admission(decision.booking, offer.page, network, also)

            async def take(uow: UnitOfWork) -> None:
                await hold_cap(uow, offer, start, now)
                if request.link is not None:
                    # Others may have booked by it since.
                    usable(await uow.booking_links.lock(offer.page.id, BookingLinkToken(request.link), now), now)
                await self.count_along(uow, decision.booking, network)
                await self._store(uow, offer, decision, submit, admission)

            await past_expired_holds(self.begin, offer.host.id, now, take)
        except (SlotTaken, KeyTaken, TooManyBookings, TooManyRequests, LinkEnded) as refusal:
            # A simultaneous repeat of this submit can lose against itself.
            if submit and (earlier := await self._replay(submit)):
                return earlier
            if isinstance(refusal, TooManyBookings | TooManyRequests | LinkEnded):
                raise
            why = refusal.why if isinstance(refusal, SlotTaken) else "busy"
            raise SlotTaken(tuple(await self._alternatives(openings, start)), why) from refusal
        return Submit(_view(offer, decision.booking), replayed=False)

    async def _at_once(
        self,
        handle: str,
        page: str,
        event_type: str,
        request: BookingRequest,
        submit: IdempotencyKey | None,
        network: str,
        also: tuple[Bucket, ...],
    ) -> Submit | None:
        """Book in a single round trip, by what was read last; None where that can't be, whatever the reason.

        What is to be said to the guest then needs a look at how things are now.
        """
        now, checks = self.clock(), Checks()
        try:
            start = checks.run(now, in_reach, request.start, now)
            openings = await self.availability.last_of_event_type(handle, page, event_type, only(start))
            if openings is None or (mark := openings.offer.mark) is None:
                return None
            offer = openings.offer
            self.usable_types(offer)
            wish = self.wish_of(offer, request, checks)
            if not openings.is_free(start):
                return None
            decision = self.decide(offer, start, wish, now, unproven=offer.page.confirm_guest_email)
            provider = provider_of(wish.meeting_type)
            kept_from = None if provider is None else first_kept(provider)
            basis = Basis(mark, None if kept_from is None else provider, kept_from)
            admission = self.admission(decision.booking, offer.page, network, also, basis)
            async with self.begin() as uow:
                await self._store(uow, offer, decision, submit, admission)
        except (Refusal, OfferChanged, KeyTaken):
            return None
        return Submit(_view(offer, decision.booking), replayed=False)

    async def _store(
        self,
        uow: UnitOfWork,
        offer: Offer,
        decision: Decision[Booked | Held],
        submit: IdempotencyKey | None,
        admission: Admission,
    ) -> None:
        is_watched = bool(offer.page.calendars.blocking)
        listened = _view(offer, decision.booking) if offer.records_events else None
        await self.apply.to_new(uow, decision, submit, admission, is_watched=is_watched, listened=listened)

    async def check_open(self, handle: str, page: str, event_type: str) -> None:
        """Refuse a page that can't take any booking, whatever the request says.

        Raises:
            NotFound, NoMeetingTypeAvailable
        """
        await self._openings(handle, page, event_type, only(self.clock()))

    async def _openings(self, handle: str, page: str, event_type: str, within: Slot) -> Openings:
        openings = await self.availability.of_event_type(handle, page, event_type, within)
        if openings is None:
            raise no_page_of(handle)
        offer = openings.offer
        try:
            self.usable_types(offer)
        except NoMeetingTypeAvailable:
            await note_refusal(self.begin, offer, self.clock())
            raise
        return openings

    async def _link(self, offer: Offer, request: BookingRequest, now: datetime) -> BookingLinkId | None:
        """The single-use link of the request, if it has one."""
        if request.link is None:
            return None
        async with self.begin() as uow:
            found = await uow.booking_links.get(offer.page.id, BookingLinkToken(request.link), now)
        return usable(found, now).id

    async def _check(self, offer: Offer, request: BookingRequest, checks: Checks) -> CheckedRequest:
        try:
            return self.wish_of(offer, request, checks)
        except NoMeetingTypeAvailable:
            await note_refusal(self.begin, offer, self.clock())
            raise

    def wish_of(self, offer: Offer, request: BookingRequest, checks: Checks) -> CheckedRequest:
        """Refuse what can be refused whether the time is free or not.

        Raises:
            InvalidInput: with what `checks` have found before.
            MeetingTypeNotOffered, NoMeetingTypeAvailable
        """
        order = offer.page.meeting_types_of(offer.event_type)
        wanted = next((each for each in order if name_of(each) == request.meeting_type), None)
        needs_number = wanted is not None and asks_for_number(wanted)
        details = checked_details(request.guest, offer.host if needs_number else None, checks)
        answers = checked_answers(request.answers, offer.event_type.questions, checks)
        along = checked_additional_guests(request.additional_guests, offer.page, checks)
        checks.done()
        guest = Guest(details.name, details.email, details.timezone, details.phone, details.language)
        additional = brought_along(along, present=(guest.email, offer.host.email)) if along else ()
        meeting_type, why = self._choose(offer, order, request.meeting_type, guest)
        tracking = tracking_of(request.tracking.items())
        return CheckedRequest(guest, additional, answers, tracking, request.meeting_type, meeting_type, why)

    async def _accept(
        self,
        openings: Openings,
        start: datetime,
        wish: CheckedRequest,
        now: datetime,
        link_id: BookingLinkId | None = None,
    ) -> Decision[Booked | Held]:
        """Decide on the time: everything that can be refused without writing is refused here."""
        offer = openings.offer
        openings.check_readable()
        if not openings.is_free(start):
            if openings.is_offered(start):
                raise SlotTaken(why=openings.why_taken(start))
            raise SlotNotOffered(tuple(await self._alternatives(openings, start)))
        unproven = offer.page.confirm_guest_email or await self._needs_proof(offer, wish.meeting_type, wish.guest)
        return self.decide(offer, start, wish, now, unproven=unproven, link_id=link_id)

    def decide(
        self,
        offer: Offer,
        start: datetime,
        wish: CheckedRequest,
        now: datetime,
        *,
        unproven: bool = False,
        link_id: BookingLinkId | None = None,
        by: Party = "guest",
    ) -> Decision[Booked | Held]:
        """Make the booking; it is held where the guest's address is `unproven`."""
        return book(
            id=BookingId(self.ids.new_id()),
            token=GuestToken(self.ids.new_token()),
            host_id=offer.host.id,
            page_id=offer.page.id,
            event_type_id=offer.event_type.id,
            title=offer.event_type.title,
            slot=Slot.lasting(offer.event_type.duration, start),
            buffer_before=offer.page.rules.buffer_before,
            buffer_after=offer.page.rules.buffer_after,
            guest=wish.guest,
            host_timezone=offer.host.timezone,
            requested=wish.requested,
            meeting_type=wish.meeting_type,
            why=wish.why,
            answers=wish.answers,
            tracking=wish.tracking,
            now=now,
            reminders=offer.page.reminders,
            unproven=unproven,
            writes_to=offer.page.calendars.writes_to,
            link_id=link_id,
            additional_guests=wish.additional_guests,
            by=by,
        )

    async def _needs_proof(self, offer: Offer, meeting_type: MeetingType, guest: Guest) -> bool:
        """Whether the last meetings of the provider's day are left, and the host doesn't know the guest's address."""
        provider = provider_of(meeting_type)
        if provider is None or not are_kept(provider, offer.meetings_today.get(provider, 0)):
            return False
        return not await self.bookings.is_known(offer.host.id, guest.mailbox)

    def admission(
        self,
        booking: Booking,
        page: BookingPage,
        network: str,
        also: tuple[Bucket, ...] = (),
        basis: Basis | None = None,
    ) -> Admission:
        """What the booking needs room in."""
        mails = mails_to_guest(booking.host_id, *booking.guest_addresses)
        buckets = self.spend.with_booking(*also, NEW_BOOKINGS.of(network, booking.host_id), *mails)
        return Admission(buckets, page.rules.max_per_guest, basis)

    async def count_along(self, uow: UnitOfWork, booking: Booking, network: str | None = None) -> None:
        """Count whom the guest brings along, if anybody; without a network where it is the host who books.

        Raises TooManyRequests.
        """
        of_network = () if network is None else (GUESTS_BROUGHT_ALONG.of(network),)
        buckets = *of_network, GUESTS_BROUGHT_TO_HOST.of(booking.host_id)
        await self.spend.several_within(uow, len(booking.additional_guests), *buckets)

    def _choose(
        self, offer: Offer, order: tuple[MeetingType, ...], requested: MeetingTypeName, guest: Guest
    ) -> tuple[MeetingType, Obstacle | None]:
        providers = statuses(self.configured, offer.connections)
        choice = choose(requested, order, lambda each: obstacle(each, providers, guest.phone))
        if isinstance(choice, NothingLeft):
            raise NoMeetingTypeAvailable(RequestedUnusable(choice.why, _names(self.usable_types(offer))))
        return choice.meeting_type, choice.why if isinstance(choice, FellBack) else None

    def usable_types(self, offer: Offer) -> tuple[MeetingType, ...]:
        """What can be chosen now. Raises NoMeetingTypeAvailable where nothing can."""
        providers = statuses(self.configured, offer.connections)
        return usable_types(offer.page, offer.event_type, providers, confirmed=offer.confirmed)

    async def _alternatives(self, openings: Openings, start: datetime) -> list[datetime]:
        offer = openings.offer
        address = offer.host.handle, offer.page.slug, offer.event_type.slug
        wider = await self.availability.of_event_type(*address, to_look_through(start))
        return wider.after(openings.answers).alternatives(start) if wider else []

    async def _replay(self, submit: IdempotencyKey) -> Submit | None:
        found = await self.bookings.booking_by_key(submit.scope, submit.key)
        if found is None:
            return None
        view, fingerprint = found
        if view.booking.is_expired(self.clock()):
            return None
        if fingerprint != submit.fingerprint:
            raise IdempotencyKeyReused
        return Submit(view, replayed=True)


def _view(offer: Offer, booking: Booking) -> BookingView:
    return BookingView(booking, offer.host, offer.page.slug, offer.event_type.slug)


def _fingerprint(request: BookingRequest) -> str:
    return sha256(msgspec.json.encode(request, order="deterministic")).hexdigest()


def checked_details(details: GuestDetails, caller: Host | None, checks: Checks) -> GuestDetails:
    """The details cleaned; `caller` is the host who needs the guest's number."""
    typed = (details.phone or "").strip()
    if caller is not None and not typed:
        checks.note("guest.phone", NumberToCall(caller.name))
    checks.run(None, time_zone, details.timezone, "guest.timezone")
    return GuestDetails(
        name=checks.run("", person_name, details.name, "guest.name"),
        email=checks.run("", email_address, details.email, "guest.email"),
        timezone=details.timezone,
        phone=checks.run(None, guest_number, typed, details.timezone, details.language, "guest.phone")
        if typed
        else None,
        language=checks.run("", language_tag, details.language, "guest.language"),
    )


def checked_additional_guests(given: Sequence[str], page: BookingPage, checks: Checks) -> tuple[str, ...]:
    """The addresses of additional guests, cleaned; they are refused as a whole where the page takes none."""
    if not given:
        return ()
    if not page.additional_guests_allowed:
        checks.note("additional_guests", NoGuestsAlong())
        return ()
    if len(given) > MOST_ADDITIONAL_GUESTS:
        checks.note("additional_guests", TooMany(MOST_ADDITIONAL_GUESTS))
        return ()
    return tuple(checks.run("", email_address, each, f"additional_guests.{place}") for place, each in enumerate(given))


def checked_answers(given: dict[str, str], questions: tuple[Question, ...], checks: Checks) -> tuple[Answer, ...]:
    # One that is too long is an answer all the same: that it is missing isn't among its faults.
    cleaned = {
        key: checks.run(text[:LONGEST_ANSWER], long_text, text, f"answers.{key}", LONGEST_ANSWER)
        for key, text in given.items()
    }
    return checks.run((), answers_to, questions, cleaned)


def _names(meeting_types: tuple[MeetingType, ...]) -> tuple[MeetingTypeName, ...]:
    return tuple(name_of(each) for each in meeting_types)
