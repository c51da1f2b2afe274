"""The hours at which the host can be booked, as typed in the editor: weekly hours and date overrides."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest

import msgspec
from msgspec import UNSET, UnsetType

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.rows import check_rows, next_number, row_numbers
from domain.availability import (
    MOST_OVERRIDES,
    MOST_RANGES,
    WEEKDAYS,
    Availability,
    DayHours,
    Hours,
    Weekday,
    WeeklyHours,
    overlapping,
)
from domain.faults import (
    InvalidValue,
    Malformed,
    OutsideCalendar,
    Overlapping,
    Repeated,
    Required,
    TooMany,
    TooManyRanges,
)
from domain.instants import is_in_calendar
from domain.public_holidays import HolidayCalendar


class Stretch(msgspec.Struct, frozen=True):
    start: str = ""
    end: str = ""

    @property
    def ends_next_day(self) -> bool:
        """Whether the end is on the next day; midnight is still the end of this one."""
        return bool(self.start) and _MIDNIGHT < self.end <= self.start


_MIDNIGHT = "00:00"

MOST_STRETCHES = 5000

WHOLE_DAY = Stretch("09:00", "17:00")
AFTERNOON = Stretch("13:00", "17:00")


class DateForm(msgspec.Struct, frozen=True):
    """A date that differs, or all dates from `day` to `until`; without stretches they are days off."""

    number: str
    day: str = ""
    until: str = ""
    stretches: tuple[Stretch, ...] = ()


class HoursForm(msgspec.Struct, frozen=True):
    """All fields as typed.

    Attributes:
        country: whose public holidays are days off; empty for none.
        region: of the country; empty for all of it.
    """

    weekly: dict[Weekday, tuple[Stretch, ...]]
    dates: tuple[DateForm, ...]
    country: str = ""
    region: str = ""

    @classmethod
    def of(cls, availability: Availability) -> "HoursForm":
        holidays = availability.public_holidays
        return cls(
            weekly={weekday: _stretches(availability.weekly.on(index)) for index, weekday in enumerate(WEEKDAYS)},
            dates=tuple(
                DateForm(str(number), first.isoformat(), last.isoformat() if last != first else "", _stretches(hours))
                for number, (first, last, hours) in enumerate(_spans(availability.overrides))
            ),
            country="" if isinstance(holidays, UnsetType) else holidays.country,
            region="" if isinstance(holidays, UnsetType) else holidays.region or "",
        )

    @classmethod
    def sent(cls, form: Form) -> "HoursForm":
        """Raises InvalidInput for more rows than the page would ever send."""
        weekly: dict[Weekday, tuple[Stretch, ...]] = {weekday: _sent(form, f"hours.{weekday}") for weekday in WEEKDAYS}
        dates = tuple(
            DateForm(
                number,
                form.text(f"date.{number}.day"),
                form.text(f"date.{number}.until"),
                _sent(form, f"date.{number}"),
            )
            for number in row_numbers(form, "date")
        )
        stretches = sum(map(len, weekly.values())) + sum(len(each.stretches) for each in dates)
        check_rows("hours", stretches, MOST_STRETCHES)
        country = form.text("holidays_country")
        # The region that the form shows is one of the country that it was made for.
        region = form.text("holidays_region") if form.text("holidays_of") == country else ""
        return cls(weekly, dates, country, region)

    def with_hours(self, day: Weekday, stretches: Sequence[Stretch]) -> "HoursForm":
        return msgspec.structs.replace(self, weekly={**self.weekly, day: tuple(stretches)})

    def with_date(self) -> "HoursForm":
        """One more date, to be filled in."""
        number = next_number(each.number for each in self.dates)
        return msgspec.structs.replace(self, dates=(*self.dates, DateForm(number)))

    def with_date_hours(self, number: str, stretches: Sequence[Stretch]) -> "HoursForm":
        dates = tuple(
            msgspec.structs.replace(each, stretches=tuple(stretches)) if each.number == number else each
            for each in self.dates
        )
        return msgspec.structs.replace(self, dates=dates)

    def without_date(self, number: str) -> "HoursForm":
        return msgspec.structs.replace(self, dates=tuple(each for each in self.dates if each.number != number))

    def checked(self, errors: Errors) -> Availability:
        """What to save, unless something was added to the errors."""
        wrong = Errors()
        weekly = {weekday: _hours(rows, f"hours.{weekday}", wrong) for weekday, rows in self.weekly.items()}
        overrides = self._overrides(wrong)
        holidays = self._holidays(wrong)
        errors.update(wrong)
        return Availability() if wrong else Availability(WeeklyHours(**weekly), overrides, holidays)

    def _holidays(self, errors: Errors) -> HolidayCalendar | UnsetType:
        if not self.country:
            return UNSET
        try:
            return HolidayCalendar(self.country, self.region or None)
        except InvalidValue as refused:
            errors.note(f"holidays_{refused.member}", refused.problem)
            return UNSET

    def _overrides(self, errors: Errors) -> dict[date, DayHours]:
        made: dict[date, DayHours] = {}
        for each in self.dates:
            if not each.day and not each.until and all(stretch == Stretch() for stretch in each.stretches):
                continue
            field = f"date.{each.number}"
            days = _days(each, field, errors)
            if not made.keys().isdisjoint(days):
                errors.note(field, Repeated())
            else:
                made.update(dict.fromkeys(days, _hours(each.stretches, field, errors)))
        if len(made) > MOST_OVERRIDES:
            errors.note("hours", TooMany(MOST_OVERRIDES))
        return made


def next_stretch(stretches: Sequence[Stretch]) -> Stretch:
    """A likely next range: office hours on an empty day, the afternoon where it is free, else nothing yet."""
    if not stretches:
        return WHOLE_DAY
    is_free = all("" < each.end <= AFTERNOON.start and not each.ends_next_day for each in stretches)
    return AFTERNOON if is_free else Stretch()


def _stretches(hours: DayHours) -> tuple[Stretch, ...]:
    # A time field can't hold 24:00, so midnight as an end is the end of the day.
    return tuple(Stretch(each.start, _MIDNIGHT if each.end == "24:00" else each.end) for each in hours)


def _sent(form: Form, path: str) -> tuple[Stretch, ...]:
    rows = zip_longest(form.all(f"{path}.start"), form.all(f"{path}.end"), fillvalue="")
    return tuple(Stretch(start, end) for start, end in rows)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_in_calendar(day) else None


def _days(row: DateForm, field: str, errors: Errors) -> Sequence[date]:
    """All dates of a row, whichever of its ends comes first."""
    day, until = _day(row.day), _day(row.until or row.day)
    if day is None or until is None:
        errors.note(field, Required() if day is None else Malformed("date"))
        return ()
    first, last = sorted((day, until))
    count = (last - first).days + 1
    if count > MOST_OVERRIDES:
        latest = first + timedelta(days=MOST_OVERRIDES - 1)
        errors.note(field, OutsideCalendar(first.isoformat(), latest.isoformat()))
        return ()
    return [first + timedelta(days=index) for index in range(count)]


def _spans(overrides: Mapping[date, DayHours]) -> Sequence[tuple[date, date, DayHours]]:
    """First and last date of each run of days with the same hours."""
    spans: list[tuple[date, date, DayHours]] = []
    for day, hours in sorted(overrides.items()):
        if spans and spans[-1][1:] == (day - timedelta(days=1), hours):
            spans[-1] = (spans[-1][0], day, hours)
        else:
            spans.append((day, day, hours))
    return spans


def _hours(rows: Sequence[Stretch], field: str, errors: Errors) -> DayHours:
    """A day's hours in order; rows left empty are none."""
    typed = sorted((each for each in rows if each.start or each.end), key=lambda each: each.start)
    if len(typed) > MOST_RANGES:
        errors.note(field, TooManyRanges(MOST_RANGES))
        return ()
    made: list[Hours] = []
    for each in typed:
        end = "24:00" if each.end == _MIDNIGHT else each.end
        try:
            made.append(msgspec.convert([each.start, end], Hours))
        except msgspec.ValidationError:
            errors.note(field, Malformed("hours"))
            return ()
    if found := overlapping(tuple(made)):
        errors.note(field, Overlapping(*(f"{each.start}–{each.end}" for each in found)))
        return ()
    return tuple(made)
