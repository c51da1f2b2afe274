"""Hosts, pages, bookings and the people in them, ready made: a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from domain.additional_guest import AdditionalGuest
from domain.availability import MAX_PER_GUEST, WEEKDAYS_NINE_TO_FIVE, Availability, BookingRules
from domain.booking import Booking, Cancellation, Guest, conference_for
from domain.booking_page import Answer, BookingPage, EventType, Question
from domain.conference import Conference, Failed, NoConference, Pending, Ready
from domain.connection import Connected, ConnectionState, ProviderAccount, ProviderConnection
from domain.embedding import Embedding
from domain.host import Host
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId, ScheduleId
from domain.meeting_type import InPerson, MeetingType, MeetingTypeName, Phone, Zoom, name_of, provider_of
from domain.provider import Provider
from domain.schedule import Schedule
from domain.slot import Slot

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning."""

A_NETWORK = "203.0.113.7"
"""Where guests come from."""

TOMORROW_AT_TEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
A_DAY = timedelta(hours=24)

ana = Guest("Ana Brito", "ana@guests.example", "America/Sao_Paulo")
ana_with_a_number = Guest("Ana Brito", "ana@guests.example", "America/Sao_Paulo", "+551155501234")
bob, eve = AdditionalGuest("bob@guests.example"), AdditionalGuest("eve@guests.example")
zoe = Guest("Zoë 王小明 O’Neil 🐟", "zoë@gäste.example", "Asia/Kathmandu")

zoom = Zoom()
phone_by_host = Phone("host")
phone_by_guest = Phone("guest", "+49 30 555 1234")
at_the_harbour = InPerson("Hafenstraße 1, 20457 Hamburg")

ORDINARY_RULES = BookingRules(max_per_guest=MAX_PER_GUEST.most)
"""In tests it is one guest who books again and again."""
CONNECTED = Connected()

_serial = count(1)


def a_host(
    *,
    name: str = "Hanne Höst",
    email: str | None = None,
    handle: str | None = None,
    timezone: str = "Europe/Berlin",
) -> Host:
    """Each has an address and a handle of their own."""
    number = next(_serial)
    return Host(
        id=HostId(f"host-{number:06}"),
        email=email or f"host{number}@hosts.example",
        name=name,
        handle=handle or f"host-{number}",
        timezone=timezone,
    )


def an_event_type(
    *,
    slug: str = "intro",
    title: str = "Intro call",
    duration: timedelta = HALF_AN_HOUR,
    meeting_types: tuple[MeetingType, ...] | None = None,
    questions: tuple[Question, ...] = (),
    description: str = "",
    redirect_url: str | None = None,
) -> EventType:
    return EventType(
        id=EventTypeId(f"event-type-{next(_serial):06}"),
        slug=slug,
        title=title,
        duration=duration,
        meeting_types=meeting_types,
        questions=questions,
        description=description,
        redirect_url=redirect_url,
    )


def a_page(
    host: Host,
    *event_types: EventType,
    slug: str | None = None,
    title: str = "Talk to me",
    description: str = "",
    meeting_types: tuple[MeetingType, ...] = (zoom, phone_by_host),
    availability: Availability = WEEKDAYS_NINE_TO_FIVE,
    rules: BookingRules = ORDINARY_RULES,
    reminders: tuple[timedelta, ...] = (A_DAY,),
    brand_color: str | None = None,
    confirm_guest_email: bool = False,
    additional_guests_allowed: bool = True,
    active: bool = True,
    embedding: Embedding = "nowhere",
) -> BookingPage:
    """Without event types of its own it gets one, `an_event_type()`."""
    number = next(_serial)
    return BookingPage(
        id=PageId(f"page-{number:06}"),
        host_id=host.id,
        slug=slug or f"page-{number}",
        title=title,
        description=description,
        meeting_types=meeting_types,
        availability=availability,
        rules=rules,
        reminders=reminders,
        brand_color=brand_color,
        confirm_guest_email=confirm_guest_email,
        additional_guests_allowed=additional_guests_allowed,
        active=active,
        embedding=embedding,
        event_types=event_types or (an_event_type(),),
    )


def a_schedule(
    host: Host,
    *,
    name: str | None = None,
    availability: Availability = WEEKDAYS_NINE_TO_FIVE,
    timezone: str | None = None,
) -> Schedule:
    number = next(_serial)
    return Schedule(
        ScheduleId(f"schedule-{number:06}"), host.id, name or f"Schedule {number:06}", availability, timezone
    )


def a_booking(
    page: BookingPage,
    start: datetime = TOMORROW_AT_TEN,
    *,
    event_type: EventType | None = None,
    duration: timedelta | None = None,
    buffer_before: timedelta | None = None,
    buffer_after: timedelta | None = None,
    guest: Guest = ana,
    meeting_type: MeetingType = zoom,
    conference: Conference | None = None,
    answers: tuple[Answer, ...] = (),
    tracking: dict[str, str] | None = None,
    booked_at: datetime = NOW,
    held_until: datetime | None = None,
    additional_guests: tuple[AdditionalGuest, ...] = (),
) -> Booking:
    """A booking of the page's first event type, confirmed or held; where it is online, it waits for its link."""
    number = next(_serial)
    event_type = event_type or page.event_types[0]
    conference = conference_for(meeting_type) if conference is None else conference
    return Booking(
        id=BookingId(f"booking-{number:06}"),
        token=GuestToken(f"guest-token-{number:016}"),
        host_id=page.host_id,
        page_id=page.id,
        event_type_id=event_type.id,
        title=event_type.title,
        slot=Slot.lasting(duration or event_type.duration, start),
        buffer_before=page.rules.buffer_before if buffer_before is None else buffer_before,
        buffer_after=page.rules.buffer_after if buffer_after is None else buffer_after,
        guest=guest,
        host_timezone="Europe/Berlin",
        requested=name_of(meeting_type),
        meeting_type=meeting_type,
        fallback=None,
        conference=conference,
        answers=answers,
        tracking=tracking or {},
        held_until=held_until,
        announced=held_until is None and not isinstance(conference, Pending),
        additional_guests=additional_guests,
        created_at=booked_at,
        changed_at=booked_at.replace(microsecond=0),
    )


def altered(booking: Booking, **members: Any) -> Booking:
    """The booking with these members, and with what follows from them, unless that is said as well."""
    given = msgspec.structs.asdict(booking) | members
    meeting_type, conference, cancellation = given["meeting_type"], given["conference"], given["cancellation"]
    if "conference" not in members:
        conference = _following(meeting_type, conference, cancellation, given["held_until"])
    follows: dict[str, Any] = {"conference": conference}
    if (given["fallback"] is None) != (given["requested"] == name_of(meeting_type)):
        other: MeetingTypeName = "zoom" if name_of(meeting_type) != "zoom" else "phone"
        follows["requested"] = other if given["fallback"] else name_of(meeting_type)
    if (cancellation is None) == (given["last_change"] == "cancelled"):
        follows["last_change"] = "cancelled" if cancellation else "booked"
    if given["last_change"] not in {"booked", "cancelled"}:
        follows["revision"] = max(booking.revision, 1)
    is_open = isinstance(conference, Pending) or cancellation
    was_told = booking.announced or given["revision"] or not is_open
    follows["announced"] = bool(was_told) and given["held_until"] is None
    return msgspec.structs.replace(booking, **follows | members)


def _following(
    meeting_type: MeetingType, conference: Conference, cancellation: Cancellation | None, held_until: datetime | None
) -> Conference:
    provider = provider_of(meeting_type)
    if cancellation and isinstance(conference, Pending):
        return NoConference()
    is_kept = isinstance(conference, Ready | Failed) and provider is not None and held_until is None
    return conference if is_kept or cancellation else conference_for(meeting_type)


def token_of(booking: Booking) -> GuestToken:
    """What the guest's link holds."""
    assert booking.token is not None
    return booking.token


def an_account(user_id: str = "KDcuGIm1QgePTO8WbOqwIQ", *, email: str = "hanne@zoom.example") -> ProviderAccount:
    return ProviderAccount(user_id=user_id, account_id=f"account of {user_id}", email=email, name="Hanne Höst")


def a_connection(
    host: Host,
    provider: Provider = "zoom",
    *,
    account: ProviderAccount | None = None,
    state: ConnectionState = CONNECTED,
    connected_at: datetime = NOW,
) -> ProviderConnection:
    return ProviderConnection(
        host_id=host.id, provider=provider, account=account or an_account(), state=state, connected_at=connected_at
    )
