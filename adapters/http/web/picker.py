"""View model of the date and time picker."""

from bisect import bisect_left
from calendar import Calendar
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import msgspec

from adapters.http.web.query import Pairs
from adapters.presentation.times import weekdays
from domain.instants import is_in_calendar

FreeTimes = Callable[[date, date, str], Awaitable[list[datetime]]]
"""The free starts from one local day to another, both included, in a zone."""

_DAY = timedelta(days=1)
# Further than any page can be booked.
_FURTHEST = timedelta(days=3650)


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
        weeks: as the reader lays them out; a day of another month is None.
        full: the day that was asked for, if it has no free time.
        next_free: the next day with a free time, where nothing else is shown; else one before.
        asked: the day that was asked for, if it is in this month.
        current: the time of a booking that is to be moved; it is no new one.
        settled: the zone is the guest's own, as far as the request tells; else nothing is to be chosen before it is.
        carried: parameters that every address hands on.
        remembers: the browser may keep what is chosen for all pages, such as 12 or 24 hours.
    """

    path: str
    timezone: str
    month: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    previous: date | None
    following: date | None
    chosen: date | None
    times: tuple[datetime, ...]
    full: date | None
    next_free: date | None
    asked: date | None = None
    current: datetime | None = None
    settled: bool = True
    carried: Pairs = ()
    remembers: bool = True

    @property
    def here(self) -> str:
        """The address of what is shown."""
        day = self.asked or self.chosen
        return self.to_day(day) if day else self.to_month(self.month)

    def to_month(self, month: date) -> str:
        return self._to(f"month={month:%Y-%m}")

    def to_day(self, day: date) -> str:
        return self._to(f"month={day:%Y-%m}&date={day}")

    def to_time(self, start: datetime) -> str:
        return self._to(f"start={start:%Y-%m-%dT%H:%M:%SZ}")

    def _to(self, query: str) -> str:
        """A zone that nobody has chosen isn't handed on as if somebody had."""
        zone = f"&timezone={quote(self.timezone)}" if self.settled else ""
        carried = f"&{urlencode(self.carried)}" if self.carried else ""
        return f"{self.path}?{query}{zone}{carried}"


def to_read(wish: Wish, today: date) -> tuple[date, date]:
    """The days that a page is about in any time zone, as far as its address tells: a month, and a day around it."""
    month = _month(wish, today, today + _FURTHEST) or today.replace(day=1)
    return max(month, today) - _DAY, _next(month)


async def look(
    free_times: FreeTimes,
    wish: Wish,
    *,
    path: str,
    timezone: str,
    horizon_days: int,
    now: datetime,
    settled: bool = True,
    carried: Pairs = (),
    remembers: bool = True,
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
        others = await _first_free(free_times, _next(month), today, last, timezone)
        others = others or await _first_free(free_times, today.replace(day=1), today, month - _DAY, timezone)
        next_free = others[0].astimezone(zone).date() if others else None
        if wanted is None and next_free is not None:
            month, free, next_free = next_free.replace(day=1), others, None
    by_day = _by_day(free, zone)
    asked = _day(wish.date)
    if asked is not None and asked.replace(day=1) != month:
        asked = None
    full = asked if asked not in by_day else None
    chosen = asked if asked in by_day else min(by_day, default=None)
    if full is not None and by_day:
        next_free = min((day for day in by_day if day > full), default=min(by_day))
        chosen = None
    return Picker(
        path=path,
        timezone=timezone,
        month=month,
        weeks=tuple(
            tuple(
                Cell(day, len(by_day.get(day, ())), day == chosen, day == today) if day.month == month.month else None
                for day in week
            )
            for week in _weeks(month, weekdays()[0])
        ),
        previous=_previous(month) if month > today.replace(day=1) else None,
        following=_next(month) if _next(month) <= last else None,
        chosen=chosen,
        times=tuple(by_day[chosen]) if chosen else (),
        full=full,
        next_free=next_free,
        asked=asked,
        settled=settled,
        carried=carried,
        remembers=remembers,
    )


@lru_cache(256)
def _weeks(month: date, first: int) -> list[list[date]]:
    """The weeks of a month, with the days of its neighbours in the first and the last."""
    return Calendar(first).monthdatescalendar(month.year, month.month)


def _by_day(free: list[datetime], zone: ZoneInfo) -> dict[date, list[datetime]]:
    """The starts, which ascend, by their days there: a day is looked up once rather than once for each of its times."""
    found: dict[date, list[datetime]] = {}
    first = 0
    while first < len(free):
        day = free[first].astimezone(zone).date()
        midnight = datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
        # Where clocks skip midnight or repeat it, a day still holds its first time.
        end = max(bisect_left(free, midnight, first), first + 1)
        found.setdefault(day, []).extend(free[first:end])
        first = end
    return found


async def _in_month(free_times: FreeTimes, month: date, today: date, last: date, timezone: str) -> list[datetime]:
    first, end = max(month, today), min(_next(month) - _DAY, last)
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
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and is_in_calendar(day) else None


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _previous(month: date) -> date:
    return (month - _DAY).replace(day=1)
