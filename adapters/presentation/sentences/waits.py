"""Sentences about waiting times."""

from datetime import timedelta
from math import ceil

from adapters.presentation.language import ngettext

_MINUTES = 60


def try_again_words(wait: timedelta) -> str:
    """When to try again, in minutes or hours, rounded up."""
    minutes = max(1, ceil(wait.total_seconds() / 60))
    if minutes <= _MINUTES:
        return ngettext("Try again in {n} minute.", "Try again in {n} minutes.", minutes).format(n=minutes)
    hours = ceil(minutes / _MINUTES)
    return ngettext("Try again in {n} hour.", "Try again in {n} hours.", hours).format(n=hours)
