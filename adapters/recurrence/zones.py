"""Names of time zones, as calendar programs write them."""

import re
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from icalendar.timezone import tzp

_TZID: Final = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.*?)\s*$", re.MULTILINE | re.IGNORECASE)


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of IANA's that a name stands for, also one of Windows'; None of any other name."""
    found = cast("Any", tzp).timezone(name) if name else None
    return found if isinstance(found, ZoneInfo) else None


def forget_own_zones() -> None:
    """Forget the zones that files have defined: the package would give the next file those of the same name."""
    tzp.use_default()


def zone_in(text: str) -> ZoneInfo | None:
    """The zone that a VTIMEZONE component names."""
    found = _TZID.search(text)
    return zone_named(found[1]) if found else None
