"""Time zones of the IANA database, by name."""

from zoneinfo import available_timezones

from domain.faults import InvalidValue, UnknownTimeZone

ZONES = frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


def check_zone(name: str, member: str = "timezone") -> None:
    """Raises InvalidValue for a name that isn't in the database."""
    if name not in ZONES:
        raise InvalidValue(UnknownTimeZone(name), member)
