"""Whole numbers and lengths as typed in the editor."""

from datetime import timedelta
from typing import Literal

from adapters.http.web.forms import Errors
from domain.faults import OutOfRange
from domain.limits import Limits

Unit = Literal["minutes", "hours", "days"]

MINUTES_IN: dict[str, int] = {"minutes": 1, "hours": 60, "days": 60 * 24}


def whole_number(text: str, field: str, limits: Limits, errors: Errors) -> int:
    """The number; the least where what was typed is none, which is then among the errors."""
    digits = text.strip()
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(limits.most)) else -1
    if number in limits:
        return number
    errors.note(field, OutOfRange(limits.least, limits.most))
    return limits.least


def minutes_in(text: str, unit: str, field: str, limits: Limits, errors: Errors) -> int:
    """The minutes of a length that was typed in some unit."""
    in_unit = MINUTES_IN.get(unit, 1)
    least = -(-limits.least // in_unit)
    return whole_number(text, field, Limits(least, limits.most // in_unit), errors) * in_unit


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
