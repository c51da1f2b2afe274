"""Fits a booking's texts and times to a provider's limits."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final

_LONGEST_CLUSTER: Final = 32
_ZERO_WIDTH_JOINER: Final = "\u200d"
_A_MINUTE: Final = timedelta(minutes=1)


def utc_instant(at: datetime) -> str:
    """Write an instant with its Z: without it, providers read the wall clock of some other zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole_minutes(duration: timedelta) -> int:
    """Count the minutes, rounded up, at least one."""
    return max(-(-duration // _A_MINUTE), 1)


def cut(text: str, limit: int) -> str:
    """Cut by characters, but not through one that people see as a whole: a family, a skin tone, an accent."""
    if len(text) <= limit:
        return text
    end = limit
    while end > limit - _LONGEST_CLUSTER and _belong_together(text[end - 1], text[end]):
        end -= 1
    return text[:end]


def _belong_together(left: str, right: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= right <= "\U0001f3ff"
    return _ZERO_WIDTH_JOINER in {left, right} or is_skin_tone or unicodedata.category(right)[0] == "M"
