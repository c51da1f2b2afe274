"""What an event type and a page can be."""

from datetime import date, timedelta

import msgspec
import pytest

from domain.availability import NINE_TO_FIVE, Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import DURATION_MINUTES, REMINDER_MINUTES
from tests.support.builders import a_host, a_page, an_event_type


@pytest.mark.parametrize("minutes", [DURATION_MINUTES.least - 1, DURATION_MINUTES.most + 1])
def test_a_duration_outside_its_limits_is_no_event_type(minutes: int) -> None:
    with pytest.raises(ValueError, match="duration"):
        an_event_type(duration=timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [REMINDER_MINUTES.least - 1, REMINDER_MINUTES.most + 1])
def test_a_reminder_outside_its_limits_is_no_page(minutes: int) -> None:
    page = a_page(a_host())

    with pytest.raises(ValueError, match="reminders"):
        msgspec.structs.replace(page, reminders=(timedelta(minutes=minutes),))


def fits(hours: timedelta, availability: Availability, *, today: date = date(2027, 1, 11)) -> bool:
    event_type = an_event_type(duration=hours)
    page = a_page(a_host(), event_type, availability=availability, rules=BookingRules(horizon_days=30))
    return page.has_room_for(event_type, today)


def test_an_event_type_longer_than_every_window_has_no_room() -> None:
    availability = Availability(WeeklyHours(mon=NINE_TO_FIVE, fri=(Hours("08:00", "12:00"), Hours("13:00", "15:00"))))

    assert fits(timedelta(hours=8), availability)
    assert not fits(timedelta(hours=8, minutes=1), availability)


def test_windows_that_touch_across_midnight_make_room_together() -> None:
    night = Availability(WeeklyHours(sun=(Hours("20:00", "24:00"),), mon=(Hours("00:00", "05:00"),)))

    assert fits(timedelta(hours=9), night)
    assert not fits(timedelta(hours=9, minutes=1), night)


def test_a_date_override_makes_room_until_it_is_over() -> None:
    long_day = Availability(WeeklyHours(mon=NINE_TO_FIVE), {date(2027, 1, 13): (Hours("06:00", "20:00"),)})

    assert fits(timedelta(hours=14), long_day)
    assert not fits(timedelta(hours=14), long_day, today=date(2027, 1, 14))
    assert not fits(timedelta(hours=14), long_day, today=date(2026, 12, 1))


def test_a_date_override_joins_the_hours_beside_it() -> None:
    availability = Availability(
        WeeklyHours(tue=(Hours("00:00", "03:00"),)), {date(2027, 1, 18): (Hours("22:00", "24:00"),)}
    )

    assert fits(timedelta(hours=5), availability)


def test_nothing_fits_without_hours() -> None:
    assert not fits(timedelta(minutes=1), Availability())
