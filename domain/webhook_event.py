"""Webhook events: names for programs, made from events of bookings and connections."""

from datetime import datetime
from typing import Literal, assert_never, get_args

import msgspec

from domain.calendar import CalendarConnectionStatus, CalendarState
from domain.connection import ProviderStatus
from domain.events import (
    Booked,
    Cancelled,
    ConfirmationWantedAgain,
    EntryDeleted,
    EntryFailed,
    EntryMoved,
    EntryRestored,
    EntryWritten,
    Event,
    GuestErased,
    GuestLeft,
    Held,
    LinkAdded,
    LinkReplaced,
    MailAccepted,
    MailRefused,
    MailsWantedAgain,
    MeetingAttempted,
    MeetingCreated,
    MeetingDelayed,
    MeetingFellBack,
    MeetingGivenUp,
    MeetingRetried,
    MeetingSwitched,
    MeetingUnused,
    OverlapEnded,
    OverlapFound,
    Party,
    ProposalAccepted,
    ProposalRefused,
    ReminderAccepted,
    ReminderRefused,
    Rescheduled,
    TimesProposed,
    WaitedLongEnough,
)
from domain.ids import BookingId, CalendarId, HostId, PageId, WebhookEventId
from domain.provider import Provider

WebhookEventType = Literal[
    "booking.created",
    "booking.link_ready",
    "booking.link_failed",
    "booking.fell_back",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.guest_left",
    "connection.broken",
    "ping",
]

WEBHOOK_EVENT_TYPES: tuple[WebhookEventType, ...] = get_args(WebhookEventType)


class WebhookEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is told to whoever listens.

    Attributes:
        id: the `webhook-id` of every attempt; it has no dot, for the signature's sake.
        page_id: of the booking.
        body: as it is signed and sent; it never changes, unless a guest's details have to be erased from it.
        is_erased: that has happened.
    """

    id: WebhookEventId
    host_id: HostId
    type: WebhookEventType
    at: datetime
    body: bytes
    booking_id: BookingId | None = None
    page_id: PageId | None = None
    is_erased: bool = False


class BrokenProvider(msgspec.Struct, frozen=True):
    """No meetings can be made at a provider until the host acts."""

    provider: Provider
    status: ProviderStatus


class BrokenCalendar(msgspec.Struct, frozen=True):
    """A calendar can't be read."""

    calendar_id: CalendarId
    status: CalendarState | CalendarConnectionStatus


Broken = BrokenProvider | BrokenCalendar


def webhook_type_of(event: Event) -> WebhookEventType | None:
    """What an event is told as; None where it changes nothing that a program would want to know."""
    match event:
        case Booked():
            return "booking.created"
        case MeetingCreated() | LinkAdded() | LinkReplaced():
            return "booking.link_ready"
        case MeetingGivenUp():
            return "booking.link_failed"
        case MeetingFellBack() | MeetingSwitched():
            return "booking.fell_back"
        case Rescheduled():
            return "booking.rescheduled"
        case Cancelled():
            return "booking.cancelled"
        case GuestLeft():
            return "booking.guest_left"
        case Held() | ConfirmationWantedAgain():
            return None
        case MeetingAttempted() | MeetingDelayed() | MeetingUnused() | MeetingRetried() | WaitedLongEnough():
            return None
        case MailAccepted() | MailRefused() | MailsWantedAgain() | ReminderAccepted() | ReminderRefused():
            return None
        case TimesProposed() | ProposalAccepted() | ProposalRefused():
            return None
        case EntryWritten() | EntryFailed() | EntryDeleted() | EntryMoved() | EntryRestored():
            return None
        case OverlapFound() | OverlapEnded() | GuestErased():
            return None
        case _:
            assert_never(event)


def changed_by(event: Event) -> Party | None:
    """Who has brought it about; None where TimeTuna or a provider has."""
    match event:
        case Booked() | Cancelled() | Rescheduled():
            return event.by
        case GuestLeft():
            return "guest"
        case LinkAdded() | LinkReplaced() | MeetingSwitched():
            return "host"
        case _:
            return None


def reason_of(event: Event) -> str | None:
    """What somebody typed as the reason of a change."""
    reason = event.reason if isinstance(event, Cancelled | Rescheduled) else None
    return reason if isinstance(reason, str) and reason else None
