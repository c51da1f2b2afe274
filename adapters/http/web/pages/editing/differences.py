"""The differences between what two editors of one page have filled in."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import msgspec
from msgspec import UnsetType

from adapters.http.web.pages.editing.words import DAY_NAMES, KIND_NAMES, holidays_words, hours_words
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.meeting_types import label
from adapters.presentation.times import day, length
from adapters.presentation.zone_names import zone_name
from domain.availability import WEEKDAYS, Availability
from domain.booking_page import BookingPage, EventType, Question
from domain.ids import EventTypeId
from domain.meeting_type import InPerson, MeetingType, Phone, name_of
from domain.schedule import Schedule

_NOTHING = "–"


class Difference(msgspec.Struct, frozen=True):
    """A field by its name, with both values as people read them."""

    name: str
    mine: str
    theirs: str


class _Field(msgspec.Struct, frozen=True):
    """`key` is the same for the same field of both pages."""

    key: tuple[str, ...]
    name: str
    value: str


def differences(mine: BookingPage, theirs: BookingPage) -> tuple[Difference, ...]:
    """The fields that differ, in the order of the editor.

    Event types that only one of the pages has are told by the lists of event types alone.
    """
    both = {each.id for each in mine.event_types} & {each.id for each in theirs.event_types}
    return _compared(_fields(mine, both), _fields(theirs, both))


def schedule_differences(mine: Schedule, theirs: Schedule) -> tuple[Difference, ...]:
    """The same for two editors of one schedule."""
    return _compared(_of_schedule(mine), _of_schedule(theirs))


def _compared(mine: Iterable[_Field], theirs: Iterable[_Field]) -> tuple[Difference, ...]:
    ours = {each.key: each for each in mine}
    others = {each.key: each for each in theirs}
    found: list[Difference] = []
    for key in dict.fromkeys((*ours, *others)):
        here, there = ours.get(key), others.get(key)
        values = tuple(each.value if each else _NOTHING for each in (here, there))
        if values[0] != values[1]:
            found.append(Difference((here or others[key]).name, *values))
    return tuple(found)


def _fields(page: BookingPage, compared: set[EventTypeId]) -> Iterator[_Field]:
    yield _Field(("active",), _("Accept bookings"), _switch(page.active))
    yield _Field(("title",), _("Title"), page.title)
    yield _Field(("slug",), _("Address"), page.slug)
    yield _Field(("description",), _("Description"), page.description or _NOTHING)
    yield _Field(("color",), _("Brand colour"), page.brand_color or _("Standard colour"))
    yield _Field(("confirm_guest_email",), _("Guests confirm their address"), _switch(page.confirm_guest_email))
    invites = _switch(page.additional_guests_allowed)
    yield _Field(("additional_guests_allowed",), _("Guests can invite others"), invites)
    yield _Field(("embedding",), _("Who may embed this page"), _embedding(page))
    yield _Field(("types",), _("Meeting types"), _types(page.meeting_types))
    yield _Field(("events",), _("Event types"), ", ".join(each.title for each in page.event_types) or _NOTHING)
    for each in page.event_types:
        if each.id in compared:
            yield from _of_event_type(each)
    yield _Field(("schedule",), _("Hours"), page.schedule.name if page.schedule else _("Only for this page"))
    if page.schedule is None:
        yield from _of_hours(page.availability)
    rules = page.rules
    yield _Field(("notice",), _("Minimum notice"), _length(rules.minimum_notice))
    yield _Field(("not_today",), _("Not on the same day"), _switch(rules.not_today))
    yield _Field(("horizon",), _("Bookable up to"), _("{number} days ahead").format(number=rules.horizon_days))
    yield _Field(("interval",), _("Start times every"), length(rules.slot_interval))
    yield _Field(("cap",), _("Daily limit"), str(rules.daily_cap or _NOTHING))
    yield _Field(("per_guest",), _("Most per guest"), str(rules.max_per_guest))
    yield _Field(("before",), _("Buffer before"), _length(rules.buffer_before))
    yield _Field(("after",), _("Buffer after"), _length(rules.buffer_after))
    yield _Field(("calendars",), _("Calendars that block"), str(len(page.calendars.blocking)))
    yield _Field(
        ("writes_to",), _("New bookings go to"), _("A calendar") if page.calendars.writes_to else _("No calendar")
    )
    closes = page.calendars.when_unreadable == "close"
    yield _Field(
        ("when_unreadable",),
        _("When a calendar can’t be read"),
        _("Offer no times until it can be read again") if closes else _("Keep offering times from the last reading"),
    )
    reminders = (_length(each) for each in sorted(page.reminders, reverse=True))
    yield _Field(("lead",), _("Reminders"), ", ".join(reminders) or _NOTHING)


def _switch(on: bool) -> str:
    return _("On") if on else _("Off")


def _embedding(page: BookingPage) -> str:
    match page.embedding:
        case "nowhere":
            return _("No site")
        case "anywhere":
            return _("Any site")
        case sites:
            return ", ".join(sites)


def _of_schedule(schedule: Schedule) -> Iterator[_Field]:
    yield _Field(("name",), _("Name"), schedule.name)
    zone = zone_name(schedule.timezone) if schedule.timezone else _("Your time zone")
    yield _Field(("timezone",), _("Time zone"), zone)
    yield from _of_hours(schedule.availability)


def _of_event_type(event_type: EventType) -> Iterator[_Field]:
    def field(part: str, name: str, value: str) -> _Field:
        return _Field(("event", event_type.id, part), f"{event_type.title}, {name}", value)

    own = event_type.meeting_types
    yield field("slug", _("Address"), event_type.slug)
    yield field("duration", _("Duration"), length(event_type.duration))
    yield field("description", _("Description"), event_type.description or _NOTHING)
    yield field("redirect", _("After booking, go to"), event_type.redirect_url or _("The booking"))
    yield field("types", _("Meeting types"), _("Same as the page") if own is None else _types(own))
    yield field("questions", _("Questions"), "; ".join(map(_question, event_type.questions)) or _NOTHING)


def _of_hours(availability: Availability) -> Iterator[_Field]:
    for index, weekday in enumerate(WEEKDAYS):
        hours = hours_words(availability.weekly.on(index)) or _("Not available")
        yield _Field(("hours", weekday), _(DAY_NAMES[weekday]), hours)
    for date, stretches in sorted(availability.overrides.items()):
        yield _Field(("date", date.isoformat()), day(date), hours_words(stretches) or _("Day off"))
    calendar = availability.public_holidays
    if not isinstance(calendar, UnsetType):
        yield _Field(("holidays",), _("Public holidays"), holidays_words(calendar))


def _types(meeting_types: Sequence[MeetingType]) -> str:
    return ", ".join(map(_type, meeting_types)) or _NOTHING


def _type(meeting_type: MeetingType) -> str:
    name = label(name_of(meeting_type))
    match meeting_type:
        case Phone(caller="guest", number=number):
            name = f"{name}: {number}"
        case InPerson(address):
            name = f"{name}: {address}"
        case _:
            pass
    return name if meeting_type.backup else _("{meeting_type} (not a backup)").format(meeting_type=name)


def _length(duration: timedelta | None) -> str:
    return length(duration) if duration else _NOTHING


def _question(question: Question) -> str:
    details = [_(KIND_NAMES[question.kind]), *([_("Required")] if question.required else []), *question.choices]
    return f"{question.label} ({', '.join(details)})"
