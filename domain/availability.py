"""When can a host be booked: one function offers the times and accepts them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from domain.slot import Slot

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WallTime = Annotated[str, msgspec.Meta(pattern=r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)(?![\s\S])")]


class Hours(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of one local day, `["09:00", "17:00"]`; `24:00` is the end of the day."""

    start: WallTime
    end: WallTime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"{self.start} to {self.end} has to end after it starts")


DayHours = tuple[Hours, ...]


def _refuse_overlap(hours: DayHours, when: str) -> None:
    in_order = sorted(hours, key=lambda stretch: stretch.start)
    for earlier, later in pairwise(in_order):
        if later.start < earlier.end:
            raise ValueError(f"{when}: {earlier.start}–{earlier.end} and {later.start}–{later.end} overlap")


class WeeklyHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hours of an ordinary week, in the host's local time."""

    mon: DayHours = ()
    tue: DayHours = ()
    wed: DayHours = ()
    thu: DayHours = ()
    fri: DayHours = ()
    sat: DayHours = ()
    sun: DayHours = ()

    def __post_init__(self) -> None:
        for weekday in WEEKDAYS:
            _refuse_overlap(getattr(self, weekday), weekday)

    def on(self, weekday: int) -> DayHours:
        return getattr(self, WEEKDAYS[weekday])


class Availability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weekly hours, and the dates that differ; an override without hours is a day off."""

    weekly: WeeklyHours = WeeklyHours()
    overrides: dict[date, DayHours] = {}

    def __post_init__(self) -> None:
        for day, hours in self.overrides.items():
            _refuse_overlap(hours, day.isoformat())

    def on(self, day: date) -> DayHours:
        override = self.overrides.get(day)
        return self.weekly.on(day.weekday()) if override is None else override


NINE_TO_FIVE: DayHours = (Hours("09:00", "17:00"),)
WEEKDAYS_NINE_TO_FIVE = Availability(
    WeeklyHours(mon=NINE_TO_FIVE, tue=NINE_TO_FIVE, wed=NINE_TO_FIVE, thu=NINE_TO_FIVE, fri=NINE_TO_FIVE)
)


class BookingRules(msgspec.Struct, frozen=True):
    """How bookings may lie in the available hours."""

    minimum_notice: timedelta = timedelta(0)
    horizon_days: int = 60
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    slot_interval: timedelta = timedelta(minutes=30)
    daily_cap: int | None = None


def open_slots(
    *,
    availability: Availability,
    rules: BookingRules,
    zone: ZoneInfo,
    duration: timedelta,
    within: Slot,
    now: datetime,
    busy: Sequence[Slot] = (),
    page_starts: Sequence[datetime] = (),
) -> list[datetime]:
    """List every start in `within` that a guest may book, ascending, in UTC.

    Starts step in real time from each window's start. The meeting has to fit its window; its buffers needn't, but they
    keep distance from `busy`. A local time that a clock change skips or repeats is read as RFC 5545 §3.3.5 says:
    with the offset before a gap, and as the first of two.

    Args:
        zone: the host's; windows, the daily cap and the horizon count its days.
        within: which starts are asked for, such as a month, or one second to check a single start.
        busy: other bookings of the host with their own buffers.
        page_starts: starts of this page's bookings on the host's days that `within` touches, for the daily cap.
    """
    first = max(within.start, now + rules.minimum_notice)
    today = now.astimezone(zone).date()
    days = _days(first, within.end, today + timedelta(days=rules.horizon_days), zone)
    full = _full_days(page_starts, rules.daily_cap, zone)
    taken = _merged(busy)
    ahead = 0
    found: list[datetime] = []
    reach = duration + rules.buffer_after
    for day in days:
        if day in full:
            continue
        for window in _windows(availability.on(day), day, zone):
            last = window.end - duration
            start = window.start
            if start < first:
                start += -((start - first) // rules.slot_interval) * rules.slot_interval
            while start <= last and start < within.end:
                from_here = start - rules.buffer_before
                while ahead < len(taken) and taken[ahead].end <= from_here:
                    ahead += 1
                if ahead == len(taken) or start + reach <= taken[ahead].start:
                    found.append(start)
                start += rules.slot_interval
    return found


def nearest(starts: Sequence[datetime], wanted: datetime, count: int = 3) -> list[datetime]:
    """The `count` starts closest to the one that was wanted, in order of time."""
    return sorted(sorted(starts, key=lambda start: (abs(start - wanted), start))[:count])


def _full_days(page_starts: Sequence[datetime], cap: int | None, zone: ZoneInfo) -> frozenset[date]:
    if cap is None:
        return frozenset()
    booked_on = Counter(start.astimezone(zone).date() for start in page_starts)
    return frozenset(day for day, count in booked_on.items() if count >= cap)


def _days(first: datetime, until: datetime, horizon: date, zone: ZoneInfo) -> Iterator[date]:
    day = first.astimezone(zone).date()
    last = min(until.astimezone(zone).date(), horizon)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _windows(hours: DayHours, day: date, zone: ZoneInfo) -> Iterator[Slot]:
    ended = datetime.min.replace(tzinfo=UTC)
    for stretch in sorted(hours, key=lambda each: each.start):
        # Where clocks skip an hour, a window that ends in it reaches into the next.
        start = max(_instant(day, stretch.start, zone), ended)
        end = _instant(day, stretch.end, zone)
        # A clock change can swallow a window whole.
        if start < end:
            yield Slot(start, end)
            ended = end


def _instant(day: date, wall_time: str, zone: ZoneInfo) -> datetime:
    hour, minute = int(wall_time[:2]), int(wall_time[3:])
    if hour == 24:  # noqa: PLR2004 - the end of the day, as in ISO 8601
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def _merged(busy: Sequence[Slot]) -> list[Slot]:
    merged: list[Slot] = []
    for slot in sorted(busy):
        if merged and slot.start <= merged[-1].end:
            if slot.end > merged[-1].end:
                merged[-1] = Slot(merged[-1].start, slot.end)
        else:
            merged.append(slot)
    return merged
