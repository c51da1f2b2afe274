from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from adapters.zoom.timezones import EQUALS, ZONES, known_to_zoom


@pytest.mark.parametrize(
    ("zone", "as_zoom_knows_it"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Europe/Kyiv", "Europe/Kiev"),
        ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
        ("America/Nuuk", "America/Godthab"),
        ("America/Toronto", "America/Montreal"),
        ("America/Indiana/Indianapolis", "America/Indianapolis"),
        ("Etc/UTC", "UTC"),
        ("UTC", "UTC"),
        ("Asia/Manila", "UTC"),
        ("Mars/Olympus_Mons", "UTC"),
        ("", "UTC"),
    ],
)
def test_a_zone_is_named_as_zoom_names_it(zone: str, as_zoom_knows_it: str) -> None:
    assert as_zoom_knows_it == known_to_zoom(zone)


def test_an_equal_zone_has_the_same_offset_at_every_time_of_three_years() -> None:
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=day % 24) for day in range(3 * 365)]

    def offsets(zone: str) -> list[timedelta | None]:
        return [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]

    assert [] == [zone for zone, equal in EQUALS.items() if offsets(equal) != offsets(zone)]


def test_every_stand_in_is_on_zooms_list_and_every_name_is_real() -> None:
    assert set() == set(EQUALS.values()) - ZONES
    assert set() == (ZONES | set(EQUALS)) - available_timezones() - {"SST"}
    assert set() == ZONES & set(EQUALS)
