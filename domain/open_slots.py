"""The times at which a host can be booked: one function offers them and accepts them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.availability import BookingRules
from domain.busy import merged
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
        busy: other bookings of the host with their own buffers.
        page_starts: starts of this page's bookings on the host's days that `within` touches, for the daily cap.
    """
    first = max(within.start, now + rules.minimum_notice)
    last_day = now.astimezone(zone).date() + timedelta(days=rules.horizon_days)
    until = min(within.end, midnight(last_day + DAY, zone))
    if first >= until:
        return []
    taken = merged(busy)
    ahead = 0
    found: list[datetime] = []
    reach = duration + rules.buffer_after
    for window in windows(hours, first, until):
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
    for day in full_days(page_starts, rules.daily_cap, zone):
        del found[bisect_left(found, midnight(day, zone)) : bisect_left(found, midnight(day + DAY, zone))]
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
