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


class ToldConference(msgspec.Struct, frozen=True):
    status: Literal["none", "pending", "ready", "failed"]
    join_url: str | None
    meeting_id: str | None
    passcode: str | None
    problem: Annotated[str | None, msgspec.Meta(description="Why there is no link, in words.")]


class ToldBooking(msgspec.Struct, frozen=True, kw_only=True):
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
    conference: ToldConference


class BookingTold(msgspec.Struct, frozen=True, kw_only=True):
    """One booking.

    Attributes:
        happenings: the last ones.
    """

    booking: ToldBooking
    happenings: tuple[Happening, ...]
    typed_by_guests: TypedByGuests


class BookingChanged(BookingTold, frozen=True, kw_only=True):
    replayed: Annotated[
        bool, msgspec.Meta(description="True where a call with the same key did it before; nothing was done now.")
    ]


class BookingsTold(msgspec.Struct, frozen=True, kw_only=True):
    bookings: tuple[ToldBooking, ...]
    next: Annotated[str | None, msgspec.Meta(description="The cursor of those that follow; null at the end.")]
    typed_by_guests: TypedByGuests


def booking_told(view: BookingView, public_url: str) -> BookingTold:
    told = for_host(view, public_url)
    return BookingTold(booking=_booking(told), happenings=_happenings(told), typed_by_guests=_typed(view, told))


def booking_changed(view: BookingView, public_url: str, *, replayed: bool) -> BookingChanged:
    told = for_host(view, public_url)
    return BookingChanged(
        booking=_booking(told), happenings=_happenings(told), typed_by_guests=_typed(view, told), replayed=replayed
    )


def bookings_told(views: list[BookingView], following: str | None, public_url: str) -> BookingsTold:
    found = [(view, for_host(view, public_url)) for view in views]
    words: dict[BookingId, GuestWords] = {
        told.id: words_of_guest(view, told, all_of_them=False) for view, told in found
    }
    return BookingsTold(
        bookings=tuple(_booking(told) for _, told in found), next=following, typed_by_guests=TypedByGuests(words)
    )


def _booking(told: HostBooking) -> ToldBooking:
    return ToldBooking(
        id=told.id,
        status=told.status,
        start=told.start,
        end=told.end,
        start_for_host=told.start.astimezone(ZoneInfo(told.host.timezone)),
        host_timezone=told.host.timezone,
        guest_timezone=told.guest.timezone,
        title=told.title,
        page=told.page,
        event_type=told.event_type,
        requested_meeting_type=told.requested_meeting_type,
        meeting_type=told.meeting_type,
        fallback_reason=told.fallback_reason,
        conference=_conference(told.conference),
    )


def _conference(told: BookingConference) -> ToldConference:
    problem = told.failure and told.failure.message
    return ToldConference(told.status, told.join_url, told.meeting_id, told.passcode, problem)


def _happenings(told: HostBooking) -> tuple[Happening, ...]:
    """Without their sentences, in which reasons and names of calendars stand."""
    return tuple(Happening(each.at, each.what) for each in told.timeline[-MOST_HAPPENINGS:])


def _typed(view: BookingView, told: HostBooking) -> TypedByGuests:
    return TypedByGuests({told.id: words_of_guest(view, told, all_of_them=True)})
