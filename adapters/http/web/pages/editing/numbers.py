"""What number was typed, and is it one that can be?"""

from datetime import timedelta
from typing import Literal

from adapters.http.web.forms import Errors
from domain.words import Words

Unit = Literal["minutes", "hours", "days"]

MINUTES_IN: dict[str, int] = {"minutes": 1, "hours": 60, "days": 60 * 24}


def whole_number(text: str, field: str, least: int, most: int, errors: Errors) -> int:
    """The number; `least` where what was typed is none, which is then among the errors."""
    digits = text.strip()
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(most)) else -1
    if least <= number <= most:
        return number
    words = Words("Please enter a whole number from {least} to {most}.", least=str(least), most=str(most))
    errors.setdefault(field, words)
    return least


def minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def in_units(length: timedelta) -> tuple[str, Unit]:
    """The length in the largest unit that it is a whole number of."""
    whole = minutes(length)
    units: tuple[Unit, ...] = ("days", "hours")
    for unit in units:
        if whole and whole % MINUTES_IN[unit] == 0:
            return str(whole // MINUTES_IN[unit]), unit
    return str(whole), "minutes"
