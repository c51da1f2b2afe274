"""The `utm_*` parameters of the address that led a guest to the booking page."""

import re
from collections.abc import Iterable

from domain.faults import InvalidValue, Malformed
from domain.text import one_line

MOST_PARAMETERS = 10
LONGEST_PARAMETER = 200

_NAME = re.compile(r"utm_[A-Za-z0-9_.-]{1,60}")


def tracking_of(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first `MOST_PARAMETERS` of them, each once and cut at `LONGEST_PARAMETER` characters.

    Everything else that an address holds is left out without a word: it was written by whoever made the link.
    """
    kept: dict[str, str] = {}
    for name, text in given:
        if len(kept) == MOST_PARAMETERS:
            break
        if name not in kept and _NAME.fullmatch(name) and (value := one_line(text, LONGEST_PARAMETER)):
            kept[name] = value
    return kept


def check_tracking(tracking: dict[str, str]) -> None:
    """Raises InvalidValue for what `tracking_of` wouldn't have made."""
    if tracking != tracking_of(tracking.items()):
        raise InvalidValue(Malformed("text"), "tracking")
