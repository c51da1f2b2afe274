"""The file of a host who takes their data along: facts for programs, without a sentence."""

from datetime import datetime

import msgspec

from adapters.http.api.page_json import BookingPageOut, page_for_host
from application.accounts.export_data import AccountData, PasskeyData
from application.ports.booking_views import BookingView, UnknownEvent
from domain.additional_guest import AdditionalGuest
from domain.api_token import ApiToken
from domain.booking import Guest
from domain.booking_link import UsedLink
from domain.booking_page import Answer
from domain.calendar import Calendar, CalendarConnection
from domain.conference import Conference
from domain.connection import ProviderConnection
from domain.events import Event
from domain.fallback import FallbackReason
from domain.host import Host
from domain.ids import BookingId
from domain.meeting_type import MeetingType, MeetingTypeName
from domain.picture import PictureKind
from domain.schedule import Schedule
from domain.security_events import SecurityEvent
from domain.session import Session
from domain.webhook import Webhook


class BookingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as it is stored, and all that happened to it.

    Attributes:
        page: the page's slug, null once the page is gone; likewise `event_type`.
        guest: null once their details were erased.
    """

    id: BookingId
    status: str
    start: datetime
    end: datetime
    created_at: datetime
    page: str | None
    event_type: str | None
    title: str
    host_timezone: str
    guest: Guest | None
    answers: tuple[Answer, ...]
    tracking: dict[str, str]
    additional_guests: tuple[AdditionalGuest, ...]
    requested_meeting_type: MeetingTypeName
    meeting_type: MeetingType
    fallback: FallbackReason | None
    conference: Conference
    revision: int
    timeline: tuple[Event | UnknownEvent, ...]

    @classmethod
    def of(cls, view: BookingView) -> "BookingRecord":
        booking = view.booking
        return cls(
            id=booking.id,
            status=booking.status,
            start=booking.slot.start,
            end=booking.slot.end,
            created_at=booking.created_at,
            page=view.page_slug,
            event_type=view.event_type_slug,
            title=booking.title,
            host_timezone=booking.host_timezone,
            guest=booking.guest if isinstance(booking.guest, Guest) else None,
            answers=booking.answers,
            tracking=booking.tracking,
            additional_guests=booking.additional_guests,
            requested_meeting_type=booking.requested,
            meeting_type=booking.meeting_type,
            fallback=booking.fallback,
            conference=booking.conference,
            revision=booking.revision,
            timeline=tuple(each.event for each in view.timeline),
        )


class DataFile(msgspec.Struct, frozen=True):
    """Pages are in the words of the API, pictures WebP in Base64."""

    made_at: datetime
    account: Host
    email_confirmed_at: datetime | None
    pictures: dict[PictureKind, bytes]
    api_tokens: tuple[ApiToken, ...]
    sessions: tuple[Session, ...]
    security_events: tuple[SecurityEvent, ...]
    passkeys: tuple[PasskeyData, ...]
    connections: list[ProviderConnection]
    calendar_connections: list[CalendarConnection]
    calendars: list[Calendar]
    schedules: list[Schedule]
    webhooks: tuple[Webhook, ...]
    booking_pages: list[BookingPageOut]
    booking_links: list[UsedLink]
    bookings: list[BookingRecord]


def data_file(data: AccountData) -> bytes:
    """Write the data as JSON."""
    written = DataFile(
        made_at=data.made_at,
        account=data.account,
        email_confirmed_at=data.email_confirmed_at,
        pictures=data.pictures,
        api_tokens=data.api_tokens,
        sessions=data.sessions,
        security_events=data.security_events,
        passkeys=data.passkeys,
        connections=data.connections,
        calendar_connections=data.calendar_connections,
        calendars=data.calendars,
        schedules=data.schedules,
        webhooks=data.webhooks,
        booking_pages=[page_for_host(each) for each in data.pages],
        booking_links=data.booking_links,
        bookings=[BookingRecord.of(each) for each in data.bookings],
    )
    return msgspec.json.format(msgspec.json.encode(written), indent=2)
