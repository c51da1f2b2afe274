"""Edits of a booking page and their result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, TypeVar

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
from domain.errors import Checks
from domain.faults import Required
from domain.host import slug
from domain.ids import EventTypeId
from domain.meeting_type import MeetingType

T = TypeVar("T")

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
    checks = Checks()
    edited = msgspec.structs.replace(
        page,
        slug=_changed(checks, page.slug, edit.slug, slug),
        title=_changed(checks, page.title, edit.title, lambda text: title(text, "title")),
        description=_changed(checks, page.description, edit.description, lambda text: long_text(text, "description")),
        meeting_types=_changed(
            checks, page.meeting_types, edit.meeting_types, lambda types: checked_meeting_types(types, "")
        ),
        availability=_changed(checks, page.availability, edit.availability, checked_availability),
        rules=_edited_rules(page.rules, edit),
        remind_before=_lead(edit.reminder_minutes_before, page.remind_before),
        brand_color=_changed(
            checks, page.brand_color, edit.brand_color, lambda color: None if color is None else rgb(color)
        ),
    )
    checks.done()
    return edited


def new_event_type(id: EventTypeId, edit: EventTypeEdit, path: str) -> EventType:
    """Make an event type; `path` is where the edit lies in what was sent, such as `event_types.0.`.

    Raises:
        InvalidInput: names the member.
    """
    checks = Checks()
    for field in ("slug", "title", "duration_minutes"):
        if getattr(edit, field) is UNSET:
            checks.note(path + field, Required())
    blank = EventType(id=id, slug="", title="", duration=timedelta(minutes=DURATION_MINUTES.least))
    made = checks.run(blank, edited_event_type, blank, edit, path)
    checks.done()
    return made


def edited_event_type(event_type: EventType, edit: EventTypeEdit, path: str) -> EventType:
    """The event type as the edit wants it; an empty list of meeting types means the page's.

    Raises:
        InvalidInput: names the member.
    """
    checks = Checks()
    edited = msgspec.structs.replace(
        event_type,
        slug=_changed(checks, event_type.slug, edit.slug, lambda text: slug(text, path + "slug")),
        title=_changed(checks, event_type.title, edit.title, lambda text: title(text, path + "title")),
        duration=_minutes(edit.duration_minutes, event_type.duration),
        meeting_types=_changed(
            checks,
            event_type.meeting_types,
            edit.meeting_types,
            lambda types: checked_meeting_types(types, path) if types else None,
        ),
        questions=_changed(
            checks, event_type.questions, edit.questions, lambda questions: checked_questions(questions, path)
        ),
    )
    checks.done()
    return edited


def with_event_types(page: BookingPage, event_types: tuple[EventType, ...], path: str) -> BookingPage:
    """The page with these event types. Raises InvalidInput where two have the same slug, or there are too many."""
    each_slug_once([each.slug for each in event_types], path)
    return msgspec.structs.replace(page, event_types=event_types)


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


def _changed(checks: Checks, present: T, given: T | UnsetType, check: Callable[[T], T]) -> T:
    """What is given once it was checked; what is left out, or was found wrong, stays."""
    return present if isinstance(given, UnsetType) else checks.run(present, check, given)
