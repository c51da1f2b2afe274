"""Which month, day and times does a guest see?"""

from calendar import Calendar
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

FreeTimes = Callable[[date, date, str], Awaitable[list[datetime]]]
"""The free starts from one local day to another, both included, in a zone."""

_MONDAY_FIRST = Calendar()


class Wish(msgspec.Struct, frozen=True):
    """What the address asks for, as it stands there."""

    month: str | None = None
    date: str | None = None


class Cell(msgspec.Struct, frozen=True):
    """A day of the grid; `free` counts its free times."""

    day: date
    free: int
    chosen: bool
    today: bool


class Picker(msgspec.Struct, frozen=True):
    """A month with its free days, and the times of one of them.

    Attributes:
        path: the page's address, without its query.
        weeks: Monday first; a day of another month is None.
        next_free: the next day with a free time, where this month has none.
    """

    path: str
    timezone: str
    month: date
    weeks: list[list[Cell | None]]
    previous: date | None
    following: date | None
    chosen: date | None
    times: list[datetime]
    next_free: date | None

    def to_month(self, month: date) -> str:
        return self._to(f"month={month:%Y-%m}")

    def to_day(self, day: date) -> str:
        return self._to(f"month={day:%Y-%m}&date={day}")

    def to_time(self, start: datetime) -> str:
        return self._to(f"start={start:%Y-%m-%dT%H:%M:%SZ}")

    def _to(self, query: str) -> str:
        return f"{self.path}?{query}&timezone={quote(self.timezone)}"


async def look(
    free_times: FreeTimes, wish: Wish, *, path: str, timezone: str, horizon_days: int, now: datetime
) -> Picker:
    """Open the month that is asked for, else the first one with free times."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    # The host's last day can end in the guest's next one.
    last = today + timedelta(days=horizon_days + 1)
    wanted = _month(wish, today, last)
    month = wanted or today.replace(day=1)
    free = await _in_month(free_times, month, today, last, timezone)
    next_free: date | None = None
    if not free:
        later = await _first_free(free_times, _next(month), today, last, timezone)
        next_free = later[0].astimezone(zone).date() if later else None
        if wanted is None and next_free is not None:
            month, free, next_free = next_free.replace(day=1), later, None
    by_day = Counter(start.astimezone(zone).date() for start in free)
    chosen = _day(wish.date) if _day(wish.date) in by_day else min(by_day, default=None)
    return Picker(
        path=path,
        timezone=timezone,
        month=month,
        weeks=[
            [
                Cell(day, by_day[day], chosen=day == chosen, today=day == today) if day.month == month.month else None
                for day in week
            ]
            for week in _MONDAY_FIRST.monthdatescalendar(month.year, month.month)
        ],
        previous=_previous(month) if month > today.replace(day=1) else None,
        following=_next(month) if _next(month) <= last else None,
        chosen=chosen,
        times=[start for start in free if start.astimezone(zone).date() == chosen],
        next_free=next_free,
    )


async def _in_month(free_times: FreeTimes, month: date, today: date, last: date, timezone: str) -> list[datetime]:
    first, end = max(month, today), min(_next(month) - timedelta(days=1), last)
    return await free_times(first, end, timezone) if first <= end else []


async def _first_free(free_times: FreeTimes, month: date, today: date, last: date, timezone: str) -> list[datetime]:
    """The free times of the first month that has any."""
    while month <= last:
        if free := await _in_month(free_times, month, today, last, timezone):
            return free
        month = _next(month)
    return []


def _month(wish: Wish, today: date, last: date) -> date | None:
    """The first day of the month that is asked for, kept between today and the last day to book."""
    asked = _day(f"{wish.month}-01") or _day(wish.date)
    return min(max(asked, today), last).replace(day=1) if asked else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _previous(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
