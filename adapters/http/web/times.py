"""How is a time told on a page: in a zone, with the zone named beside it?"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.slot import Slot

# Not strftime: its names follow the machine's locale.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def instant(at: datetime) -> str:
    """`2026-12-01T14:00:00Z`."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def clock(at: datetime, zone: str) -> str:
    """`15:00`."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def day(of: date) -> str:
    """`Tuesday, 1 December 2026`."""
    return f"{DAYS[of.weekday()]}, {of.day} {MONTHS[of.month - 1]} {of.year}"


def day_there(at: datetime, zone: str) -> str:
    return day(at.astimezone(ZoneInfo(zone)).date())


def date_there(at: datetime, zone: str) -> str:
    """`2026-12-01`."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def month(of: date) -> str:
    """`December 2026`."""
    return f"{MONTHS[of.month - 1]} {of.year}"


def starts(at: datetime, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:00`."""
    return f"{day_there(at, zone)}, {clock(at, zone)}"


def hours(slot: Slot, zone: str) -> str:
    """`15:00 – 15:30`; an end on another day names it."""
    end = clock(slot.end, zone)
    if day_there(slot.start, zone) != day_there(slot.end, zone):
        end = starts(slot.end, zone)
    return f"{clock(slot.start, zone)} – {end}"


def zone_words(zone: str, at: datetime) -> str:
    """`Europe/Paris (UTC+01:00)`, as it is at that instant."""
    offset = at.astimezone(ZoneInfo(zone)).strftime("%z")
    return f"{zone} (UTC{offset[:3]}:{offset[3:5]})"


def length(duration: timedelta) -> str:
    """`30 minutes`, `1 hour`, `1 hour 30 minutes`."""
    whole_hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    said = [_counted(whole_hours, "hour")] if whole_hours else []
    said += [_counted(minutes, "minute")] if minutes or not whole_hours else []
    return " ".join(said)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
