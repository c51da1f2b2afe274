from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.zoom.waiting import next_midnight


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 11, 22, 14, 30, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=timezone(timedelta(hours=-5))), datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_midnight_is_the_next_one_in_utc(now: datetime, midnight: datetime) -> None:
    assert midnight == next_midnight(now)
