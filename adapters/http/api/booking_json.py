"""A booking in JSON, for its guest and for its host."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from adapters.presentation.phone_numbers import international
from adapters.presentation.sentences.calendar_problems import for_writing
from adapters.presentation.sentences.failures import failure_for_guest, failure_for_host
from adapters.presentation.sentences.fallbacks import fallback_reason
from adapters.presentation.sentences.timeline import timeline_words
from adapters.presentation.times import instant
from application.booking.leave import Invitation
from application.ports import booking_views
from application.ports.booking_views import BookingView
from domain import conference as conferences
from domain.booking import Booking, Status
from domain.booking_page import Answer
from domain.calendar_entry import CalendarEntry, EntryState
from domain.conference import Conference, Failed, FailureType, NoConference, Pending, Ready
from domain.ids import BookingId, CalendarId
from domain.meeting_type import MeetingTypeName, name_of


class BookingHost(msgspec.Struct, frozen=True):
    """`timezone` is the host's when the booking was made."""

    name: str
    timezone: str


ERASED = "Erased"
"""What programs read as the name of a guest whose details were erased."""


class BookingGuest(msgspec.Struct, frozen=True):
    """Once the guest's details were erased, `name` is "Erased", `timezone` the host's and the rest null."""

    name: str
    email: str | None
    timezone: str


class BookingGuestWithPhone(BookingGuest, frozen=True):
    phone: str | None


class FailureOut(msgspec.Struct, frozen=True):
    """Why there is no meeting; `message` is for people."""

    type: FailureType
    message: str


class BookingConference(msgspec.Struct, frozen=True):
    """Where to join: `pending` while the meeting is made or tried again, `failed` once only the host can help."""

    status: Literal["none", "pending", "ready", "failed"]
    join_url: str | None = None
    meeting_id: str | None = None
    passcode: str | None = None
    failure: FailureOut | None = None


class _Booking(msgspec.Struct, frozen=True, kw_only=True):
    id: BookingId
    start: datetime
    end: datetime
    host: BookingHost
    guest: BookingGuest
    title: str
    requested_meeting_type: MeetingTypeName
    meeting_type: MeetingTypeName
    fallback_reason: str | None
    conference: BookingConference
    additional_guests: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="the email addresses of the additional guests, without those who have left."),
    ]
    revision: Annotated[int, msgspec.Meta(description="counts the updates of the calendar invite.")]


_ManageUrl = Annotated[
    str | None, msgspec.Meta(description="null only where this server has lost the key that seals it.")
]


class GuestBooking(_Booking, frozen=True, kw_only=True):
    """A booking as its guest sees it. After a fallback, `meeting_type` differs from `requested_meeting_type`.

    One that is `held` waits until `held_until`, which no other has, for its guest to confirm the address by the link in
    a mail. It is gone afterwards.
    """

    status: Status
    held_until: datetime | UnsetType = UNSET
    manage_url: _ManageUrl


class InvitationOut(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as an additional guest sees it, whom `invited_by` brings along; `left_at` is when they left it."""

    title: str
    status: Literal["confirmed", "cancelled"]
    start: datetime
    end: datetime
    host: BookingHost
    invited_by: str
    email: str
    left_at: datetime | None


class TimelineEntryOut(msgspec.Struct, frozen=True):
    """`what` is a stable name, `detail` is for people."""

    at: datetime
    what: str
    detail: str


class MovedTo(msgspec.Struct, frozen=True):
    start: datetime
    end: datetime


class EntryProblemOut(msgspec.Struct, frozen=True):
    """Why the calendar isn’t up to date; `message` is for people."""

    type: str
    message: str


class CalendarEntryOut(msgspec.Struct, frozen=True):
    """The booking's event in your calendar.

    It is `pending` until the calendar has it, `stuck` where that needs you, and `deleted_in_calendar` or
    `moved_in_calendar` where you have changed it there.
    """

    calendar_id: CalendarId
    state: EntryState
    problem: EntryProblemOut | None
    moved_to: MovedTo | None


class EventBooking(_Booking, frozen=True, kw_only=True):
    """A booking as its host sees it, without the guest's link."""

    status: Literal["confirmed", "cancelled"]
    version: Annotated[
        int,
        msgspec.Meta(description="rises with each change, even one that we don’t email anyone about: higher is newer."),
    ]
    guest: BookingGuestWithPhone
    page: Annotated[
        str | None,
        msgspec.Meta(description="the page's slug, null once the page is gone; likewise `event_type`."),
    ]
    event_type: str | None
    answers: tuple[Answer, ...]
    tracking: Annotated[
        dict[str, str],
        msgspec.Meta(description="the `utm_*` parameters of the link that the guest used; erased with the guest."),
    ]
    calendar_entry: Annotated[
        CalendarEntryOut | None, msgspec.Meta(description="null where the booking’s page wrote to no calendar.")
    ]
    timeline: Annotated[
        tuple[TimelineEntryOut, ...], msgspec.Meta(description="empty in lists and events; `getBooking` tells it.")
    ]


class HostBooking(EventBooking, frozen=True, kw_only=True):
    """A booking as its host sees it. One that is only held isn't shown."""

    manage_url: _ManageUrl


class HostBookings(msgspec.Struct, frozen=True):
    """Some bookings of a list; `next` is the cursor of those that follow, null at the end."""

    items: list[HostBooking]
    next: str | None


def for_guest(view: BookingView, public_url: str) -> GuestBooking:
    booking, guest = view.booking, view.booking.guest
    return GuestBooking(
        id=booking.id,
        status=booking.status,
        held_until=booking.held_until or UNSET,
        start=booking.slot.start,
        end=booking.slot.end,
        host=BookingHost(view.host.name, booking.host_timezone),
        guest=BookingGuest(guest.name or ERASED, guest.email, guest.timezone),
        title=booking.title,
        requested_meeting_type=booking.requested,
        meeting_type=name_of(booking.meeting_type),
        fallback_reason=None if booking.fallback is None else fallback_reason(booking.fallback),
        conference=_conference(booking.conference, failure_for_guest),
        additional_guests=tuple(each.email for each in booking.invited.values()),
        manage_url=_manage_url(booking, public_url),
        revision=booking.revision,
    )


def for_invitee(invitation: Invitation) -> InvitationOut:
    booking = invitation.view.booking
    return InvitationOut(
        title=booking.title,
        status="confirmed" if booking.cancellation is None else "cancelled",
        start=booking.slot.start,
        end=booking.slot.end,
        host=BookingHost(invitation.view.host.name, booking.host_timezone),
        invited_by=booking.guest.name or ERASED,
        email=invitation.guest.email,
        left_at=invitation.guest.left_at,
    )


def for_host(view: BookingView, public_url: str) -> HostBooking:
    booking, guest = view.booking, view.booking.guest
    return HostBooking(
        id=booking.id,
        version=booking.version,
        status="confirmed" if booking.cancellation is None else "cancelled",
        start=booking.slot.start,
        end=booking.slot.end,
        host=BookingHost(view.host.name, booking.host_timezone),
        guest=BookingGuestWithPhone(guest.name or ERASED, guest.email, guest.timezone, international(guest.phone)),
        title=booking.title,
        requested_meeting_type=booking.requested,
        meeting_type=name_of(booking.meeting_type),
        fallback_reason=None if booking.fallback is None else fallback_reason(booking.fallback),
        conference=_conference(booking.conference, failure_for_host),
        additional_guests=tuple(each.email for each in booking.invited.values()),
        manage_url=_manage_url(booking, public_url),
        revision=booking.revision,
        page=view.page_slug,
        event_type=view.event_type_slug,
        answers=booking.answers,
        tracking=booking.tracking,
        calendar_entry=booking.entry and _entry(booking.entry),
        timeline=tuple(_timeline_entry(each, booking) for each in view.timeline),
    )


def _entry(entry: CalendarEntry) -> CalendarEntryOut:
    problem, moved_to = entry.problem, entry.moved_to
    return CalendarEntryOut(
        entry.calendar_id,
        entry.state,
        problem and EntryProblemOut(str(problem.__struct_config__.tag), for_writing(problem)),
        moved_to and MovedTo(moved_to.start, moved_to.end),
    )


def _timeline_entry(entry: booking_views.TimelineEntry, booking: Booking) -> TimelineEntryOut:
    return TimelineEntryOut(entry.at, entry.what, timeline_words(entry, instant, booking.additional_guests))


def _conference(conference: Conference, message: Callable[[conferences.Failure], str]) -> BookingConference:
    match conference:
        case NoConference():
            return BookingConference("none")
        case Pending(failure=failure):
            shown = FailureOut(failure.type, message(failure)) if failure else None
            return BookingConference("pending", failure=shown)
        case Ready():
            return BookingConference("ready", conference.join_url, conference.meeting_id, conference.passcode)
        case Failed(failure):
            return BookingConference("failed", failure=FailureOut(failure.type, message(failure)))
        case _:
            assert_never(conference)


def _manage_url(booking: Booking, public_url: str) -> str | None:
    return None if booking.token is None else f"{public_url}/b/{booking.token}"
