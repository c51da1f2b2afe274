"""Times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.locales.catalogues import languages
from adapters.presentation.language import speaking
from adapters.presentation.times import (
    clock,
    hours,
    needs_notice,
    short_day,
    starts,
    to_the_second,
    twin_offset,
    wall_clock,
    weekdays,
    zone_words,
)
from adapters.presentation.zone_names import zone_name
from domain.slot import Slot
from tests.support.pseudo import PSEUDO_ALONE

HALF_AN_HOUR = timedelta(minutes=30)
LANGUAGES = languages()
AFTERNOON = datetime(2026, 12, 1, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "starts_at", "day_in_short", "first_weekday"),
    [
        ("en-US", "Tuesday, December 1, 2026, 3:05\u00a0PM", "Tue, Dec 1, 2026", 6),
        ("en-GB", "Tuesday, 1 December 2026, 15:05", "Tue, 1 Dec 2026", 0),
        ("de", "Dienstag, 1. Dezember 2026, 15:05", "Di., 1. Dez. 2026", 0),
        ("en-US-u-hc-h23", "Tuesday, December 1, 2026, 15:05", "Tue, Dec 1, 2026", 6),
        ("de-AT-u-hc-h12", "Dienstag, 1. Dezember 2026, 3:05\u00a0PM", "Di., 1. Dez. 2026", 0),
        # Of nowhere: what nobody reads as another day.
        ("en", "Tuesday, 1 December 2026, 15:05", "Tue, 1 Dec 2026", 0),
    ],
)
def test_days_times_and_weeks_are_those_of_the_readers_region(
    wanted: str, starts_at: str, day_in_short: str, first_weekday: int
) -> None:
    with speaking(LANGUAGES.of(wanted)):
        assert starts_at == starts(AFTERNOON, "America/New_York")
        assert day_in_short == short_day(AFTERNOON.date())
        assert first_weekday == weekdays()[0]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (60, "Anna needs 1\u00a0hour’s notice"),
        (240, "Anna needs 4\u00a0hours’ notice"),
        (90, "Anna needs 1\u00a0hour 30\u00a0minutes’ notice"),
        (24 * 60, "Anna needs 24\u00a0hours’ notice"),
        (3 * 24 * 60, "Anna needs 3\u00a0days’ notice"),
    ],
)
def test_guests_read_who_needs_how_much_notice(minutes: int, told: str) -> None:
    assert told == needs_notice("Anna", timedelta(minutes=minutes))


def test_a_language_without_a_region_has_its_own_conventions() -> None:
    with speaking(PSEUDO_ALONE.of("el")):
        assert "Τρίτη 1 Δεκεμβρίου 2026, 3:05\u00a0μ.μ." == starts(AFTERNOON, "America/New_York")
        assert "Ανατολική ώρα Βόρειας Αμερικής – Νέα Υόρκη (UTC-05:00)" == zone_words("America/New_York", AFTERNOON)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/New_York", "Eastern Time – New York"),
        ("Europe/Berlin", "Central European Time – Berlin"),
        # Named after a season, or not at all: by the country.
        ("Europe/London", "United Kingdom – London"),
        ("America/Argentina/Buenos_Aires", "Argentina – Buenos Aires"),
        ("Asia/Singapore", "Singapore"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_zone_has_the_name_that_people_use(zone: str, name: str) -> None:
    assert name == zone_name(zone)


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
    assert words == [
        f"{wall_clock(each, zone)} ({offset})" if (offset := twin_offset(each, zone)) else wall_clock(each, zone)
        for each in half_hours
    ]
    assert "12:00" == clock(datetime.fromisoformat(midnight).replace(hour=12, tzinfo=UTC), "UTC")


def test_a_meeting_across_the_change_says_which_end_is_which() -> None:
    meeting = Slot.lasting(timedelta(hours=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))

    assert "01:30 (UTC+01:00) – 01:30 (UTC+00:00)" == hours(meeting, "Europe/London")
    assert starts(meeting.start, "Europe/London").endswith("25 October 2026, 01:30 (UTC+01:00)")
    assert to_the_second(meeting.end, "Europe/London").endswith("25 October 2026, 01:30:00 (UTC+00:00)")


def test_on_all_other_days_times_have_none() -> None:
    assert "01:30" == clock(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin")
    assert "03:30" == clock(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin")
