"""Times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.presentation.times import clock, hours, starts, to_the_second
from domain.slot import Slot

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("zone", "midnight", "twice"),
    [
        ("Europe/London", "2026-10-25T00:00:00+00:00", ("01:30 (UTC+01:00)", "01:30 (UTC+00:00)")),
        ("America/New_York", "2026-11-01T04:00:00+00:00", ("01:30 (UTC-04:00)", "01:30 (UTC-05:00)")),
        ("Australia/Lord_Howe", "2026-04-04T13:00:00+00:00", ("01:30 (UTC+11:00)", "01:30 (UTC+10:30)")),
    ],
)
def test_in_the_night_when_an_hour_comes_twice_each_time_has_its_offset(
    zone: str, midnight: str, twice: tuple[str, str]
) -> None:
    half_hours = [datetime.fromisoformat(midnight) + number * HALF_AN_HOUR for number in range(12)]

    words = [clock(each, zone) for each in half_hours]

    assert len(words) == len(set(words))
    assert twice == tuple(each for each in words if each.startswith("01:30"))
    assert "12:00" == clock(datetime.fromisoformat(midnight).replace(hour=12, tzinfo=UTC), "UTC")


def test_a_meeting_across_the_change_says_which_end_is_which() -> None:
    meeting = Slot.lasting(timedelta(hours=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))

    assert "01:30 (UTC+01:00) – 01:30 (UTC+00:00)" == hours(meeting, "Europe/London")
    assert starts(meeting.start, "Europe/London").endswith("25 October 2026, 01:30 (UTC+01:00)")
    assert to_the_second(meeting.end, "Europe/London").endswith("25 October 2026, 01:30:00 (UTC+00:00)")


def test_on_all_other_days_times_have_none() -> None:
    assert "01:30" == clock(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin")
    assert "03:30" == clock(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin")
