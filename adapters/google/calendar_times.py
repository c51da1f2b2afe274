"""The time of its owner that an event of a Google calendar takes."""

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from adapters.google.calendar_wire import EventEnd, ListedEvent
from domain.busy import BusyTime, Mark
from domain.slot import Slot

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class OddEvent(Exception):
    """An event lacks a time, or ends before it starts: the answer isn't what it should be."""


def busy_time(event: ListedEvent, zone: ZoneInfo, span: Slot) -> BusyTime | None:
    """Read an event; None where it says nothing about anybody's time in the span.

    Args:
        zone: of the calendar's all-day events.

    Raises:
        OddEvent
    """
    mark = _mark_of(event)
    if mark is None:
        return None
    start, end = _instant(event.start, zone, span.start), _instant(event.end, zone, span.end)
    if end < start:
        raise OddEvent
    # An event without a length is a reminder.
    if end == start or not (slot := Slot(start, end)).overlaps(span):
        return None
    # Where somebody works is a fact about whole days, but none of their events.
    is_all_day = event.start is not None and event.start.day is not None and event.event_type != "workingLocation"
    return BusyTime(slot, mark, is_all_day)


def slot_of(start: EventEnd | None, end: EventEnd | None, zone: ZoneInfo) -> Slot:
    """When an event takes place.

    Raises:
        OddEvent: it has no time, or takes none.
    """
    begins, ends = (_instant(each, zone, _NEVER) for each in (start, end))
    if not begins < ends < _NEVER:
        raise OddEvent
    return Slot(begins, ends)


def known_zone(name: str) -> str | None:
    """The IANA name of a calendar's zone, if it is one."""
    return name if name in _zones() else None


def _mark_of(event: ListedEvent) -> Mark | None:
    answer = event.own_answer
    match event:
        case ListedEvent(status="cancelled"):
            return None
        case _ if answer == "declined":
            return None
        case ListedEvent(event_type="workingLocation"):
            return None if event.working_location_properties.type == "officeLocation" else "working_elsewhere"
        case ListedEvent(transparency="transparent"):
            return "free"
        case ListedEvent(event_type="outOfOffice"):
            return "out_of_office"
        case _ if answer == "needsAction":
            return "unanswered"
        case _ if "tentative" in {answer, event.status}:
            return "tentative"
        case _:
            return "busy"


def _instant(end: EventEnd | None, zone: ZoneInfo, at_the_edge: datetime) -> datetime:
    match end:
        case EventEnd(at=datetime() as at):
            return at.astimezone(UTC)
        case EventEnd(day=date() as day):
            try:
                return datetime.combine(day, time(), zone).astimezone(UTC)
            except OverflowError:
                return at_the_edge
        case _:
            raise OddEvent


@cache
def _zones() -> frozenset[str]:
    # Looking through the system's folder of zones takes milliseconds.
    return frozenset(available_timezones())
