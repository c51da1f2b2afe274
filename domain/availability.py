"""The hours at which a host can be booked, and the rules for bookings in them."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from domain.faults import InvalidValue, Malformed, Overlapping, TooMany, TooManyRanges
from domain.limits import Limits
from domain.public_holidays import HolidayCalendar

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WALL_TIME = r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)(?![\s\S])"
_is_wall_time = re.compile(_WALL_TIME).match

WallTime = Annotated[str, msgspec.Meta(pattern=_WALL_TIME)]


class Hours(msgspec.Struct, frozen=True, array_like=True):
    """A range of local time, `["09:00", "17:00"]`, of the day on which it starts.

    An end that isn't after the start is one of the next day: `["22:00", "02:00"]` has four hours, `["09:00", "09:00"]`
    has 24. `24:00` is the end of the day.
    """

    start: WallTime
    end: WallTime

    def __post_init__(self) -> None:
        if not (_is_wall_time(self.start) and _is_wall_time(self.end)):
            raise InvalidValue(Malformed("time-of-day"))
        if self.start == "24:00":
            raise InvalidValue(Malformed("hours"))

    @property
    def ends_next_day(self) -> bool:
        return self.end <= self.start


DayHours = tuple[Hours, ...]

MOST_RANGES = 24
"""In a day; each look at a page's times cuts every one of two months."""


def overlapping(hours: DayHours) -> tuple[Hours, Hours] | None:
    """The first two ranges of a day that overlap; those that touch don't."""
    in_order = sorted(hours, key=lambda each: each.start)
    overlaps = (
        (earlier, later) for earlier, later in pairwise(in_order) if earlier.ends_next_day or later.start < earlier.end
    )
    return next(overlaps, None)


def _refuse_unusable(hours: DayHours) -> None:
    if len(hours) > MOST_RANGES:
        raise InvalidValue(TooManyRanges(MOST_RANGES))
    if found := overlapping(hours):
        earlier, later = found
        raise InvalidValue(Overlapping(f"{earlier.start}–{earlier.end}", f"{later.start}–{later.end}"))


class WeeklyHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hours of an ordinary week, in the host's local time.

    One day has at most `MOST_RANGES`, and they may not overlap. One that ends on the next day may reach into the ranges
    there.
    """

    mon: DayHours = ()
    tue: DayHours = ()
    wed: DayHours = ()
    thu: DayHours = ()
    fri: DayHours = ()
    sat: DayHours = ()
    sun: DayHours = ()

    def __post_init__(self) -> None:
        for weekday in WEEKDAYS:
            _refuse_unusable(getattr(self, weekday))

    def on(self, weekday: int) -> DayHours:
        return getattr(self, WEEKDAYS[weekday])


MOST_OVERRIDES = 1000
"""More than anybody lists; each look at a page's times reads them all."""
MOST_OVERRIDE_RANGES = 2000
"""Of all overrides together."""


class Availability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weekly hours, and date overrides; one without hours is a day off.

    An override replaces the ranges that start on its date. What began the day before goes on.

    Attributes:
        public_holidays: days off as well, unless an override says otherwise. Which days they are isn't known here.
    """

    weekly: WeeklyHours = WeeklyHours()
    overrides: dict[date, DayHours] = {}
    public_holidays: HolidayCalendar | UnsetType = UNSET

    def __post_init__(self) -> None:
        if len(self.overrides) > MOST_OVERRIDES:
            raise InvalidValue(TooMany(MOST_OVERRIDES), "overrides")
        if sum(map(len, self.overrides.values())) > MOST_OVERRIDE_RANGES:
            raise InvalidValue(TooMany(MOST_OVERRIDE_RANGES), "overrides")
        for hours in self.overrides.values():
            _refuse_unusable(hours)

    def __hash__(self) -> int:
        # A dict has no hash.
        return hash((self.weekly, len(self.overrides), self.public_holidays))

    def on(self, day: date) -> DayHours:
        override = self.overrides.get(day)
        return self.weekly.on(day.weekday()) if override is None else override


NINE_TO_FIVE: DayHours = (Hours("09:00", "17:00"),)
WEEKDAYS_NINE_TO_FIVE = Availability(
    WeeklyHours(mon=NINE_TO_FIVE, tue=NINE_TO_FIVE, wed=NINE_TO_FIVE, thu=NINE_TO_FIVE, fri=NINE_TO_FIVE)
)


NOTICE_MINUTES = Limits(0, 365 * 24 * 60)
HORIZON_DAYS = Limits(1, 730)
BUFFER_MINUTES = Limits(0, 24 * 60)
INTERVAL_MINUTES = Limits(5, 24 * 60)
DAILY_CAP = Limits(1, 1000)
MAX_PER_GUEST = Limits(1, 50)


class BookingRules(msgspec.Struct, frozen=True):
    """How bookings may lie in the available hours; lengths are whole minutes.

    Raises:
        InvalidValue: a rule is outside its limits.

    Attributes:
        not_today: nothing of the host's present day is offered, however early it is.
    """

    minimum_notice: timedelta = timedelta(0)
    not_today: bool = False
    horizon_days: int = 60
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    slot_interval: timedelta = timedelta(minutes=30)
    daily_cap: int | None = None
    max_per_guest: int = 5

    def __post_init__(self) -> None:
        NOTICE_MINUTES.check_minutes(self.minimum_notice, "minimum_notice")
        HORIZON_DAYS.check(self.horizon_days, "horizon_days")
        BUFFER_MINUTES.check_minutes(self.buffer_before, "buffer_before")
        BUFFER_MINUTES.check_minutes(self.buffer_after, "buffer_after")
        INTERVAL_MINUTES.check_minutes(self.slot_interval, "slot_interval")
        if self.daily_cap is not None:
            DAILY_CAP.check(self.daily_cap, "daily_cap")
        MAX_PER_GUEST.check(self.max_per_guest, "max_per_guest")
