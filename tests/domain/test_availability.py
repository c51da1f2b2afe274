"""What hours and rules can be."""

from datetime import date, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from domain.availability import (
    BUFFER_MINUTES,
    DAILY_CAP,
    HORIZON_DAYS,
    INTERVAL_MINUTES,
    MAX_PER_GUEST,
    MOST_RANGES,
    NOTICE_MINUTES,
    Availability,
    BookingRules,
    Hours,
    WeeklyHours,
)
from domain.faults import InvalidValue
from domain.limits import Limits


def test_a_time_of_day_is_nothing_but_a_time_of_day() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(["09:00\n", "10:00"], Hours)


def test_a_range_cannot_start_at_the_end_of_a_day() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(["24:00", "10:00"], Hours)


def test_hours_that_overlap_are_refused_with_both_stretches_named() -> None:
    with pytest.raises(ValueError, match=r"09:00–12:00.*11:00–13:00"):
        WeeklyHours(mon=(Hours("09:00", "12:00"), Hours("11:00", "13:00")))


@pytest.mark.parametrize("of", ["week", "date"])
def test_a_day_has_no_more_ranges_than_it_has_hours(of: str) -> None:
    minutes = tuple(Hours(f"{hour:02}:{start}", f"{hour:02}:{start + 1}") for hour in range(24) for start in (10, 20))

    def made(hours: tuple[Hours, ...]) -> object:
        return WeeklyHours(sun=hours) if of == "week" else Availability(overrides={date(2026, 3, 1): hours})

    made(minutes[:MOST_RANGES])
    with pytest.raises(InvalidValue):
        made(minutes[: MOST_RANGES + 1])


def test_all_overrides_together_have_a_bound_of_ranges_too() -> None:
    hours = tuple(Hours(f"{hour:02}:00", f"{hour:02}:30") for hour in range(20))
    days = [date(2026, 3, 1) + timedelta(days=each) for each in range(101)]

    Availability(overrides=dict.fromkeys(days[1:], hours))
    with pytest.raises(InvalidValue):
        Availability(overrides=dict.fromkeys(days, hours))


def test_hours_that_go_on_the_next_day_overlap_those_that_start_after_them() -> None:
    with pytest.raises(ValueError, match=r"22:00–02:00.*23:00–23:30"):
        WeeklyHours(mon=(Hours("23:00", "23:30"), Hours("22:00", "02:00")))


def test_hours_that_go_on_the_next_day_leave_the_morning_of_their_own_day_alone() -> None:
    hours = (Hours("01:00", "03:00"), Hours("22:00", "02:00"))

    assert hours == WeeklyHours(mon=hours).mon


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        ("minimum_notice", NOTICE_MINUTES),
        ("buffer_before", BUFFER_MINUTES),
        ("buffer_after", BUFFER_MINUTES),
        ("slot_interval", INTERVAL_MINUTES),
    ],
)
def test_a_length_outside_its_limits_is_no_rule(rule: str, limits: Limits) -> None:
    for minutes in (limits.least, limits.most):
        length = timedelta(minutes=minutes)
        assert length == getattr(replace(BookingRules(), **{rule: length}), rule)
    for length in (
        timedelta(minutes=limits.least - 1),
        timedelta(minutes=limits.most + 1),
        timedelta(minutes=limits.least, seconds=1),
    ):
        with pytest.raises(ValueError, match=rule):
            replace(BookingRules(), **{rule: length})


@pytest.mark.parametrize(
    ("rule", "limits"), [("horizon_days", HORIZON_DAYS), ("daily_cap", DAILY_CAP), ("max_per_guest", MAX_PER_GUEST)]
)
def test_a_number_outside_its_limits_is_no_rule(rule: str, limits: Limits) -> None:
    for number in (limits.least, limits.most):
        assert number == getattr(replace(BookingRules(), **{rule: number}), rule)
    for number in (limits.least - 1, limits.most + 1):
        with pytest.raises(ValueError, match=rule):
            replace(BookingRules(), **{rule: number})
