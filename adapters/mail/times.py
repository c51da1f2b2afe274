"""Times in a mail: in a zone, and naming it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.presentation.language import gettext as _
from adapters.presentation.times import clock, offset_of, short_day, starts, zone_words
from adapters.presentation.zone_names import zone_name
from domain.slot import Slot


def in_subject(instant: datetime, zone: str) -> str:
    """`Tue, 30 Mar 2027, 15:00 (Central European Time – Berlin)`."""
    return f"{without_zone(instant, zone)} ({zone_name(_known(zone))})"


def without_zone(instant: datetime, zone: str) -> str:
    """`Tue, 30 Mar 2027, 15:00`, for beside a time that names the zone."""
    known = _known(zone)
    return f"{short_day(instant.astimezone(ZoneInfo(known)).date())}, {clock(instant, known)}"


def in_text(slot: Slot, zone: str) -> tuple[str, ...]:
    """`Tuesday, 30 March 2027, 15:00 to 15:30`, and on a line of its own the zone with its offset."""
    zone = _known(zone)
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (slot.start, slot.end))
    until = clock(slot.end, zone) if start.date() == end.date() else starts(slot.end, zone)
    if start.utcoffset() == end.utcoffset():
        return _("{start} to {end}").format(start=starts(slot.start, zone), end=until), zone_words(zone, slot.start)
    # The clocks change during the meeting, so one offset can't name both times.
    return _("{start} to {end}").format(
        start=_with_offset(starts(slot.start, zone), start), end=_with_offset(until, end)
    ), zone_name(zone)


def start_in_text(instant: datetime, zone: str) -> tuple[str, ...]:
    zone = _known(zone)
    return starts(instant, zone), zone_words(zone, instant)


def _known(zone: str) -> str:
    """A zone that is told in UTC where this machine has it no more."""
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError):
        return "UTC"


def _with_offset(words: str, there: datetime) -> str:
    """A time that comes twice has it already."""
    offset = f"({offset_of(there)})"
    return words if words.endswith(offset) else f"{words} {offset}"
