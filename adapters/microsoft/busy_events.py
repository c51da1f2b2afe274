"""The time of their owner that the events of a view take."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from adapters.microsoft.calendar_wire import ViewedEvent, WallClockTime
from adapters.recurrence.zones import zone_named
from domain.busy import BusyTime, Mark, beside
from domain.calendar import Reading
from domain.slot import Slot

_MARKS: Final[dict[str | None, Mark]] = {
    "free": "free",
    "tentative": "tentative",
    "oof": "out_of_office",
    "workingElsewhere": "working_elsewhere",
}
# Exchange shows an invitation as tentative until it is answered.
_OPEN: Final = frozenset({"tentative", "busy"})

# Outlook writes a day as it stands in its owner's calendar; UTC there only says who has made it.
_NOBODYS: Final = frozenset({"UTC", "Etc/UTC", "Etc/GMT"})


_WRAPPED: Final = b"vCal-Uid\x01\0\0\0".hex().upper()


class _Unclear(Exception):
    """It isn't known when the event takes place; the time that it could take is that between the two.

    Attributes:
        start, end: None where nothing bounds it.
    """

    def __init__(self, start: datetime | None, end: datetime | None) -> None:
        self.start = start
        self.end = end


def reading_of(
    events: Iterable[ViewedEvent],
    span: Slot,
    zone: str,
    ours: Mapping[str, tuple[Slot, ...]] | None = None,
    copies: frozenset[str] = frozenset(),
) -> Reading:
    """Read the busy times in a span.

    Args:
        zone: IANA name of the zone for days and times that name none.
        ours: where we put our entries, by their ids and UIDs; that doesn't count, and all else about them does.
        copies: UIDs, in lower case, of events that don't count either: copies of invitations to what counts by itself.
    """
    host_zone = ZoneInfo(zone)
    times: list[BusyTime] = []
    unreadable = 0
    for event in events:
        mark = _mark_of(event)
        if mark is None or _original_uid(event).lower() in copies:
            continue
        try:
            start, end, is_sure = _times_of(event, host_zone)
        except _Unclear as unclear:
            is_sure = False
            start, end = unclear.start or span.start, unclear.end or span.end
        unreadable += not is_sure
        if start < end and Slot(start, end).overlaps(span):
            time = BusyTime(Slot(start, end), mark, bool(event.is_all_day))
            times += beside(time, _places(event, ours or {}))
    times.sort(key=lambda each: (each.slot, each.mark, each.all_day))
    return Reading(span, tuple(times), unreadable)


def _places(event: ViewedEvent, ours: Mapping[str, tuple[Slot, ...]]) -> tuple[Slot, ...]:
    ids = (event.id, event.series_master_id, event.entry_uid)
    return next((ours[each] for each in ids if each and each in ours), ())


def slot_of(event: ViewedEvent) -> Slot | None:
    """When an event of ours takes place; None where that can't be read, or is no time at all."""
    try:
        start, end, _ = _times_of(event, ZoneInfo("UTC"))
    except _Unclear:
        return None
    return Slot(start, end) if start < end else None


def _mark_of(event: ViewedEvent) -> Mark | None:
    """None for an event that doesn't take place, or not with the owner."""
    response = event.response_status.response if event.response_status else None
    if event.is_cancelled or response == "declined":
        return None
    mark = _MARKS.get(event.show_as, "busy")
    if mark in _OPEN and response == "notResponded":
        return "unanswered"
    if mark == "busy" and response == "tentativelyAccepted":
        return "tentative"
    return mark


def _original_uid(event: ViewedEvent) -> str:
    """The UID that an invitation came with; Exchange may tell it wrapped, in hexadecimal digits ([MS-OXCICAL])."""
    uid = event.uid or ""
    _, is_wrapped, wrapped = uid.upper().partition(_WRAPPED)
    try:
        return bytes.fromhex(wrapped).rstrip(b"\0").decode() if is_wrapped else uid
    except ValueError:
        return uid


def _times_of(event: ViewedEvent, host_zone: ZoneInfo) -> tuple[datetime, datetime, bool]:
    """Find start and end in UTC, and say whether their zones are known.

    Raises:
        _Unclear
    """
    days = _days_of(event, host_zone)
    start, is_start_sure = _instant(event.start, days or host_zone, is_day=days is not None)
    end, is_end_sure = _instant(event.end, days or host_zone, is_day=days is not None)
    if start is None or end is None:
        raise _Unclear(start, end)
    if end < start:
        raise _Unclear(end, start)
    return start, end, is_start_sure and is_end_sure


def _days_of(event: ViewedEvent, host_zone: ZoneInfo) -> ZoneInfo | None:
    """The zone in which an event takes whole days; None where its times are instants.

    Graph writes days as midnight in whichever zone is asked for, and never as the instants that they are. The zone in
    which an event was made is that of its mailbox, which can't be asked for with the permissions that there are.
    """
    ends = (_wall_clock(event.start), _wall_clock(event.end))
    if not event.is_all_day or any(each is not None and each.time() != time() for each in ends):
        return None
    made_in = _zone_called(event.original_start_time_zone or "")
    return host_zone if made_in is None or made_in.key in _NOBODYS else made_in


def _instant(written: WallClockTime | None, fallback: ZoneInfo, *, is_day: bool) -> tuple[datetime | None, bool]:
    at = _wall_clock(written)
    if written is None or at is None:
        return None, False
    named = None if is_day else _zone_called(written.time_zone or "")
    try:
        instant = (at if at.tzinfo else at.replace(tzinfo=named or fallback)).astimezone(UTC)
    except OverflowError:
        return None, False
    return instant, is_day or named is not None or at.tzinfo is not None


def _wall_clock(written: WallClockTime | None) -> datetime | None:
    try:
        return datetime.fromisoformat((written and written.date_time) or "")
    except ValueError:
        return None


_zone_called = lru_cache(maxsize=1000)(zone_named)
"""Events of a calendar name the same few zones."""
