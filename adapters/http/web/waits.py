"""Waiting times in words."""

from datetime import timedelta
from math import ceil

from adapters.presentation.language import ngettext

_MINUTES = 60


def in_a_while(wait: timedelta) -> str:
    """`in 1 minute`, `in 12 minutes`, `in 2 hours`; rounded up."""
    minutes = max(1, ceil(wait.total_seconds() / 60))
    if minutes <= _MINUTES:
        return ngettext("in {number} minute", "in {number} minutes", minutes).format(number=minutes)
    hours = ceil(minutes / _MINUTES)
    return ngettext("in {number} hour", "in {number} hours", hours).format(number=hours)
