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
from domain.faults import OutOfRange, Required
from domain.host import slug
from domain.ids import EventTypeId
from domain.limits import Limits
from domain.meeting_type import MeetingType

T = TypeVar("T")
N = TypeVar("N", int, int | None)
M = TypeVar("M", timedelta, timedelta | None)

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
        rules=_edited_rules(checks, page.rules, edit),
        remind_before=_reminder(checks, page.remind_before, edit.reminder_minutes_before),
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
        duration=_minutes(
            checks, event_type.duration, edit.duration_minutes, path + "duration_minutes", DURATION_MINUTES
        ),
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


def _edited_rules(checks: Checks, rules: BookingRules, edit: PageEdit) -> BookingRules:
    def minutes(present: timedelta, given: int | UnsetType, field: str, limits: Limits) -> timedelta:
        return _minutes(checks, present, given, f"{field}_minutes", limits)

    cap = edit.daily_cap
    return BookingRules(
        minimum_notice=minutes(rules.minimum_notice, edit.minimum_notice_minutes, "minimum_notice", NOTICE_MINUTES),
        horizon_days=_number(checks, rules.horizon_days, edit.horizon_days, "horizon_days", HORIZON_DAYS),
        buffer_before=minutes(rules.buffer_before, edit.buffer_before_minutes, "buffer_before", BUFFER_MINUTES),
        buffer_after=minutes(rules.buffer_after, edit.buffer_after_minutes, "buffer_after", BUFFER_MINUTES),
        slot_interval=minutes(rules.slot_interval, edit.slot_interval_minutes, "slot_interval", INTERVAL_MINUTES),
        daily_cap=None if cap is None else _number(checks, rules.daily_cap, cap, "daily_cap", DAILY_CAP),
    )


def _reminder(checks: Checks, present: timedelta | None, given: int | UnsetType | None) -> timedelta | None:
    if given is None:
        return None
    return _minutes(checks, present, given, "reminder_minutes_before", REMINDER_MINUTES)


def _minutes(checks: Checks, present: M, given: int | UnsetType, field: str, limits: Limits) -> timedelta | M:
    number = _number(checks, None, given, field, limits)
    return present if number is None else timedelta(minutes=number)


def _number(checks: Checks, present: N, given: int | UnsetType, field: str, limits: Limits) -> int | N:
    """The number that is given, if it is within its limits; else the present one."""
    if isinstance(given, UnsetType):
        return present
    if given not in limits:
        checks.note(field, OutOfRange(limits.least, limits.most))
        return present
    return given


def _changed(checks: Checks, present: T, given: T | UnsetType, check: Callable[[T], T]) -> T:
    """What is given once it was checked; what is left out, or was found wrong, stays."""
    return present if isinstance(given, UnsetType) else checks.run(present, check, given)
