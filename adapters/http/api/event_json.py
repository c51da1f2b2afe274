"""An event in JSON, as it is listed and as webhooks are sent it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from adapters.http.api.booking_json import BookingConference, EventBooking
from domain.calendar import CalendarConnectionStatus, CalendarState
from domain.connection import ProviderStatus
from domain.events import Party
from domain.ids import CalendarId, WebhookEventId, WebhookId
from domain.meeting_type import MeetingTypeName
from domain.provider import Provider
from domain.webhook_event import WebhookEventType


class EventPrevious(msgspec.Struct, frozen=True, kw_only=True):
    """The members of the booking that have changed, as they were before."""

    status: Literal["confirmed", "cancelled"] | UnsetType = UNSET
    start: datetime | UnsetType = UNSET
    end: datetime | UnsetType = UNSET
    meeting_type: MeetingTypeName | UnsetType = UNSET
    fallback_reason: str | UnsetType | None = UNSET
    conference: BookingConference | UnsetType = UNSET
    additional_guests: tuple[str, ...] | UnsetType = UNSET


class EventData(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened.

    Events of bookings have `booking`, `previous`, `changed_by` and `reason`; `connection.broken` has `status`, and
    either `provider` or `calendar_id`; `ping` has `webhook_id`.
    """

    booking: Annotated[
        EventBooking | UnsetType, msgspec.Meta(description="the whole booking as it was then, but for its timeline.")
    ] = UNSET
    previous: EventPrevious | UnsetType = UNSET
    changed_by: Annotated[
        Party | UnsetType | None, msgspec.Meta(description="null where TimeTuna or a provider caused it.")
    ] = UNSET
    reason: Annotated[
        str | UnsetType | None,
        msgspec.Meta(description="the reason that someone entered for cancelling or rescheduling it."),
    ] = UNSET
    answers_left_out: Annotated[
        Literal[True] | UnsetType,
        msgspec.Meta(
            description="only where the guest’s `answers` are so long that the event would have 20 kB: they are empty "
            "here, and `getBooking` tells them."
        ),
    ] = UNSET
    provider: Provider | UnsetType = UNSET
    calendar_id: CalendarId | UnsetType = UNSET
    status: ProviderStatus | CalendarState | CalendarConnectionStatus | UnsetType = UNSET
    webhook_id: WebhookId | UnsetType = UNSET


class EventOut(msgspec.Struct, frozen=True):
    """What has happened, as webhooks are told it; `id` is the `webhook-id`."""

    id: WebhookEventId
    type: WebhookEventType
    timestamp: datetime
    data: EventData


class Events(msgspec.Struct, frozen=True):
    """Some events, oldest first; `next` is the `after` of those that follow, null at the end."""

    items: tuple[EventOut, ...]
    next: WebhookEventId | None
