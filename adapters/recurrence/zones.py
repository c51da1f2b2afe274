"""Names of time zones, as calendar programs write them."""

import re
import warnings
from contextlib import AbstractContextManager
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from icalendar.error import GloballyUniqueTZIDGuessed
from icalendar.timezone import tzp

_TZID: Final = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.*?)\s*$", re.MULTILINE | re.IGNORECASE)


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of IANA's that a name stands for, also one of Windows'; None of any other name."""
    with guessing():
        found = cast("Any", tzp).timezone(name) if name else None
    return found if isinstance(found, ZoneInfo) else None


def guessing() -> AbstractContextManager[object]:
    """Such names as `/mozilla.org/20050126_1/Europe/Berlin` are taken by their end, of which the package warns."""
    return warnings.catch_warnings(action="ignore", category=GloballyUniqueTZIDGuessed)


def forget_own_zones() -> None:
    """Forget the zones that files have defined: the package would give the next file those of the same name."""
    tzp.use_default()


def zone_in(text: str) -> ZoneInfo | None:
    """The zone that a VTIMEZONE component names."""
    found = _TZID.search(text)
    return zone_named(found[1]) if found else None
