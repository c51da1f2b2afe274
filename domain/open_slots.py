"""The times at which a host can be booked: one function offers them and accepts them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

import msgspec

from domain.availability import Availability, BookingRules
from domain.slot import Slot

_DAY = timedelta(days=1)
_MIDNIGHT = "00:00"

UNBROKEN = timedelta(days=7)
"""Hours without a break for so long have no start to step from: from then on, starts step from each midnight."""


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
        within: which starts are asked for, such as a month, or one microsecond to check a single start.
        busy: other bookings of the host with their own buffers.
        page_starts: starts of this page's bookings on the host's days that `within` touches, for the daily cap.
    """
    first = max(within.start, now + rules.minimum_notice)
    until = min(within.end, _end_of_horizon(rules, zone, now))
    if first >= until:
        return []
    taken = _merged(busy)
    ahead = 0
    found: list[datetime] = []
    reach = duration + rules.buffer_after
    for window in _windows(availability, first, until, zone):
        last = window.end - duration
        start = window.start
        if start < first:
            start += -((start - first) // rules.slot_interval) * rules.slot_interval
        stop = min(window.until, until)
        while start <= last and start < stop:
            from_here = start - rules.buffer_before
            while ahead < len(taken) and taken[ahead].end <= from_here:
                ahead += 1
            if ahead == len(taken) or start + reach <= taken[ahead].start:
                found.append(start)
            start += rules.slot_interval
    for day in _full_days(page_starts, rules.daily_cap, zone):
        del found[bisect_left(found, _midnight(day, zone)) : bisect_left(found, _midnight(day + _DAY, zone))]
    return found


def nearest(starts: Sequence[datetime], wanted: datetime, count: int = 3) -> list[datetime]:
    """The `count` starts closest to the one that was wanted, in order of time."""
    return sorted(sorted(starts, key=lambda start: (abs(start - wanted), start))[:count])


class _Window(msgspec.Struct, frozen=True):
    """Available time without a break. Starts step from `start` and are before `until`; meetings end by `end`."""

    start: datetime
    until: datetime
    end: datetime


def _windows(availability: Availability, first: datetime, until: datetime, zone: ZoneInfo) -> Iterator[_Window]:
    """The windows with starts in `[first, until)`, ascending. Where one begins doesn't depend on what is asked for."""
    first_day, last_day = first.astimezone(zone).date(), until.astimezone(zone).date()
    # Two days more at the front: the first may only continue a range, and clock changes shorten weeks. Two more at the
    # end: meetings that start on the last day take up to 24 hours, and that day may have 23.
    ranges = _ranges(availability, first_day - UNBROKEN - 2 * _DAY, last_day + 2 * _DAY, zone)
    for start, end in _joined(ranges):
        if end <= first or start >= until:
            continue
        steps_until = end
        if end - start > UNBROKEN:
            day = (start + UNBROKEN).astimezone(zone).date() + _DAY
            steps_until = min(_midnight(day, zone), end)
        if first < steps_until:
            yield _Window(start, steps_until, end)
        day = max(first, steps_until).astimezone(zone).date()
        while steps_until < end and (midnight := _midnight(day, zone)) < min(end, until):
            yield _Window(midnight, min(_midnight(day + _DAY, zone), end), end)
            day += _DAY


def _joined(ranges: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Ranges that touch or overlap are one."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _ranges(availability: Availability, first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    day = first
    while day <= last:
        for hours in availability.on(day):
            start = _instant(day, hours.start, zone)
            ends_on = day + _DAY if hours.ends_next_day else day
            end = _instant(ends_on, hours.end, zone)
            # A clock change can swallow a range whole. Where a zone skips a day, nothing begins on it and nothing
            # reaches into it.
            if start < end and not _is_skipped(day, zone):
                yield start, _midnight(ends_on, zone) if _is_skipped(ends_on, zone) else end
        day += _DAY


def _end_of_horizon(rules: BookingRules, zone: ZoneInfo, now: datetime) -> datetime:
    return _midnight(now.astimezone(zone).date() + timedelta(days=rules.horizon_days + 1), zone)


def _full_days(page_starts: Sequence[datetime], cap: int | None, zone: ZoneInfo) -> list[date]:
    if cap is None:
        return []
    booked_on = Counter(start.astimezone(zone).date() for start in page_starts)
    return [day for day, count in booked_on.items() if count >= cap]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return _instant(day, _MIDNIGHT, zone)


@lru_cache(4096)
def _is_skipped(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone jumped over this date, as Samoa did over 30 December 2011."""
    return _midnight(day, zone) == _midnight(day + _DAY, zone)


@lru_cache(16_384)
def _instant(day: date, wall_time: str, zone: ZoneInfo) -> datetime:
    hour, minute = int(wall_time[:2]), int(wall_time[3:])
    if hour == 24:  # noqa: PLR2004 - the end of the day, as in ISO 8601
        day, hour = day + _DAY, 0
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def _merged(busy: Sequence[Slot]) -> list[Slot]:
    merged: list[Slot] = []
    for slot in sorted(busy, key=attrgetter("start")):
        if merged and slot.start <= merged[-1].end:
            if slot.end > merged[-1].end:
                merged[-1] = Slot(merged[-1].start, slot.end)
        else:
            merged.append(slot)
    return merged
