"""Edits of a booking page and their result."""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from application.pages.page_checks import (
    checked_availability,
    checked_meeting_types,
    checked_questions,
    each_slug_once,
    title,
)
from application.people import long_text
from domain.availability import (
    BUFFER_MINUTES,
    DAILY_CAP,
    HORIZON_DAYS,
    INTERVAL_MINUTES,
    NOTICE_MINUTES,
    Availability,
    BookingRules,
)
from domain.booking_page import DURATION_MINUTES, REMINDER_MINUTES, BookingPage, EventType, Question, rgb
from domain.errors import InvalidInput
from domain.host import slug
from domain.ids import EventTypeId
from domain.meeting_type import MeetingType
from domain.words import Words

Notice = Annotated[int, NOTICE_MINUTES.meta]
Buffer = Annotated[int, BUFFER_MINUTES.meta]
Interval = Annotated[int, INTERVAL_MINUTES.meta]
Duration = Annotated[int, DURATION_MINUTES.meta]
Horizon = Annotated[int, HORIZON_DAYS.meta]
Cap = Annotated[int, DAILY_CAP.meta]
Lead = Annotated[int, REMINDER_MINUTES.meta]


class EventTypeEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new event type, or changes to one; what is left out stays or takes its default."""

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    duration_minutes: Duration | UnsetType = UNSET
    meeting_types: tuple[MeetingType, ...] | UnsetType | None = UNSET
    questions: tuple[Question, ...] | UnsetType = UNSET


class PageEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new page, or changes to one; what is left out stays or takes its default."""

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    meeting_types: tuple[MeetingType, ...] | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    minimum_notice_minutes: Notice | UnsetType = UNSET
    horizon_days: Horizon | UnsetType = UNSET
    buffer_before_minutes: Buffer | UnsetType = UNSET
    buffer_after_minutes: Buffer | UnsetType = UNSET
    slot_interval_minutes: Interval | UnsetType = UNSET
    daily_cap: Cap | UnsetType | None = UNSET
    reminder_minutes_before: Lead | UnsetType | None = UNSET
    brand_color: str | UnsetType | None = UNSET
    event_types: tuple[EventTypeEdit, ...] | UnsetType = UNSET


def edited_page(page: BookingPage, edit: PageEdit) -> BookingPage:
    """The page with everything but its event types as the edit wants it.

    Raises:
        InvalidInput: names the member.
    """
    types = edit.meeting_types
    return msgspec.structs.replace(
        page,
        slug=page.slug if isinstance(edit.slug, UnsetType) else slug(edit.slug),
        title=page.title if isinstance(edit.title, UnsetType) else title(edit.title, "title"),
        description=page.description
        if isinstance(edit.description, UnsetType)
        else long_text(edit.description, "description"),
        meeting_types=page.meeting_types if isinstance(types, UnsetType) else checked_meeting_types(types, ""),
        availability=page.availability
        if isinstance(edit.availability, UnsetType)
        else checked_availability(edit.availability),
        rules=_edited_rules(page.rules, edit),
        remind_before=_lead(edit.reminder_minutes_before, page.remind_before),
        brand_color=_color(edit.brand_color, page.brand_color),
    )


def new_event_type(id: EventTypeId, edit: EventTypeEdit, path: str) -> EventType:
    """Make an event type; `path` is where the edit lies in what was sent, such as `event_types.0.`.

    Raises:
        InvalidInput: names the member.
    """
    for field, given, words in (
        ("slug", edit.slug, Words("An event type needs a slug.")),
        ("title", edit.title, Words("An event type needs a title.")),
        ("duration_minutes", edit.duration_minutes, Words("An event type needs a length in minutes.")),
    ):
        if given is UNSET:
            raise InvalidInput(path + field, words)
    return edited_event_type(
        EventType(id=id, slug="", title="", duration=timedelta(minutes=DURATION_MINUTES.least)), edit, path
    )


def edited_event_type(event_type: EventType, edit: EventTypeEdit, path: str) -> EventType:
    """The event type as the edit wants it; an empty list of meeting types means the page's.

    Raises:
        InvalidInput: names the member.
    """
    types = edit.meeting_types
    asked = edit.questions
    return msgspec.structs.replace(
        event_type,
        slug=event_type.slug if isinstance(edit.slug, UnsetType) else slug(edit.slug, path + "slug"),
        title=event_type.title if isinstance(edit.title, UnsetType) else title(edit.title, path + "title"),
        duration=_minutes(edit.duration_minutes, event_type.duration),
        meeting_types=event_type.meeting_types
        if isinstance(types, UnsetType)
        else (checked_meeting_types(types, path) if types else None),
        questions=event_type.questions if isinstance(asked, UnsetType) else checked_questions(asked, path),
    )


def with_event_types(page: BookingPage, event_types: tuple[EventType, ...], path: str = "event_types.") -> BookingPage:
    """The page with these event types. Raises InvalidInput where two have the same slug, or there are too many."""
    return msgspec.structs.replace(page, event_types=each_slug_once(event_types, path))


def _edited_rules(rules: BookingRules, edit: PageEdit) -> BookingRules:
    return BookingRules(
        minimum_notice=_minutes(edit.minimum_notice_minutes, rules.minimum_notice),
        horizon_days=rules.horizon_days if isinstance(edit.horizon_days, UnsetType) else edit.horizon_days,
        buffer_before=_minutes(edit.buffer_before_minutes, rules.buffer_before),
        buffer_after=_minutes(edit.buffer_after_minutes, rules.buffer_after),
        slot_interval=_minutes(edit.slot_interval_minutes, rules.slot_interval),
        daily_cap=rules.daily_cap if isinstance(edit.daily_cap, UnsetType) else edit.daily_cap,
    )


def _minutes(given: int | UnsetType, otherwise: timedelta) -> timedelta:
    return otherwise if isinstance(given, UnsetType) else timedelta(minutes=given)


def _lead(given: int | UnsetType | None, otherwise: timedelta | None) -> timedelta | None:
    if isinstance(given, UnsetType):
        return otherwise
    return None if given is None else timedelta(minutes=given)


def _color(given: str | UnsetType | None, otherwise: str | None) -> str | None:
    if isinstance(given, UnsetType):
        return otherwise
    return None if given is None else rgb(given)
