"""Edits of a booking page and their result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from application.pages.embedding import checked_embedding
from application.pages.page_checks import (
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
    MAX_PER_GUEST,
    NOTICE_MINUTES,
    Availability,
    BookingRules,
)
from domain.booking_page import (
    DURATION_MINUTES,
    LONGEST_DESCRIPTION,
    MOST_REMINDERS,
    REMINDER_MINUTES,
    BookingPage,
    EventType,
    QuestionKind,
    rgb,
)
from domain.embedding import Embedding
from domain.errors import Checks
from domain.faults import Fault, NoSuchCalendar, NoSuchSchedule, OutOfRange, Repeated, Required, TooMany
from domain.host import slug
from domain.ids import CalendarId, EventTypeId, HostId, PageId, ScheduleId
from domain.join_link import join_link
from domain.limits import Limits
from domain.meeting_type import MeetingType
from domain.page_calendars import MOST_CALENDARS, OnDelete, OnMove, PageCalendars, WhenUnreadable
from domain.schedule import Schedule

T = TypeVar("T")
N = TypeVar("N", int, int | None)
M = TypeVar("M", timedelta, timedelta | None)

ChangedFields = dict[str, Any]

MinNotice = Annotated[int, NOTICE_MINUTES.meta]
Buffer = Annotated[int, BUFFER_MINUTES.meta]
Interval = Annotated[int, INTERVAL_MINUTES.meta]
Duration = Annotated[int, DURATION_MINUTES.meta]
Horizon = Annotated[int, HORIZON_DAYS.meta]
Cap = Annotated[int, DAILY_CAP.meta]
PerGuest = Annotated[int, MAX_PER_GUEST.meta]
Lead = Annotated[int, REMINDER_MINUTES.meta]


class QuestionEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question as sent; only a choice keeps its `choices`."""

    id: str
    label: str
    kind: QuestionKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


class EventTypeEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new event type, or changes to one; what is left out stays or takes its default."""

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    duration_minutes: Duration | UnsetType = UNSET
    description: str | UnsetType = UNSET
    redirect_url: str | UnsetType | None = UNSET
    meeting_types: tuple[MeetingType, ...] | UnsetType | None = UNSET
    questions: tuple[QuestionEdit, ...] | UnsetType = UNSET


class CalendarsEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to what a page makes of its host's calendars; what is left out stays."""

    blocking: tuple[CalendarId, ...] | UnsetType = UNSET
    writes_to: CalendarId | UnsetType | None = UNSET
    when_unreadable: WhenUnreadable | UnsetType = UNSET
    on_delete: OnDelete | UnsetType = UNSET
    on_move: OnMove | UnsetType = UNSET


class PageEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new page, or changes to one; what is left out stays or takes its default.

    Hours without a schedule are the page's own from then on.
    """

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    meeting_types: tuple[MeetingType, ...] | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    schedule_id: ScheduleId | UnsetType | None = UNSET
    minimum_notice_minutes: MinNotice | UnsetType = UNSET
    not_today: bool | UnsetType = UNSET
    horizon_days: Horizon | UnsetType = UNSET
    buffer_before_minutes: Buffer | UnsetType = UNSET
    buffer_after_minutes: Buffer | UnsetType = UNSET
    slot_interval_minutes: Interval | UnsetType = UNSET
    daily_cap: Cap | UnsetType | None = UNSET
    max_per_guest: PerGuest | UnsetType = UNSET
    reminders: tuple[Lead, ...] | UnsetType = UNSET
    brand_color: str | UnsetType | None = UNSET
    confirm_guest_email: bool | UnsetType = UNSET
    additional_guests_allowed: bool | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    calendars: CalendarsEdit | UnsetType = UNSET
    embedding: Embedding | UnsetType = UNSET
    event_types: tuple[EventTypeEdit, ...] | UnsetType = UNSET


class Choices(msgspec.Struct, frozen=True):
    """What of a host's an edit can name.

    Attributes:
        writable: the calendars that entries can be written to.
        faults: what it names without there being any.
    """

    calendars: frozenset[CalendarId] = frozenset()
    writable: frozenset[CalendarId] = frozenset()
    schedules: dict[ScheduleId, Schedule] = {}
    faults: tuple[Fault, ...] = ()


def edited_page(page: BookingPage, edit: PageEdit, choices: Choices) -> BookingPage:
    """The page with everything but its event types as the edit wants it.

    Args:
        choices: what the edit can name.

    Raises:
        InvalidInput: names the member.
    """
    checks = Checks()
    changes = _page_changes(checks, edit, page.rules, choices)
    if not isinstance(edit.calendars, UnsetType):
        changes["calendars"] = checks.run(page.calendars, _edited_calendars, page.calendars, edit.calendars, choices)
    checks.done()
    return msgspec.structs.replace(page, **changes)


def new_page(
    id: PageId,
    host_id: HostId,
    edit: PageEdit,
    made: Callable[[EventTypeEdit, int], EventType],
    choices: Choices,
    begin_with: tuple[CalendarId, ...],
) -> BookingPage:
    """Make a page.

    Args:
        made: makes the event type at a place of the edit.
        choices: what the edit can name.
        begin_with: those that block it unless the edit says otherwise.

    Raises:
        InvalidInput: names the member.
    """
    checks = Checks()
    _require(checks, edit, ("slug", "title"), "")
    changes = _page_changes(checks, edit, BookingRules(), choices)
    changes["calendars"] = present = PageCalendars(begin_with)
    if not isinstance(edit.calendars, UnsetType):
        changes["calendars"] = checks.run(present, _edited_calendars, present, edit.calendars, choices)
    sent = () if isinstance(edit.event_types, UnsetType) else edit.event_types
    event_types = tuple(checks.run(None, made, each, place) for place, each in enumerate(sent))
    checks.run(None, each_slug_once, [each.slug if each else "" for each in event_types], "event_types.")
    checks.done()
    return BookingPage(
        id=id, host_id=host_id, event_types=tuple(each for each in event_types if each is not None), **changes
    )


def new_event_type(id: EventTypeId, edit: EventTypeEdit, path: str) -> EventType:
    """Make an event type; `path` is where the edit lies in what was sent, such as `event_types.0.`.

    Raises:
        InvalidInput: names the member.
    """
    checks = Checks()
    _require(checks, edit, ("slug", "title", "duration_minutes"), path)
    changes = _event_type_changes(checks, edit, path)
    checks.done()
    return EventType(id=id, **changes)


def edited_event_type(event_type: EventType, edit: EventTypeEdit, path: str) -> EventType:
    """The event type as the edit wants it; an empty list of meeting types means the page's.

    Raises:
        InvalidInput: names the member.
    """
    checks = Checks()
    changes = _event_type_changes(checks, edit, path)
    checks.done()
    return msgspec.structs.replace(event_type, **changes)


def with_event_types(page: BookingPage, event_types: tuple[EventType, ...], path: str) -> BookingPage:
    """The page with these event types. Raises InvalidInput where two have the same slug, or there are too many."""
    each_slug_once([each.slug for each in event_types], path)
    return msgspec.structs.replace(page, event_types=event_types)


def _require(checks: Checks, edit: PageEdit | EventTypeEdit, members: tuple[str, ...], path: str) -> None:
    for member in members:
        if getattr(edit, member) is UNSET:
            checks.note(path + member, Required())


def _page_changes(checks: Checks, edit: PageEdit, rules: BookingRules, choices: Choices) -> ChangedFields:
    """The members that are given, once they were checked; those found wrong are left out."""
    changes: ChangedFields = {"rules": _edited_rules(checks, rules, edit)}
    if not isinstance(edit.reminders, UnsetType):
        changes["reminders"] = _reminders(checks, edit.reminders)
    _change(checks, changes, "slug", edit.slug, slug)
    _change(checks, changes, "title", edit.title, lambda text: title(text, "title"))
    _change(
        checks,
        changes,
        "description",
        edit.description,
        lambda text: long_text(text, "description", LONGEST_DESCRIPTION),
    )
    _change(checks, changes, "meeting_types", edit.meeting_types, lambda types: checked_meeting_types(types, ""))
    if not isinstance(edit.availability, UnsetType):
        changes["availability"] = edit.availability
        changes["schedule"] = None
    for fault in choices.faults:
        checks.note(fault.field, fault.problem)
    if not isinstance(edit.schedule_id, UnsetType):
        changes["schedule"] = None if edit.schedule_id is None else choices.schedules.get(edit.schedule_id)
        if edit.schedule_id is not None and changes["schedule"] is None:
            checks.note("schedule_id", NoSuchSchedule())
    if not isinstance(edit.confirm_guest_email, UnsetType):
        changes["confirm_guest_email"] = edit.confirm_guest_email
    if not isinstance(edit.additional_guests_allowed, UnsetType):
        changes["additional_guests_allowed"] = edit.additional_guests_allowed
    if not isinstance(edit.active, UnsetType):
        changes["active"] = edit.active
    _change(checks, changes, "embedding", edit.embedding, checked_embedding)
    _change(checks, changes, "brand_color", edit.brand_color, lambda color: None if color is None else rgb(color))
    return changes


def _edited_calendars(present: PageCalendars, edit: CalendarsEdit, usable: Choices) -> PageCalendars:
    checks = Checks()
    blocking = present.blocking if isinstance(edit.blocking, UnsetType) else edit.blocking
    if len(blocking) > MOST_CALENDARS:
        checks.note("calendars.blocking", TooMany(MOST_CALENDARS))
    for place, each in enumerate(blocking):
        if each not in usable.calendars:
            checks.note(f"calendars.blocking.{place}", NoSuchCalendar())
        elif each in blocking[:place]:
            checks.note(f"calendars.blocking.{place}", Repeated())
    writes_to = present.writes_to if isinstance(edit.writes_to, UnsetType) else edit.writes_to
    # One that can't be written to any more stays until the host chooses another.
    if writes_to not in {None, present.writes_to, *usable.writable}:
        checks.note("calendars.writes_to", NoSuchCalendar())
    checks.done()
    return PageCalendars(
        blocking,
        writes_to,
        present.when_unreadable if isinstance(edit.when_unreadable, UnsetType) else edit.when_unreadable,
        present.on_delete if isinstance(edit.on_delete, UnsetType) else edit.on_delete,
        present.on_move if isinstance(edit.on_move, UnsetType) else edit.on_move,
    )


def _event_type_changes(checks: Checks, edit: EventTypeEdit, path: str) -> ChangedFields:
    changes: ChangedFields = {}
    _change(checks, changes, "slug", edit.slug, lambda text: slug(text, path + "slug"))
    _change(checks, changes, "title", edit.title, lambda text: title(text, path + "title"))
    duration = _minutes(checks, None, edit.duration_minutes, path + "duration_minutes", DURATION_MINUTES)
    if duration is not None:
        changes["duration"] = duration
    _change(
        checks,
        changes,
        "description",
        edit.description,
        lambda text: long_text(text, path + "description", LONGEST_DESCRIPTION),
    )
    _change(
        checks,
        changes,
        "redirect_url",
        edit.redirect_url,
        lambda url: None if url is None else join_link(url, path + "redirect_url"),
    )
    _change(
        checks,
        changes,
        "meeting_types",
        edit.meeting_types,
        lambda types: checked_meeting_types(types, path) if types else None,
    )
    _change(checks, changes, "questions", edit.questions, lambda questions: checked_questions(questions, path))
    return changes


def _edited_rules(checks: Checks, rules: BookingRules, edit: PageEdit) -> BookingRules:
    def minutes(present: timedelta, given: int | UnsetType, field: str, limits: Limits) -> timedelta:
        return _minutes(checks, present, given, f"{field}_minutes", limits)

    cap = edit.daily_cap
    return BookingRules(
        minimum_notice=minutes(rules.minimum_notice, edit.minimum_notice_minutes, "minimum_notice", NOTICE_MINUTES),
        not_today=rules.not_today if edit.not_today is UNSET else edit.not_today,
        horizon_days=_number(checks, rules.horizon_days, edit.horizon_days, "horizon_days", HORIZON_DAYS),
        buffer_before=minutes(rules.buffer_before, edit.buffer_before_minutes, "buffer_before", BUFFER_MINUTES),
        buffer_after=minutes(rules.buffer_after, edit.buffer_after_minutes, "buffer_after", BUFFER_MINUTES),
        slot_interval=minutes(rules.slot_interval, edit.slot_interval_minutes, "slot_interval", INTERVAL_MINUTES),
        daily_cap=None if cap is None else _number(checks, rules.daily_cap, cap, "daily_cap", DAILY_CAP),
        max_per_guest=_number(checks, rules.max_per_guest, edit.max_per_guest, "max_per_guest", MAX_PER_GUEST),
    )


def _reminders(checks: Checks, given: tuple[int, ...]) -> tuple[timedelta, ...]:
    if len(given) > MOST_REMINDERS:
        checks.note("reminders", TooMany(MOST_REMINDERS))
    for place, each in enumerate(given):
        if each in given[:place]:
            checks.note(f"reminders.{place}", Repeated())
        elif each not in REMINDER_MINUTES:
            checks.note(f"reminders.{place}", OutOfRange(REMINDER_MINUTES.least, REMINDER_MINUTES.most))
    return tuple(timedelta(minutes=each) for each in given if each in REMINDER_MINUTES)


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


def _change(
    checks: Checks, changes: ChangedFields, member: str, given: T | UnsetType, check: Callable[[T], object]
) -> None:
    """Keep what is given, once it was checked, as a change; what is left out stays."""
    if not isinstance(given, UnsetType):
        changes[member] = checks.run(None, check, given)
