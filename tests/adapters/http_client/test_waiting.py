from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http_client.waiting import wished_at

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
IN_A_MINUTE = datetime(2026, 11, 22, 14, 31, tzinfo=UTC)
IN_A_SECOND = NOW + timedelta(seconds=1)
IN_A_DAY = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("2026-11-22T14:31:00Z", IN_A_MINUTE),
        ("2026-11-22T15:31:00+01:00", IN_A_MINUTE),
        ("2026-11-22T14:31:00", IN_A_MINUTE),
        ("Sun, 22 Nov 2026 14:31:00 GMT", IN_A_MINUTE),
        ("Sun, 22 Nov 2026 14:31:00 -0000", IN_A_MINUTE),
        ("60", IN_A_MINUTE),
        (" 60 ", IN_A_MINUTE),
        ("0", IN_A_SECOND),
        ("2020-01-01T00:00:00Z", IN_A_SECOND),
        ("0001-01-01T00:00:00+14:00", IN_A_SECOND),
        ("999999999", IN_A_DAY),
        ("9999-12-31T23:59:59-14:00", IN_A_DAY),
        ("9" * 5000, None),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_every_form_of_retry_after_is_read_and_held_within_a_day(header: str | None, at: datetime | None) -> None:
    assert at == wished_at(header, NOW)


@given(st.text() | st.from_regex(r"\w{3}, \d{1,3} \w{3} \d{1,6} \d{1,3}:\d\d:\d\d [+-]?\w{0,6}"))
def test_no_header_is_too_strange(header: str) -> None:
    at = wished_at(header, NOW)

    assert at is None or IN_A_SECOND <= at <= IN_A_DAY
