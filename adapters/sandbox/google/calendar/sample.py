"""A few events that somebody with a calendar would have."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.calendar.events import GoogleEvents
from adapters.sandbox.google.calendar.week import ShownAs, fields_of

_WEEKS: Final = 2


class _Sample(msgspec.Struct, frozen=True):
    """An event of each week; `weekday` counts from Monday, and one without times takes the whole day."""

    title: str
    weekday: int
    starts: time | None = None
    ends: time | None = None
    shown_as: ShownAs = "busy"


_EVENTS: Final = (
    _Sample("Team meeting", 0, time(9, 30), time(10, 15)),
    _Sample("Lunch with Mia", 1, time(12, 30), time(13, 30)),
    _Sample("Planning", 1, time(15), time(16, 30)),
    _Sample("Focus time", 2, time(9), time(12)),
    _Sample("Webinar", 2, time(11), time(12), "free"),
    _Sample("Call with a supplier", 2, time(14), time(14, 30), "unanswered"),
    _Sample("Dentist", 3, time(15), time(16)),
    _Sample("Maybe: yoga", 3, time(17), time(18), "tentative"),
    _Sample("Parcel arrives", 4, shown_as="free"),
    _Sample("Review", 4, time(10), time(11)),
)


def fill(calendar: SandboxCalendar, events: GoogleEvents, email: str, now: datetime) -> None:
    """Put the events of this week and the next into a calendar that has never held one."""
    if events.of(calendar):
        return
    zone = ZoneInfo(calendar.time_zone)
    today = now.astimezone(zone).date()
    for week in range(_WEEKS):
        for each in _EVENTS:
            day = today + timedelta(days=each.weekday - today.weekday(), weeks=week)
            fields = {name: value for name, value in fields_of(each.shown_as, email).items() if value is not None}
            if each.starts is None or each.ends is None:
                events.add(calendar, day, day + timedelta(days=1), summary=each.title, **fields)
            else:
                start, end = (datetime.combine(day, at, zone) for at in (each.starts, each.ends))
                events.add(calendar, start, end, summary=each.title, **fields)
