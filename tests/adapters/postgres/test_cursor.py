from datetime import UTC, datetime

import pytest

from adapters.postgres.cursor import Cursor
from domain.errors import InvalidInput
from tests.support.faults import fields

AT = datetime(2026, 3, 3, 10, 0, 0, 123456, tzinfo=UTC)


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor("upcoming", AT, "booking-1")

    assert cursor == Cursor.parse(str(cursor), "upcoming")


def test_a_cursor_fits_into_an_address_as_it_is() -> None:
    assert set("+/=").isdisjoint(str(Cursor("needs_attention", AT, "booking~~~???")))


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "ä", "a" * 1000, "WzFd", "bnVsbA", "\0"),
        str(Cursor("past", AT, "booking-1")),
        str(Cursor("upcoming", AT, "booking-1")) + "=",
        str(Cursor("upcoming", AT, "booking-1")) + "*",
        str(Cursor("upcoming", AT.replace(tzinfo=None), "booking-1")),
        str(Cursor("upcoming", AT, "nul\0")),
    ],
)
def test_what_is_no_cursor_of_this_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Cursor.parse(text, "upcoming")

    assert ["cursor"] == fields(refused.value)
