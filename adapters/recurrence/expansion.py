"""Works out when the events of an iCalendar file take place.

Runs in a child process: a file can be made so that this takes hours or all memory.
"""

import re
import signal
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime, time, timedelta
from types import FrameType
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import recurring_ical_events

from adapters.recurrence.scan import NoCalendar, Part, Scanned, first_date_in, scan
from adapters.recurrence.zones import forget_own_zones, guessing, zone_named
from domain.busy import BusyTime, Mark, beside
from domain.calendar import Reading
from domain.slot import Slot

_NONE: Final[Mapping[str, tuple[Slot, ...]]] = {}

_DAY: Final = timedelta(days=1)
_MARGIN: Final = timedelta(days=2)
MOST_TIMES: Final = 10_000
"""Of a calendar, in the span of a reading."""
MOST_SLOW_SERIES: Final = 2
"""More of them are no accident, and each takes all the time that a series may."""
_TZID: Final = re.compile(rb"TZID=(?:\"([^\"]+)\"|([^\":;]+))", re.IGNORECASE)
_BUSY_STATUS: Final[dict[str, Mark]] = {
    "FREE": "free",
    "TENTATIVE": "tentative",
    "BUSY": "busy",
    "OOF": "out_of_office",
    "WORKINGELSEWHERE": "working_elsewhere",
}


class TooComplex(Exception):
    """The file holds too many times, or too many series that take too long."""


class _TakesTooLong(Exception):
    pass


class _NoTime(Exception):
    """The event takes no time: it is cancelled, declined, or a mere instant."""


def expand(
    data: bytes,
    span: Slot,
    zone: str,
    owners: frozenset[str] = frozenset(),
    copies: frozenset[str] = frozenset(),
    *,
    seconds: float | None = None,
) -> Reading:
    """Read the busy times of a file within a span.

    Args:
        zone: IANA name of the zone of all-day events and of times without one, unless the file names its own.
        owners: addresses of the calendar's owner, in lower case.
        copies: UIDs, in lower case, of events that are left out: copies of invitations to what counts by itself.
        seconds: of processor time for each series; one that takes longer, such as one that repeats each second, can't
            be read. For the main thread of a process that does nothing else.

    Raises:
        NoCalendar, TooComplex
    """
    scanned = scan(data, span, owners, copies)
    of_calendar = zone_named(scanned.timezone)
    work = _Expansion(span, of_calendar or ZoneInfo(zone), owners, seconds)
    work.add(scanned)
    return msgspec.structs.replace(
        work.reading(),
        name=scanned.name,
        timezone=of_calendar.key if of_calendar else None,
        refresh_every=_duration(scanned.refresh),
    )


def expand_all(
    files: Iterable[bytes],
    span: Slot,
    zone: str,
    owners: frozenset[str] = frozenset(),
    copies: frozenset[str] = frozenset(),
    *,
    ours: Mapping[str, tuple[Slot, ...]] = _NONE,
    seconds: float | None = None,
) -> Reading:
    """Read the busy times of a collection, each of whose files holds one event or one series.

    Those that are no calendars, or don't say when they begin, are counted as unreadable. That they are there says that
    they touch the span; so they block it.

    Args:
        zone: IANA name of the zone of all-day events and of times without one.
        owners, copies, seconds: as for `expand`.
        ours: times that are left out of events, by their UIDs.

    Raises:
        TooComplex
    """
    work = _Expansion(span, ZoneInfo(zone), owners, seconds, ours)
    for data in files:
        forget_own_zones()
        try:
            scanned = scan(data, span, owners, copies)
        except NoCalendar:
            work.add_broken(first_date_in(data))
            continue
        work.add(scanned)
        if scanned.startless:
            work.block_from(None)
    return work.reading()


def _duration(text: str | None) -> timedelta | None:
    """None for what is no length of time: it is a wish, and without one the calendar is read as often as others."""
    try:
        found: timedelta = cast("Any", icalendar.vDuration).from_ical(text or "")
    except (ValueError, OverflowError):
        return None
    return found if found > timedelta() else None


class _Expansion:
    def __init__(
        self,
        span: Slot,
        zone: ZoneInfo,
        owners: frozenset[str],
        seconds: float | None,
        ours: Mapping[str, tuple[Slot, ...]] = _NONE,
    ) -> None:
        self.times: list[BusyTime] = []
        self.unreadable = 0
        self._span = span
        self._zone = zone
        self._owners = owners
        self._seconds = seconds
        self._slow = 0
        self._ours = ours

    def add(self, scanned: Scanned) -> None:
        self.unreadable += scanned.startless
        for group in scanned.groups:
            self._add(group, scanned.zones)
            if len(self.times) > MOST_TIMES or self._slow > MOST_SLOW_SERIES:
                raise TooComplex

    def add_broken(self, first: bytes | None) -> None:
        """Count a file which may hold anything from its first date on."""
        self.unreadable += 1
        self.block_from(first)

    def block_from(self, first: bytes | None) -> None:
        """Block the span from a date on; all of it where there is none within."""
        start, end = self._span.start, self._span.end
        with suppress(ValueError, OverflowError):
            start = max(start, _day(first) - _DAY)
        self.times.append(BusyTime(Slot(start if start < end else self._span.start, end)))

    def reading(self) -> Reading:
        """All that was added."""
        return Reading(self._span, tuple(sorted(self.times, key=lambda each: each.slot)), self.unreadable)

    def _add(self, group: tuple[Part, ...], zones: Mapping[bytes, bytes]) -> None:
        """Add what a group blocks; one that can't be read blocks all that it could touch."""
        try:
            with guessing(), _at_most(self._seconds) if self._seconds else nullcontext():
                components, is_sure = self._occurrences(group, zones)
                repeats = _is_series(group)
                found = [each for component in components for each in self._busy(component, repeats=repeats)]
        # Whatever a library makes of a broken series, such as OverflowError, TypeError or KeyError, is this file's own.
        except Exception as error:  # noqa: BLE001
            self._slow += isinstance(error, _TakesTooLong)
            self.unreadable += 1
            self.times += self._others(group, self._all_that_could_be_touched(group))
            return
        self.unreadable += not (is_sure and all(part.is_whole for part in group))
        self.times += self._others(group, found)

    def _others(self, group: tuple[Part, ...], times: Iterable[BusyTime]) -> Iterator[BusyTime]:
        """What a group takes besides what is left out of it."""
        slots = self._ours.get(group[0].uid.decode(errors="replace"), ())
        return (left for time in times for left in beside(time, slots))

    def _occurrences(self, group: tuple[Part, ...], zones: Mapping[bytes, bytes]) -> tuple[list[Any], bool]:
        """The events of a group that may be in the span, and whether the zones of all its times are known."""
        calendar = icalendar.Calendar.from_ical(_file(group, zones))
        events: list[Any] = calendar.walk("VEVENT")  # pyright: ignore[reportUnknownMemberType] - half typed
        if any(event.errors for event in events) or len(events) != len(group):
            raise ValueError
        is_sure = not any(_is_lost(event, name) for event in events for name in ("DTSTART", "DTEND", "RECURRENCE-ID"))
        if not _is_series(group):
            return events, is_sure
        for event in events:
            _end_with_the_day(event)
        query = recurring_ical_events.of(calendar)
        # The package looks for starts so long before as the event is itself; a period of RDATE may be longer.
        before = _MARGIN + max(map(_longest_period, events))
        return list(query.between(self._span.start - before, self._span.end + _MARGIN)), is_sure

    def _busy(self, event: Any, *, repeats: bool) -> Iterator[BusyTime]:
        try:
            mark = _mark_of(event, self._owners)
            start, end, all_day = self._times_of(event, repeats=repeats)
        except _NoTime:
            return
        slot = Slot(start, end)
        if slot.overlaps(self._span):
            yield BusyTime(slot, mark, all_day)

    def _times_of(self, event: Any, *, repeats: bool) -> tuple[datetime, datetime, bool]:
        first = event["DTSTART"].dt
        all_day = not isinstance(first, datetime)
        if "DTEND" in event:
            last = event["DTEND"].dt
        elif "DURATION" in event:
            last = first + event["DURATION"].dt
        elif all_day:
            last = first + _DAY
        else:
            raise _NoTime
        local_start, local_end = self._local(first), self._local(last)
        start, end = local_start.astimezone(UTC), local_end.astimezone(UTC)
        if not all_day and (repeats or "DTEND" not in event or end <= start):
            # Over a clock change, programs differ in whether such an event ends by the clock or after its length; the
            # later one blocks. One that starts in the gap itself would otherwise end before it starts.
            end = max(end, start + (local_end - local_start))
        if end == start:
            raise _NoTime
        return start, end, all_day

    def _local(self, value: date | datetime) -> datetime:
        """Dates, and times without a zone that is known, are read in the calendar's zone."""
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        return value if value.tzinfo else value.replace(tzinfo=self._zone)

    def _all_that_could_be_touched(self, group: tuple[Part, ...]) -> Iterable[BusyTime]:
        span = self._span
        for part in group:
            try:
                first, last = _day(part.first), _day(part.last) if part.last else span.end
            except ValueError:
                # No such date.
                continue
            # Compared first: at the edge of time no day can be taken off.
            start, end = max(first, span.start + _DAY) - _DAY, min(last, span.end) + _MARGIN
            # Not so where what is known of it lies outside.
            if start < end and Slot(start, end).overlaps(span):
                yield BusyTime(Slot(start, end))


def _is_series(group: tuple[Part, ...]) -> bool:
    return any(part.repeats or part.is_exception for part in group)


def _file(group: tuple[Part, ...], zones: Mapping[bytes, bytes]) -> bytes:
    """A calendar of one group, with those zones that it names."""
    found = (tzid for part in group for line in part.lines for tzid in _TZID.findall(line))
    named = {(quoted or plain).strip() for quoted, plain in found}
    of_group = b"".join(zones[tzid] for tzid in sorted(named) if tzid in zones)
    events = b"".join(part.text for part in group)
    return b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + of_group + events + b"END:VCALENDAR\r\n"


def _mark_of(event: Any, owners: frozenset[str]) -> Mark:
    """Raises _NoTime for an event that doesn't take place, or not with the owner."""
    status = str(event.get("STATUS", "")).upper()
    if status == "CANCELLED":
        raise _NoTime
    answer = _answer_of(event, owners)
    if answer == "DECLINED":
        raise _NoTime
    by_exchange = _BUSY_STATUS.get(str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).strip().upper())
    is_free = str(event.get("TRANSP", "")).strip().upper() == "TRANSPARENT"
    mark: Mark = by_exchange or ("free" if is_free else "busy")
    if mark != "busy":
        return mark
    if answer == "NEEDS-ACTION":
        return "unanswered"
    return "tentative" if status == "TENTATIVE" or answer == "TENTATIVE" else "busy"


def _answer_of(event: Any, owners: frozenset[str]) -> str:
    attendees = event.get("ATTENDEE", [])
    for attendee in cast("list[Any]", attendees if isinstance(attendees, list) else [attendees]):
        if str(attendee).lower().removeprefix("mailto:") in owners:
            return str(attendee.params.get("PARTSTAT", "")).upper()
    return ""


def _end_with_the_day(event: Any) -> None:
    """A rule of times that ends with a date includes that day; the package would lose it."""
    start = event["DTSTART"].dt
    [until] = event.get("RRULE", {}).get("UNTIL", [None])[:1]
    if isinstance(start, datetime) and isinstance(until, date) and not isinstance(until, datetime):
        last = datetime.combine(until, time(23, 59, 59), start.tzinfo)
        event["RRULE"]["UNTIL"] = [last.astimezone(UTC) if start.tzinfo else last]


def _longest_period(event: Any) -> timedelta:
    """Of the times that are added to a series; nothing where there are none, or they end before they start."""
    given: Any = event.get("RDATE", [])
    lists = cast("list[Any]", given if isinstance(given, list) else [given])
    values: list[object] = [each.dt for dates in lists for each in dates.dts]
    return max([timedelta(), *(_length(*cast("Any", each)) for each in values if isinstance(each, tuple))])


def _length(start: datetime, end: datetime | timedelta) -> timedelta:
    return end if isinstance(end, timedelta) else end - start


def _is_lost(event: Any, name: str) -> bool:
    """Whether a time names a zone that nobody knows."""
    value = event.get(name)
    at = getattr(value, "dt", None)
    return isinstance(at, datetime) and at.tzinfo is None and "TZID" in value.params


def _day(written: bytes | None) -> datetime:
    """Raises ValueError for what is no date."""
    return datetime.strptime((written or b"").decode(), "%Y%m%d").replace(tzinfo=UTC)


@contextmanager
def _at_most(seconds: float) -> Generator[None]:
    """Raises _TakesTooLong inside the block once that much processor time is used up."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TakesTooLong

    before = signal.signal(signal.SIGPROF, stop)
    # Again and again: where Python can't pass an exception on, as in a destructor, it ignores it.
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds / 10)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
