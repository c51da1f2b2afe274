"""Rows of repeated form parts.

Every row has a number that it keeps while it moves: `event=3` says where it stands, `event.3.title` what is in it.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from adapters.http.web.forms import Form
from domain.availability import MOST_OVERRIDES
from domain.booking_page import MOST_EVENT_TYPES, MOST_QUESTIONS
from domain.errors import InvalidInput
from domain.faults import TooMany

T = TypeVar("T")

_LONGEST_NUMBER = 4

# Twice what can be saved: rows to be removed, and rows left empty, are sent along.
MOST_ROWS = {
    "date": 2 * MOST_OVERRIDES,
    "event": 2 * MOST_EVENT_TYPES,
    "question": 2 * MOST_EVENT_TYPES * MOST_QUESTIONS,
}


def row_numbers(form: Form, name: str) -> list[str]:
    """The rows in the order of the page, each once.

    Raises:
        InvalidInput: more than the page would ever send; to draw them all anew would keep everybody else waiting.
    """
    sent = dict.fromkeys(form.all(name))
    rows = [each for each in sent if each.isascii() and each.isdigit() and len(each) <= _LONGEST_NUMBER]
    check_rows(name, len(rows), MOST_ROWS[name])
    return rows


def check_rows(name: str, count: int, most: int) -> None:
    """Raises InvalidInput like `row_numbers`."""
    if count > most:
        raise InvalidInput.at(name, TooMany(most))


def next_number(numbers: Iterable[str]) -> str:
    """A number that no row has yet."""
    return str(max((int(each) for each in numbers), default=-1) + 1)


def moved(rows: Sequence[T], place: int, by: int) -> tuple[T, ...]:
    """The rows with one of them `by` places further on, or unchanged at either end."""
    if not (0 <= place < len(rows) and 0 <= place + by < len(rows)):
        return tuple(rows)
    others = [*rows[:place], *rows[place + 1 :]]
    return (*others[: place + by], rows[place], *others[place + by :])
