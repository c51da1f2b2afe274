"""Days, times and lengths as people read them, in a zone that is named beside them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext, spoken
from domain.slot import Slot


def day_names() -> tuple[str, ...]:
    """Monday to Sunday."""
    names = get_day_names(locale=spoken().locale)
    return tuple(names[weekday] for weekday in range(7))


def instant(at: datetime) -> str:
    """`2026-12-01T14:00:00Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def clock(at: datetime, zone: str) -> str:
    """`15:00`, and in the night when an hour comes twice `01:30 (UTC+02:00)`."""
    return _clock(at, zone, "%H:%M")


def day(of: date) -> str:
    """`Tuesday, 1 December 2026`."""
    # Translators: a date in CLDR's letters, with its weekday.
    return _date(of, _("EEEE, d MMMM y"), spoken().locale)


def day_there(at: datetime, zone: str) -> str:
    return day(at.astimezone(ZoneInfo(zone)).date())


def date_there(at: datetime, zone: str) -> str:
    """`2026-12-01`."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def month(of: date) -> str:
    """`December 2026`."""
    # Translators: a month in CLDR's letters, as the title of a calendar.
    return _date(of, _("LLLL y"), spoken().locale)


def starts(at: datetime, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:00`."""
    return f"{day_there(at, zone)}, {clock(at, zone)}"


def to_the_second(at: datetime, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:00:07`: things happen fast."""
    return f"{day_there(at, zone)}, {_clock(at, zone, '%H:%M:%S')}"


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
    """`Europe/Paris (UTC+01:00)`, as it is at that instant."""
    return f"{zone} ({_offset(at.astimezone(ZoneInfo(zone)))})"


def length(duration: timedelta) -> str:
    """`30 minutes`, `1 hour`, `1 hour 30 minutes`."""
    whole_hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    said = [ngettext("{n} hour", "{n} hours", whole_hours).format(n=whole_hours)] if whole_hours else []
    said += [ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)] if minutes or not whole_hours else []
    return " ".join(said)


def _clock(at: datetime, zone: str, form: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    comes_twice = there.replace(fold=1 - there.fold).utcoffset() != there.utcoffset()
    return f"{there.strftime(form)} ({_offset(there)})" if comes_twice else there.strftime(form)


def _offset(there: datetime) -> str:
    """`UTC+01:00`."""
    offset = f"{there:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


@lru_cache(1024)
def _date(of: date, pattern: str, locale: str) -> str:
    return format_date(of, pattern, locale)
