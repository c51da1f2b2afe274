"""The times at which a host can be booked: one function offers them and accepts them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from domain.availability import BookingRules
from domain.slot import Slot
from domain.windows import DAY, midnight, windows
from domain.working_hours import WorkingHours


def open_slots(
    *,
    hours: WorkingHours,
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
        hours: their zone may be another than the host's.
        zone: the host's; the daily cap and the horizon count its days.
        within: which starts are asked for, such as a month, or one microsecond to check a single start.
        busy: other bookings of the host with their own buffers, and times of their calendars, in any order.
        page_starts: starts of this page's bookings on the host's days that `within` touches, for the daily cap.
    """
    starts = starts_within(hours=hours, rules=rules, duration=duration, within=within)
    in_order = sorted(busy, key=attrgetter("start"))
    return still_open(
        starts, rules=rules, zone=zone, duration=duration, now=now, busy=in_order, page_starts=page_starts
    )


def starts_within(
    *,
    hours: WorkingHours,
    rules: BookingRules,
    duration: timedelta,
    within: Slot,
    blocked: Sequence[Slot] = (),
) -> list[datetime]:
    """List the starts in `within` that the hours have, whenever somebody asks, ascending.

    Args:
        blocked: what calendars block, ascending by its starts.
    """
    found: list[datetime] = []
    for window in windows(hours, within.start, within.end):
        last = window.end - duration
        start = window.start
        if start < within.start:
            start += -((start - within.start) // rules.slot_interval) * rules.slot_interval
        stop = min(window.until, within.end)
        while start <= last and start < stop:
            found.append(start)
            start += rules.slot_interval
    return _clear_of(blocked, found, rules, duration)


def still_open(
    starts: Sequence[datetime],
    *,
    rules: BookingRules,
    zone: ZoneInfo,
    duration: timedelta,
    now: datetime,
    busy: Sequence[Slot],
    page_starts: Sequence[datetime] = (),
) -> list[datetime]:
    """List those of the starts that can be booked now.

    Args:
        starts: by `starts_within`, with the same rules and duration.
        busy: ascending by its starts.
        page_starts: as for `open_slots`.
    """
    last_day = now.astimezone(zone).date() + timedelta(days=rules.horizon_days)
    first = bisect_left(starts, earliest_start(rules, zone, now))
    until = bisect_left(starts, midnight(last_day + DAY, zone), first)
    found = _clear_of(busy, starts[first:until], rules, duration)
    for day in full_days(page_starts, rules.daily_cap, zone):
        del found[bisect_left(found, midnight(day, zone)) : bisect_left(found, midnight(day + DAY, zone))]
    return found


def earliest_start(rules: BookingRules, zone: ZoneInfo, now: datetime) -> datetime:
    """The first instant that gives the host, whose days go by `zone`, notice enough."""
    noticed = now + rules.minimum_notice
    return max(noticed, midnight(now.astimezone(zone).date() + DAY, zone)) if rules.not_today else noticed


def _clear_of(
    taken: Sequence[Slot], starts: Sequence[datetime], rules: BookingRules, duration: timedelta
) -> list[datetime]:
    """The starts at which the meeting with its buffers touches nothing that is taken, which ascends by its starts."""
    reach = duration + rules.buffer_after
    found: list[datetime] = []
    at, count = 0, len(starts)
    for slot in taken:
        if at == count:
            return found
        last_before, first_after = slot.start - reach, slot.end + rules.buffer_before
        while at < count and starts[at] <= last_before:
            found.append(starts[at])
            at += 1
        while at < count and starts[at] < first_after:
            at += 1
    found += starts[at:]
    return found


def nearest(starts: Sequence[datetime], wanted: datetime, count: int = 3) -> list[datetime]:
    """The `count` starts closest to the one that was wanted, in order of time."""
    return sorted(sorted(starts, key=lambda start: (abs(start - wanted), start))[:count])


def full_days(page_starts: Sequence[datetime], cap: int | None, zone: ZoneInfo) -> list[date]:
    """The host's days on which the page takes no more bookings."""
    if cap is None:
        return []
    booked_on = Counter(start.astimezone(zone).date() for start in page_starts)
    return [day for day, count in booked_on.items() if count >= cap]
