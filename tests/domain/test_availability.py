"""What hours and rules can be."""

import msgspec
import pytest

from domain.availability import Hours, WeeklyHours


def test_a_time_of_day_is_nothing_but_a_time_of_day() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(["09:00\n", "10:00"], Hours)


def test_a_range_cannot_start_at_the_end_of_a_day() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(["24:00", "10:00"], Hours)


def test_hours_that_overlap_are_refused_with_both_stretches_named() -> None:
    with pytest.raises(ValueError, match="mon: 09:00–12:00 and 11:00–13:00 overlap"):
        WeeklyHours(mon=(Hours("09:00", "12:00"), Hours("11:00", "13:00")))


def test_hours_that_go_on_the_next_day_overlap_those_that_start_after_them() -> None:
    with pytest.raises(ValueError, match="mon: 22:00–02:00 and 23:00–23:30 overlap"):
        WeeklyHours(mon=(Hours("23:00", "23:30"), Hours("22:00", "02:00")))


def test_hours_that_go_on_the_next_day_leave_the_morning_of_their_own_day_alone() -> None:
    hours = (Hours("01:00", "03:00"), Hours("22:00", "02:00"))

    assert hours == WeeklyHours(mon=hours).mon
