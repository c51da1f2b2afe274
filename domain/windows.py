"""The windows in which a host can be booked: hours in local time as stretches of real time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from domain.availability import Availability, DayHours, WeeklyHours
from domain.slot import Slot
from domain.working_hours import WorkingHours

T = TypeVar("T", int, datetime)

DAY = timedelta(days=1)
_MINUTES_OF_A_DAY = 24 * 60

UNBROKEN = timedelta(days=7)
"""Hours without a break for so long have no start to step from: from then on, starts step from each midnight."""


HOURS_BEFORE = UNBROKEN + 2 * DAY
"""So many days before a start decide about it: the first may only continue a range, and clock changes shorten weeks."""

HOURS_AFTER = 2 * DAY
"""Meetings that start on the last day take up to 24 hours, and that day may have 23."""


class Window(msgspec.Struct, frozen=True):
    """Available time without a break. Starts step from `start` and are before `until`; meetings end by `end`."""

    start: datetime
    until: datetime
    end: datetime

    def holds(self, meeting: Slot) -> bool:
        """Whether a meeting may begin here and fits, on the grid or not."""
        return self.start <= meeting.start < self.until and meeting.end <= self.end


def windows(hours: WorkingHours, first: datetime, until: datetime) -> Iterator[Window]:
    """The windows with starts in `[first, until)`, ascending. Where one begins doesn't depend on what is asked for."""
    zone = hours.zone
    first_day, last_day = first.astimezone(zone).date(), until.astimezone(zone).date()
    ranges = _ranges(hours, first_day - HOURS_BEFORE, last_day + HOURS_AFTER)
    for start, end in _joined(ranges):
        if end <= first or start >= until:
            continue
        steps_until = end
        if end - start > UNBROKEN:
            day = (start + UNBROKEN).astimezone(zone).date() + DAY
            steps_until = min(midnight(day, zone), end)
        if first < steps_until:
            yield Window(start, steps_until, end)
        day = max(first, steps_until).astimezone(zone).date()
        while steps_until < end and (midnight_there := midnight(day, zone)) < min(end, until):
            yield Window(midnight_there, min(midnight(day + DAY, zone), end), end)
            day += DAY


def longest_window(availability: Availability, first: date, last: date) -> timedelta:
    """The longest time without a break, on the clock and a day at most.

    It is one of an ordinary week, or of an override from `first` to `last`.
    """
    overridden = {day for day in availability.overrides if first <= day <= last}
    beside = sorted({day + n * DAY for day in overridden for n in (-1, 0, 1)})
    changed = ((day.toordinal(), availability.on(day)) for day in beside)
    return min(max(_longest_of_a_week(availability.weekly), _longest(changed)), DAY)


# Each view of a public page asks for it.
@lru_cache(1024)
def _longest_of_a_week(weekly: WeeklyHours) -> timedelta:
    return _longest((day, weekly.on(day % 7)) for day in range(14))


def _joined(ranges: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Ranges that touch or overlap are one."""
    found: list[tuple[T, T]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _longest(days: Iterable[tuple[int, DayHours]]) -> timedelta:
    ranges = (
        (_minutes(day, each.start), _minutes(day + each.ends_next_day, each.end))
        for day, of_day in days
        for each in of_day
    )
    return timedelta(minutes=max((end - start for start, end in _joined(ranges)), default=0))


def _minutes(day: int, wall_time: str) -> int:
    return day * _MINUTES_OF_A_DAY + int(wall_time[:2]) * 60 + int(wall_time[3:])


def _ranges(hours: WorkingHours, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    day, zone = first, hours.zone
    while day <= last:
        for each in hours.on(day):
            start = _instant(day, each.start, zone)
            ends_on = day + DAY if each.ends_next_day else day
            end = _instant(ends_on, each.end, zone)
            # A clock change can swallow a range whole. Where a zone skips a day, nothing begins on it and nothing
            # reaches into it.
            if start < end and not _is_skipped(day, zone):
                yield start, midnight(ends_on, zone) if _is_skipped(ends_on, zone) else end
        day += DAY


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return _instant(day, "00:00", zone)


@lru_cache(4096)
def _is_skipped(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone jumped over this date, as Samoa did over 30 December 2011."""
    return midnight(day, zone) == midnight(day + DAY, zone)


@lru_cache(16_384)
def _instant(day: date, wall_time: str, zone: ZoneInfo) -> datetime:
    hour, minute = int(wall_time[:2]), int(wall_time[3:])
    if hour == 24:  # noqa: PLR2004 - the end of the day, as in ISO 8601
        day, hour = day + DAY, 0
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
