"""A booking page in JSON, for its host and for its guests."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from adapters.presentation.sentences.meeting_types import label
from application.booking.offering import types_to_choose
from application.ports.public_pages import PublicPage
from domain.availability import Availability
from domain.booking_page import BookingPage, EventType, Question
from domain.embedding import Embedding
from domain.ids import EventTypeId, PageId, ScheduleId
from domain.meeting_type import MeetingType, MeetingTypeName, name_of
from domain.page_calendars import PageCalendars
from domain.provider import Provider


class EventTypeOut(msgspec.Struct, frozen=True):
    """Something that can be booked; without meeting types of its own (null) it takes the page's."""

    id: EventTypeId
    slug: str
    title: str
    duration_minutes: int
    description: str
    redirect_url: Annotated[
        str | None,
        msgspec.Meta(
            description="where guests go once they have booked, with `booking_id`, `start` and `event_type` in the "
            "query; null shows them their booking."
        ),
    ]
    meeting_types: tuple[MeetingType, ...] | None
    questions: tuple[Question, ...]


class BookingPageOut(msgspec.Struct, frozen=True, kw_only=True):
    """A booking page as its host sees it.

    The first of `meeting_types` is preselected. A booking whose type can't be used falls back to the first other one
    that can, unless its `backup` is false; `backup` is left out where it is true.
    """

    id: PageId
    slug: str
    title: str
    description: str
    meeting_types: tuple[MeetingType, ...]
    availability: Annotated[
        Availability, msgspec.Meta(description="the hours that apply, from the schedule or its own.")
    ]
    schedule_id: Annotated[
        ScheduleId | None, msgspec.Meta(description="the schedule that it uses; null means its own hours.")
    ]
    minimum_notice_minutes: int
    not_today: Annotated[
        bool, msgspec.Meta(description="whether the host’s current day is never offered, whatever the notice.")
    ]
    horizon_days: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    slot_interval_minutes: int
    daily_cap: int | None
    max_per_guest: Annotated[
        int, msgspec.Meta(description="how many upcoming bookings a guest’s address may have on this page.")
    ]
    reminders: Annotated[
        tuple[int, ...],
        msgspec.Meta(description="how many minutes before a booking we email its guests a reminder; none means never."),
    ]
    reminder_minutes_before: Annotated[
        int | None, msgspec.Meta(description="the largest of `reminders`; read-only; null if there is none.")
    ]
    brand_color: Annotated[
        str | None,
        msgspec.Meta(
            description="the accent colour of the page and of its guests’ emails as `#rrggbb`; null means TimeTuna’s."
        ),
    ]
    confirm_guest_email: Annotated[
        bool,
        msgspec.Meta(
            description="whether guests confirm a booking with the link in an email; we hold the time until then."
        ),
    ]
    additional_guests_allowed: Annotated[
        bool, msgspec.Meta(description="whether guests can add other guests when they book.")
    ]
    active: Annotated[bool, msgspec.Meta(description="whether the page takes new bookings.")]
    calendars: PageCalendars
    embedding: Annotated[
        Embedding,
        msgspec.Meta(description="who may show the page in a frame: `nowhere`, `anywhere`, or these origins."),
    ]
    event_types: tuple[EventTypeOut, ...]


class OfferedMeetingType(msgspec.Struct, frozen=True):
    """A way to meet that can be used now; `label` is for people."""

    type: MeetingTypeName
    label: str


class OfferedEventType(msgspec.Struct, frozen=True):
    slug: str
    title: str
    duration_minutes: int
    description: str
    meeting_types: tuple[OfferedMeetingType, ...]
    questions: tuple[Question, ...]


class PageHost(msgspec.Struct, frozen=True):
    name: str


class PublicPageOut(msgspec.Struct, frozen=True):
    """A booking page as guests see it."""

    title: str
    description: str
    host: PageHost
    accepting_bookings: bool
    event_types: tuple[OfferedEventType, ...]


def event_type_for_host(event_type: EventType) -> EventTypeOut:
    return EventTypeOut(
        id=event_type.id,
        slug=event_type.slug,
        title=event_type.title,
        duration_minutes=_minutes(event_type.duration),
        description=event_type.description,
        redirect_url=event_type.redirect_url,
        meeting_types=event_type.meeting_types,
        questions=event_type.questions,
    )


def page_for_host(page: BookingPage) -> BookingPageOut:
    rules = page.rules
    return BookingPageOut(
        id=page.id,
        slug=page.slug,
        title=page.title,
        description=page.description,
        meeting_types=page.meeting_types,
        availability=page.hours,
        schedule_id=page.schedule_id,
        minimum_notice_minutes=_minutes(rules.minimum_notice),
        not_today=rules.not_today,
        horizon_days=rules.horizon_days,
        buffer_before_minutes=_minutes(rules.buffer_before),
        buffer_after_minutes=_minutes(rules.buffer_after),
        slot_interval_minutes=_minutes(rules.slot_interval),
        daily_cap=rules.daily_cap,
        max_per_guest=rules.max_per_guest,
        reminders=tuple(map(_minutes, page.reminders)),
        reminder_minutes_before=_minutes(max(page.reminders)) if page.reminders else None,
        brand_color=page.brand_color,
        confirm_guest_email=page.confirm_guest_email,
        additional_guests_allowed=page.additional_guests_allowed,
        active=page.active,
        calendars=page.calendars,
        embedding=page.embedding,
        event_types=tuple(event_type_for_host(each) for each in page.event_types),
    )


def page_for_guests(found: PublicPage, configured: frozenset[Provider], now: datetime) -> PublicPageOut:
    event_types = tuple(
        OfferedEventType(
            slug=each.slug,
            title=each.title,
            duration_minutes=_minutes(each.duration),
            description=each.description,
            meeting_types=tuple(
                OfferedMeetingType(name_of(usable), label(name_of(usable)))
                for usable in types_to_choose(found, each, configured, now)
            ),
            questions=each.questions,
        )
        for each in found.page.event_types
    )
    return PublicPageOut(
        title=found.page.title,
        description=found.page.description,
        host=PageHost(found.host.name),
        accepting_bookings=any(each.meeting_types for each in event_types),
        event_types=event_types,
    )


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
