"""Bookings as an assistant reads them: the API's, less what guests typed and the link by which a guest manages one."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from adapters.http.api.booking_json import BookingConference, HostBooking, for_host
from adapters.http.mcp.guests_words import GuestWords, TypedByGuests, words_of_guest
from application.ports.booking_views import BookingView
from domain.ids import BookingId
from domain.meeting_type import MeetingTypeName

MOST_HAPPENINGS = 20


class Happening(msgspec.Struct, frozen=True):
    at: datetime
    what: str


class AssistantConference(msgspec.Struct, frozen=True):
    status: Literal["none", "pending", "ready", "failed"]
    join_url: str | None
    meeting_id: str | None
    passcode: str | None
    problem: Annotated[str | None, msgspec.Meta(description="Why there is no link, in words.")]


class AssistantBooking(msgspec.Struct, frozen=True, kw_only=True):
    id: BookingId
    status: Literal["confirmed", "cancelled"]
    start: datetime
    end: datetime
    start_for_host: Annotated[datetime, msgspec.Meta(description="The same start in the host's time zone.")]
    host_timezone: str
    guest_timezone: str
    title: str
    page: str | None
    event_type: str | None
    requested_meeting_type: MeetingTypeName
    meeting_type: MeetingTypeName
    fallback_reason: str | None
    conference: AssistantConference


class BookingResult(msgspec.Struct, frozen=True, kw_only=True):
    """One booking.

    Attributes:
        happenings: the last ones.
    """

    booking: AssistantBooking
    happenings: tuple[Happening, ...]
    typed_by_guests: TypedByGuests


class ChangeResult(BookingResult, frozen=True, kw_only=True):
    replayed: Annotated[
        bool, msgspec.Meta(description="True where a call with the same key did it before; nothing was done now.")
    ]


class BookingListResult(msgspec.Struct, frozen=True, kw_only=True):
    bookings: tuple[AssistantBooking, ...]
    next: Annotated[str | None, msgspec.Meta(description="The cursor of those that follow; null at the end.")]
    typed_by_guests: TypedByGuests


def booking_result(view: BookingView, public_url: str) -> BookingResult:
    booking = for_host(view, public_url)
    return BookingResult(
        booking=_booking(booking), happenings=_happenings(booking), typed_by_guests=_typed(view, booking)
    )


def change_result(view: BookingView, public_url: str, *, replayed: bool) -> ChangeResult:
    booking = for_host(view, public_url)
    return ChangeResult(
        booking=_booking(booking),
        happenings=_happenings(booking),
        typed_by_guests=_typed(view, booking),
        replayed=replayed,
    )


def booking_list_result(views: list[BookingView], following: str | None, public_url: str) -> BookingListResult:
    found = [(view, for_host(view, public_url)) for view in views]
    words: dict[BookingId, GuestWords] = {
        booking.id: words_of_guest(view, booking, all_of_them=False) for view, booking in found
    }
    return BookingListResult(
        bookings=tuple(_booking(booking) for _, booking in found), next=following, typed_by_guests=TypedByGuests(words)
    )


def _booking(booking: HostBooking) -> AssistantBooking:
    return AssistantBooking(
        id=booking.id,
        status=booking.status,
        start=booking.start,
        end=booking.end,
        start_for_host=booking.start.astimezone(ZoneInfo(booking.host.timezone)),
        host_timezone=booking.host.timezone,
        guest_timezone=booking.guest.timezone,
        title=booking.title,
        page=booking.page,
        event_type=booking.event_type,
        requested_meeting_type=booking.requested_meeting_type,
        meeting_type=booking.meeting_type,
        fallback_reason=booking.fallback_reason,
        conference=_conference(booking.conference),
    )


def _conference(conference: BookingConference) -> AssistantConference:
    problem = conference.failure and conference.failure.message
    return AssistantConference(
        conference.status, conference.join_url, conference.meeting_id, conference.passcode, problem
    )


def _happenings(booking: HostBooking) -> tuple[Happening, ...]:
    """The latest events, without their sentences, which hold reasons and names of calendars."""
    return tuple(Happening(each.at, each.what) for each in booking.timeline[-MOST_HAPPENINGS:])


def _typed(view: BookingView, booking: HostBooking) -> TypedByGuests:
    return TypedByGuests({booking.id: words_of_guest(view, booking, all_of_them=True)})
