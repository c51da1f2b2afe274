"""Days, times and lengths as people read them, in a zone that is named beside them.

The conventions are those of the reader's region, from CLDR.
"""

from calendar import Calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

from adapters.presentation.language import ngettext, spoken
from adapters.presentation.zone_names import zone_name
from domain.slot import Slot

_NO_BREAKS = str.maketrans(dict.fromkeys(" \u202f", "\u00a0"))


def weekdays() -> tuple[int, ...]:
    """The days of a week as readers lay them out; Monday is 0."""
    return tuple(Calendar(spoken().locale.first_week_day).iterweekdays())


def weekday_name(weekday: int) -> str:
    """`Monday`, for 0."""
    return spoken().locale.days["stand-alone"]["wide"][weekday]


def weekday_letters(weekday: int) -> str:
    """`Mo`, for 0."""
    return spoken().locale.days["format"]["short"][weekday]


def instant(at: datetime) -> str:
    """`2026-12-01T14:00:00Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def clock(at: datetime, zone: str) -> str:
    """`15:00` or `3:00 PM`, and in the night when an hour comes twice `01:30 (UTC+02:00)`."""
    return _clock(at, zone, "m")


def wall_clock(at: datetime, zone: str) -> str:
    """`15:00` or `3:00 PM`, whichever of two such hours it is."""
    return _wall_clock(at.astimezone(ZoneInfo(zone)), "m")


def twin_offset(at: datetime, zone: str) -> str:
    """`UTC+02:00` in the night when an hour comes twice; empty in all others."""
    return _twin_offset(at.astimezone(ZoneInfo(zone)))


def day(of: date) -> str:
    """`Tuesday, 1 December 2026`."""
    return _date(of, None, spoken().locale)


def day_there(at: datetime, zone: str) -> str:
    return day(at.astimezone(ZoneInfo(zone)).date())


def short_day(of: date) -> str:
    """`Tue, 1 Dec 2026`."""
    return _date(of, "yMMMEd", spoken().locale)


def date_there(at: datetime, zone: str) -> str:
    """`2026-12-01`."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def month(of: date) -> str:
    """`December 2026`."""
    return _date(of, "yMMMM", spoken().locale)


def starts(at: datetime, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:00`."""
    return f"{day_there(at, zone)}, {clock(at, zone)}"


def to_the_second(at: datetime, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:00:07`: things happen fast."""
    return f"{day_there(at, zone)}, {_clock(at, zone, 'ms')}"


def hours(slot: Slot, zone: str) -> str:
    """`15:00 – 15:30`; an end on another day names it."""
    end = clock(slot.end, zone)
    if day_there(slot.start, zone) != day_there(slot.end, zone):
        end = starts(slot.end, zone)
    return f"{clock(slot.start, zone)} – {end}"


def span_words(slot: Slot, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:00 – 15:30`; an end on another day names it."""
    return f"{day_there(slot.start, zone)}, {hours(slot, zone)}"


def zone_words(zone: str, at: datetime) -> str:
    """`Eastern Time – New York (UTC-05:00)`, as it is at that instant."""
    return f"{zone_name(zone)} ({offset_of(at.astimezone(ZoneInfo(zone)))})"


def offset_of(there: datetime) -> str:
    """`UTC+01:00`."""
    offset = f"{there:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def counts_to_twelve() -> bool:
    """Whether the reader's hours are those of half a day."""
    chosen = spoken().hours
    return chosen == "h12" if chosen else _counts_to_twelve(spoken().locale)


def length(duration: timedelta) -> str:
    """`30 minutes`, `1 hour`, `1 hour 30 minutes`, each number on one line with its unit."""
    whole_hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    said = [ngettext("{n} hour", "{n} hours", whole_hours).format(n=whole_hours)] if whole_hours else []
    said += [ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)] if minutes or not whole_hours else []
    return " ".join(each.translate(_NO_BREAKS) for each in said)


def needs_notice(host: str, notice: timedelta) -> str:
    """`Anna needs 4 hours’ notice`."""
    whole_hours, minutes = divmod(int(notice.total_seconds()) // 60, 60)
    if notice.days > 1 and notice == timedelta(days=notice.days):
        last = notice.days
        words = ngettext("{n} day", "{n} days", last).format(n=last).translate(_NO_BREAKS)
    else:
        last, words = minutes or whole_hours, length(notice)
    # English has another apostrophe after one than after several.
    return ngettext("{host} needs {length}’s notice", "{host} needs {length}’ notice", last).format(
        host=host, length=words
    )


def _clock(at: datetime, zone: str, finest: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    words, offset = _wall_clock(there, finest), _twin_offset(there)
    return f"{words} ({offset})" if offset else words


def _wall_clock(there: datetime, finest: str) -> str:
    return _time(there.time(), f"{'h' if counts_to_twelve() else 'H'}{finest}", spoken().locale)


def _twin_offset(there: datetime) -> str:
    comes_twice = there.replace(fold=1 - there.fold).utcoffset() != there.utcoffset()
    return offset_of(there) if comes_twice else ""


# Babel takes some microseconds for each.
@lru_cache(4096)
def _time(of: time, skeleton: str, locale: Locale) -> str:
    # No line breaks before PM. Some fonts lack the narrow space that CLDR has there.
    words = format_time(of, locale.datetime_skeletons[skeleton], locale=locale)
    return words.translate(_NO_BREAKS)


@lru_cache(1024)
def _date(of: date, skeleton: str | None, locale: Locale) -> str:
    return format_date(of, locale.datetime_skeletons[skeleton] if skeleton else "full", locale)


@lru_cache(256)
def _counts_to_twelve(locale: Locale) -> bool:
    return any(letter in locale.time_formats["short"].pattern for letter in "hK")
