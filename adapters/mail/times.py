"""How a time is told to people: in a zone, and naming it."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date

from adapters.presentation.language import gettext as _
from adapters.presentation.language import spoken
from domain.slot import Slot


def in_subject(instant: datetime, zone: str) -> str:
    """`Tue 30 Mar 2027, 15:00 (Europe/Berlin)`."""
    there, name = _zone(zone)
    return f"{_short(instant.astimezone(there))} ({name})"


def without_zone(instant: datetime, zone: str) -> str:
    """`Tue 30 Mar 2027, 15:00`, for beside a time that names the zone."""
    return _short(instant.astimezone(_zone(zone)[0]))


def in_text(slot: Slot, zone: str) -> tuple[str, ...]:
    """`Tuesday, 30 March 2027, 15:00 to 15:30`, and on a line of its own `Europe/Berlin (UTC+02:00)`."""
    there, name = _zone(zone)
    start, end = slot.start.astimezone(there), slot.end.astimezone(there)
    until = _clock(end) if start.date() == end.date() else _long(end)
    if start.utcoffset() == end.utcoffset():
        return _("{start} to {end}").format(start=_long(start), end=until), f"{name} ({_offset(start)})"
    # The clocks change during the meeting, so one offset can't name both times.
    times = {"start": f"{_long(start)} ({_offset(start)})", "end": f"{until} ({_offset(end)})"}
    return _("{start} to {end}").format(**times), name


def start_in_text(instant: datetime, zone: str) -> tuple[str, ...]:
    there, name = _zone(zone)
    start = instant.astimezone(there)
    return _long(start), f"{name} ({_offset(start)})"


def _zone(name: str) -> tuple[tzinfo, str]:
    try:
        return ZoneInfo(name), name
    except (KeyError, ValueError, OSError):
        return UTC, "UTC"


def _short(local: datetime) -> str:
    # Translators: a short date in CLDR's letters, as in the subject of a mail.
    day = format_date(local, _("EEE d MMM y"), spoken().locale)
    return f"{day}, {_clock(local)}"


def _long(local: datetime) -> str:
    # Translators: a date in CLDR's letters, with its weekday.
    day = format_date(local, _("EEEE, d MMMM y"), spoken().locale)
    return f"{day}, {_clock(local)}"


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def _offset(local: datetime) -> str:
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"
