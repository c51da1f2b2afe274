"""Time zones by the names that Outlook gives them."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

CUSTOM: Final = "tzone://Microsoft/Custom"
"""What Outlook calls a zone that came from elsewhere and that it knows no name for."""

_WINDOWS: Final = {iana: windows for windows, iana in WINDOWS_TO_OLSON.items()} | {"UTC": "UTC"}


def zone(name: str) -> ZoneInfo | None:
    """Find a zone by a Windows name or an IANA one, as Graph takes both."""
    iana = WINDOWS_TO_OLSON.get(name, name)
    return ZoneInfo(iana) if iana in available_timezones() else None


def windows_name(iana: str) -> str:
    return _WINDOWS.get(iana, iana)


def wall_clock(at: datetime) -> str:
    """Write a time without its zone, as `dateTimeTimeZone` has it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}0"


def midnight(at: datetime, there: ZoneInfo) -> datetime:
    """The beginning of the day of a wall clock time in a zone, as an instant."""
    return datetime.combine(at.date(), time(), there).astimezone(UTC)


def later(at: datetime, days: int, there: ZoneInfo) -> datetime:
    """The same wall clock time on another day, as an instant."""
    local = at.astimezone(there)
    return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=there).astimezone(UTC)
