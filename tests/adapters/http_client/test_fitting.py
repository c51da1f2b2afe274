from datetime import datetime, timedelta

import pytest

from adapters.http_client.fitting import utc_instant, whole_minutes


def test_an_instant_is_written_in_utc_with_its_z() -> None:
    assert "2026-12-01T14:00:00Z" == utc_instant(datetime.fromisoformat("2026-12-01T19:45:00.5+05:45"))


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (61, 2), (1800, 30)])
def test_minutes_are_rounded_up(seconds: int, minutes: int) -> None:
    assert minutes == whole_minutes(timedelta(seconds=seconds))
