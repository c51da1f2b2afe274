"""What is typed in the page editor, and what it asks to be saved?"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise, zip_longest
from typing import Literal, get_args

import msgspec
from msgspec import UNSET

from adapters.http.web.forms import Errors, Form
from application.edit_pages import EventTypeEdit, EventTypeRow, PageEdit
from application.people import phone_number
from domain.availability import WEEKDAYS, Availability, DayHours, Hours, Weekday, WeeklyHours
from domain.booking_page import A_DAY, BookingPage
from domain.errors import InvalidInput
from domain.ids import EventTypeId
from domain.meeting_type import (
    GoogleMeet,
    InPerson,
    MeetingType,
    MeetingTypeName,
    MicrosoftTeams,
    Phone,
    Zoom,
    name_of,
)

NAMES: tuple[MeetingTypeName, ...] = get_args(MeetingTypeName)
Unit = Literal["minutes", "hours", "days"]
_MINUTES_IN: dict[str, int] = {"minutes": 1, "hours": 60, "days": 60 * 24}
_A_YEAR = 60 * 24 * 365
_LONGEST_LEAD = 60 * 24 * 30


class Event(msgspec.Struct, frozen=True):
    """An event type as typed; a new one has no id yet."""

    id: str = ""
    title: str = ""
    slug: str = ""
    duration: str = "30"
    removed: bool = False


class Stretch(msgspec.Struct, frozen=True):
    start: str = ""
    end: str = ""


class Override(msgspec.Struct, frozen=True):
    """A date with one stretch of hours, or without any for a day off."""

    day: str = ""
    start: str = ""
    end: str = ""


class EditorForm(msgspec.Struct, frozen=True):
    """All fields as typed, so that a refused form comes back as it was sent."""

    title: str
    slug: str
    description: str
    order: tuple[MeetingTypeName, ...]
    on: frozenset[str]
    caller: str
    number: str
    address: str
    events: tuple[Event, ...]
    weekly: dict[Weekday, tuple[Stretch, ...]]
    overrides: tuple[Override, ...]
    notice: str
    notice_unit: str
    horizon: str
    before: str
    after: str
    interval: str
    cap: str
    remind: bool
    lead: str
    lead_unit: str

    @classmethod
    def of(cls, page: BookingPage) -> "EditorForm":
        types = {name_of(each): each for each in page.meeting_types}
        phone, in_person = types.get("phone"), types.get("in_person")
        notice, unit = _in_units(page.rules.minimum_notice)
        lead, lead_unit = _in_units(page.remind_before or A_DAY)
        return cls(
            title=page.title,
            slug=page.slug,
            description=page.description,
            order=_all_in_order(list(types)),
            on=frozenset(types),
            caller=phone.caller if isinstance(phone, Phone) else "host",
            number=(phone.number or "") if isinstance(phone, Phone) else "",
            address=in_person.address if isinstance(in_person, InPerson) else "",
            events=tuple(
                Event(each.id, each.title, each.slug, str(_minutes(each.duration))) for each in page.event_types
            ),
            weekly={
                weekday: tuple(Stretch(each.start, each.end) for each in page.availability.weekly.on(index))
                for index, weekday in enumerate(WEEKDAYS)
            },
            overrides=tuple(
                override
                for day, hours in sorted(page.availability.overrides.items())
                for override in (
                    [Override(day.isoformat(), each.start, each.end) for each in hours] or [Override(day.isoformat())]
                )
            ),
            notice=notice,
            notice_unit=unit,
            horizon=str(page.rules.horizon_days),
            before=str(_minutes(page.rules.buffer_before)),
            after=str(_minutes(page.rules.buffer_after)),
            interval=str(_minutes(page.rules.slot_interval)),
            cap="" if page.rules.daily_cap is None else str(page.rules.daily_cap),
            remind=page.remind_before is not None,
            lead=lead,
            lead_unit=lead_unit,
        )

    @classmethod
    def sent(cls, form: Form) -> "EditorForm":
        removed = set(form.all("event.removed"))
        events = zip_longest(
            form.all("event.id"), form.all("event.title"), form.all("event.slug"), form.all("event.duration"),
            fillvalue="",
        )  # fmt: skip
        return cls(
            title=form.text("title"),
            slug=form.text("slug").strip().lower(),
            description=form.text("description"),
            order=_all_in_order(form.all("order")),
            on=frozenset(form.all("on")),
            caller="guest" if form.text("caller") == "guest" else "host",
            number=form.text("number"),
            address=form.text("address"),
            events=tuple(
                Event(known, title, slug.strip().lower(), duration, removed=bool(known) and known in removed)
                for known, title, slug, duration in events
            ),
            weekly={
                weekday: tuple(
                    Stretch(start, end)
                    for start, end in zip_longest(
                        form.all(f"hours.{weekday}.start"), form.all(f"hours.{weekday}.end"), fillvalue=""
                    )
                )
                for weekday in WEEKDAYS
            },
            overrides=tuple(
                Override(day, start, end)
                for day, start, end in zip_longest(
                    form.all("override.day"), form.all("override.start"), form.all("override.end"), fillvalue=""
                )
            ),
            notice=form.text("notice"),
            notice_unit=form.text("notice_unit"),
            horizon=form.text("horizon"),
            before=form.text("before"),
            after=form.text("after"),
            interval=form.text("interval"),
            cap=form.text("cap"),
            remind=bool(form.text("remind")),
            lead=form.text("lead"),
            lead_unit=form.text("lead_unit"),
        )

    def with_moved(self, name: str, by: int) -> "EditorForm":
        """The meeting type one place up or down."""
        order: list[MeetingTypeName] = list(self.order)
        place = next((index for index, each in enumerate(order) if each == name), None)
        if place is not None and 0 <= place + by < len(order):
            order[place], order[place + by] = order[place + by], order[place]
        return msgspec.structs.replace(self, order=tuple(order))

    def with_added(self, what: str) -> "EditorForm":
        """One more empty row: `event`, `override`, or a weekday's hours."""
        if what == "event":
            return msgspec.structs.replace(self, events=(*self.events, Event()))
        if what == "override":
            return msgspec.structs.replace(self, overrides=(*self.overrides, Override()))
        weekly = {day: (*rows, Stretch()) if day == what else rows for day, rows in self.weekly.items()}
        return msgspec.structs.replace(self, weekly=weekly)

    def checked(self) -> tuple[PageEdit, tuple[EventTypeRow, ...], Errors]:
        """What to save, and what is wrong with it; with errors there is nothing to save."""
        errors = Errors()
        edit = PageEdit(
            title=self.title,
            slug=self.slug,
            description=self.description,
            meeting_types=self._meeting_types(errors),
            availability=Availability(self._weekly(errors), self._overrides(errors)),
            minimum_notice_minutes=self._notice(errors),
            horizon_days=_number(self.horizon, "horizon", 1, 730, errors),
            buffer_before_minutes=_number(self.before, "before", 0, 60 * 24, errors),
            buffer_after_minutes=_number(self.after, "after", 0, 60 * 24, errors),
            slot_interval_minutes=_number(self.interval, "interval", 5, 60 * 24, errors),
            daily_cap=_number(self.cap, "cap", 1, 1000, errors) if self.cap.strip() else None,
            reminder_minutes_before=self._lead(errors) if self.remind else None,
        )
        return edit, self._events(errors), errors

    @property
    def kept_events(self) -> tuple[tuple[int, Event], ...]:
        """The event types to save, each with its place on the page; rows left empty are none."""
        return tuple(
            (place, each)
            for place, each in enumerate(self.events)
            if not each.removed and (each.id or each.title.strip() or each.slug)
        )

    def _meeting_types(self, errors: Errors) -> tuple[MeetingType, ...]:
        made: list[MeetingType] = []
        for name in self.order:
            if name not in self.on:
                continue
            if (meeting_type := self._meeting_type(name, errors)) is not None:
                made.append(meeting_type)
        return tuple(made)

    def _meeting_type(self, name: MeetingTypeName, errors: Errors) -> MeetingType | None:
        match name:
            case "zoom":
                return Zoom()
            case "google_meet":
                return GoogleMeet()
            case "microsoft_teams":
                return MicrosoftTeams()
            case "phone" if self.caller == "host":
                return Phone("host")
            case "phone":
                errors.check(lambda: phone_number(self.number, "number"))
                return Phone("guest", self.number) if "number" not in errors else None
            case "in_person":
                if not self.address.strip():
                    errors["address"] = "Please enter the address where you meet."
                return InPerson(self.address) if self.address.strip() else None

    def _weekly(self, errors: Errors) -> WeeklyHours:
        days = {weekday: _hours(rows, f"hours.{weekday}", errors) for weekday, rows in self.weekly.items()}
        if any(field.startswith("hours.") for field in errors):
            return WeeklyHours()
        return WeeklyHours(**days)

    def _overrides(self, errors: Errors) -> dict[date, DayHours]:
        by_day: dict[date, list[Stretch]] = {}
        for place, each in enumerate(self.overrides):
            if not (each.day or each.start or each.end):
                continue
            try:
                day = date.fromisoformat(each.day)
            except ValueError:
                errors[f"override.{place}"] = "Please enter a date, such as 2026-12-24."
                continue
            stretches = by_day.setdefault(day, [])
            if each.start or each.end:
                stretches.append(Stretch(each.start, each.end))
        place_of = {each.day: place for place, each in reversed(list(enumerate(self.overrides)))}
        made = {
            day: _hours(rows, f"override.{place_of.get(day.isoformat(), 0)}", errors) for day, rows in by_day.items()
        }
        return {} if any(field.startswith("override.") for field in errors) else made

    def _notice(self, errors: Errors) -> int:
        unit = _MINUTES_IN.get(self.notice_unit, 1)
        return _number(self.notice, "notice", 0, _A_YEAR // unit, errors) * unit

    def _lead(self, errors: Errors) -> int:
        unit = _MINUTES_IN.get(self.lead_unit, 1)
        return _number(self.lead, "lead", 1, _LONGEST_LEAD // unit, errors) * unit

    def _events(self, errors: Errors) -> tuple[EventTypeRow, ...]:
        rows: list[EventTypeRow] = []
        slugs: set[str] = set()
        for place, each in self.kept_events:
            if not each.title.strip():
                errors[f"event.{place}.title"] = "Please enter a title."
            if each.slug in slugs:
                errors[f"event.{place}.slug"] = "Another event type of this page has this slug."
            slugs.add(each.slug)
            edit = EventTypeEdit(
                slug=each.slug or UNSET,
                title=each.title,
                duration_minutes=_number(each.duration, f"event.{place}.duration", 1, 60 * 24, errors),
            )
            rows.append(EventTypeRow(EventTypeId(each.id) if each.id else None, edit))
            if not each.slug:
                errors[f"event.{place}.slug"] = "Please enter a slug, the last part of its address."
        return tuple(rows)


def _hours(rows: Sequence[Stretch], field: str, errors: Errors) -> DayHours:
    """A day's hours in order; rows left empty are none."""
    typed = sorted((each for each in rows if each.start or each.end), key=lambda each: each.start)
    made: list[Hours] = []
    for each in typed:
        # A time field can't hold 24:00, so midnight as an end is the end of the day.
        end = "24:00" if each.end == "00:00" else each.end
        try:
            made.append(msgspec.convert([each.start, end], Hours))
        except msgspec.ValidationError:
            errors.setdefault(field, "Please enter a start, and an end after it, such as 09:00 to 17:00.")
            return ()
    if any(later.start < earlier.end for earlier, later in pairwise(made)):
        errors.setdefault(field, "These hours overlap.")
        return ()
    return tuple(made)


def _number(text: str, field: str, least: int, most: int, errors: Errors) -> int:
    def parsed() -> int:
        digits = text.strip()
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(most)) else -1
        if not least <= number <= most:
            raise InvalidInput(field, f"Please enter a whole number from {least} to {most}.")
        return number

    errors.check(parsed)
    return least if field in errors else parsed()


def _all_in_order(names: Sequence[str]) -> tuple[MeetingTypeName, ...]:
    """Every meeting type once: first those named, in their order, then the others."""
    known = {each: index for index, each in enumerate(names)}
    return tuple(sorted(NAMES, key=lambda name: known.get(name, len(known) + NAMES.index(name))))


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _in_units(length: timedelta) -> tuple[str, Unit]:
    minutes = _minutes(length)
    units: tuple[Unit, ...] = ("days", "hours")
    for unit in units:
        if minutes and minutes % _MINUTES_IN[unit] == 0:
            return str(minutes // _MINUTES_IN[unit]), unit
    return str(minutes), "minutes"
