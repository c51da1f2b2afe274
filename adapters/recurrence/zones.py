"""Names of time zones, as calendar programs write them."""

import re
import warnings
from contextlib import AbstractContextManager
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from icalendar.error import GloballyUniqueTZIDGuessed
from icalendar.timezone import tzp

_TZID: Final = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)

_LONGEST_NAME: Final = 200
"""Twice what any program writes. The package looks for a file of each name, and of each end of it behind a slash."""


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of IANA's that a name stands for, also one of Windows'; None of any other name."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    try:
        with guessing():
            found = cast("Any", tzp).timezone(name)
    except OSError:
        # A folder of zones, such as `America`, is no file.
        return None
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
    return zone_named(found[1].strip()) if found else None
