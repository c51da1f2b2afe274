"""Which times are offered, and that exactly those are accepted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.availability import (
    NINE_TO_FIVE,
    WEEKDAYS_NINE_TO_FIVE,
    Availability,
    BookingRules,
    Hours,
    WeeklyHours,
)
from domain.open_slots import nearest, open_slots, starts_within, still_open
from domain.slot import Slot
from domain.working_hours import WorkingHours
from tests.support.schedules import ZONES, availabilities, durations, every_day, instants, rules

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
GREENWICH = ZoneInfo("UTC")
KATHMANDU = ZoneInfo("Asia/Kathmandu")  # +05:45

HALF_AN_HOUR = timedelta(minutes=30)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_AHEAD = BookingRules(horizon_days=730)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str, zone: ZoneInfo) -> Slot:
    start = datetime.fromisoformat(text).replace(tzinfo=zone)
    return Slot(start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC))


def offered(
    first: str,
    availability: Availability,
    duration: timedelta,
    *,
    days: int = 1,
    zone: ZoneInfo = GREENWICH,
    interval: timedelta = HALF_AN_HOUR,
    cap: int | None = None,
    page_starts: Sequence[datetime] = (),
) -> list[datetime]:
    start = datetime.fromisoformat(first).replace(tzinfo=zone)
    return open_slots(
        hours=WorkingHours(availability, zone),
        rules=BookingRules(slot_interval=interval, daily_cap=cap),
        zone=zone,
        duration=duration,
        within=Slot(start.astimezone(UTC), (start + timedelta(days=days)).astimezone(UTC)),
        now=start.astimezone(UTC) - timedelta(days=1),
        page_starts=page_starts,
    )


def test_an_ordinary_day_is_offered_in_steps_of_the_interval() -> None:
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("09:00", "11:00")), BERLIN),
        rules=FAR_AHEAD,
        zone=BERLIN,
        duration=timedelta(minutes=45),
        within=day("2027-01-11", BERLIN),
        now=LONG_AGO,
    )

    assert [utc("2027-01-11T08:00"), utc("2027-01-11T08:30"), utc("2027-01-11T09:00")] == starts


def test_the_meeting_has_to_fit_its_window_but_its_buffers_need_not() -> None:
    rules = BookingRules(horizon_days=730, buffer_before=HALF_AN_HOUR, buffer_after=HALF_AN_HOUR)

    starts = open_slots(
        hours=WorkingHours(every_day(Hours("09:00", "09:30")), BERLIN),
        rules=rules,
        zone=BERLIN,
        duration=HALF_AN_HOUR,
        within=day("2027-01-11", BERLIN),
        now=LONG_AGO,
    )

    assert [utc("2027-01-11T08:00")] == starts


def test_buffers_of_both_sides_keep_their_distance() -> None:
    rules = BookingRules(horizon_days=730, buffer_before=HALF_AN_HOUR, buffer_after=HALF_AN_HOUR)
    other = Slot(utc("2027-01-11T10:00"), utc("2027-01-11T10:30")).padded(HALF_AN_HOUR, HALF_AN_HOUR)

    starts = open_slots(
        hours=WorkingHours(every_day(Hours("09:00", "15:00")), ZoneInfo("UTC")),
        rules=rules,
        zone=ZoneInfo("UTC"),
        duration=HALF_AN_HOUR,
        within=day("2027-01-11", ZoneInfo("UTC")),
        now=LONG_AGO,
        busy=[other],
    )

    assert not [start for start in starts if utc("2027-01-11T08:30") < start < utc("2027-01-11T11:30")]
    assert utc("2027-01-11T11:30") in starts


def test_a_window_across_the_spring_gap_loses_the_hour_that_does_not_exist() -> None:
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("01:00", "04:00")), BERLIN),
        rules=BookingRules(horizon_days=730, slot_interval=timedelta(hours=1)),
        zone=BERLIN,
        duration=timedelta(hours=1),
        within=day("2027-03-28", BERLIN),
        now=LONG_AGO,
    )

    assert [utc("2027-03-28T00:00"), utc("2027-03-28T01:00")] == starts


def test_a_window_across_the_autumn_fold_gains_an_hour_in_real_time() -> None:
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("01:00", "04:00")), BERLIN),
        rules=BookingRules(horizon_days=730, slot_interval=timedelta(hours=1)),
        zone=BERLIN,
        duration=timedelta(hours=1),
        within=day("2027-10-31", BERLIN),
        now=LONG_AGO,
    )

    assert [utc(f"2027-10-3{hour}") for hour in ("0T23:00", "1T00:00", "1T01:00", "1T02:00")] == starts


def test_a_window_inside_the_spring_gap_is_read_with_the_offset_before_it() -> None:
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("02:00", "02:30")), BERLIN),
        rules=FAR_AHEAD,
        zone=BERLIN,
        duration=HALF_AN_HOUR,
        within=day("2027-03-28", BERLIN),
        now=LONG_AGO,
    )

    assert [utc("2027-03-28T01:00")] == starts


def test_windows_beside_the_spring_gap_are_offered_once_and_in_order() -> None:
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("01:00", "02:30"), Hours("03:00", "04:00")), BERLIN),
        rules=FAR_AHEAD,
        zone=BERLIN,
        duration=HALF_AN_HOUR,
        within=day("2027-03-28", BERLIN),
        now=LONG_AGO,
    )

    assert [utc(f"2027-03-28T{time}") for time in ("00:00", "00:30", "01:00", "01:30")] == starts


def test_ranges_that_touch_are_one_window() -> None:
    starts = offered("2027-01-11", every_day(Hours("09:00", "10:00"), Hours("10:00", "11:00")), timedelta(minutes=90))

    assert [utc("2027-01-11T09:00"), utc("2027-01-11T09:30")] == starts


def test_ranges_that_touch_at_midnight_are_one_window() -> None:
    late, early = Hours("22:00", "24:00"), Hours("00:00", "01:30")
    availability = Availability(WeeklyHours(mon=(late,), tue=(early,)))

    starts = offered("2027-01-11", availability, timedelta(hours=1), days=2, interval=timedelta(minutes=45))

    assert [utc(f"2027-01-{each}") for each in ("11T22:00", "11T22:45", "11T23:30", "12T00:15")] == starts


@pytest.mark.parametrize("end", ["02:00", "22:00"])
def test_an_end_that_is_not_after_the_start_is_on_the_next_day(end: str) -> None:
    availability = Availability(WeeklyHours(mon=(Hours("22:00", end),)))

    starts = offered("2027-01-11", availability, timedelta(hours=1), days=3)

    assert utc("2027-01-11T22:00") == starts[0]
    assert utc(f"2027-01-12T{end}") == starts[-1] + timedelta(hours=1)


def test_a_window_of_the_day_before_is_offered_where_a_day_alone_is_asked_for() -> None:
    availability = Availability(WeeklyHours(mon=(Hours("22:20", "02:00"),)))

    starts = offered("2027-01-12", availability, timedelta(hours=1))

    assert [utc(f"2027-01-12T{each}") for each in ("00:20", "00:50")] == starts


def test_a_day_off_does_not_end_what_began_the_day_before() -> None:
    night = (Hours("22:00", "01:00"),)
    availability = Availability(WeeklyHours(mon=night, tue=night), {date(2027, 1, 12): ()})

    starts = offered("2027-01-12", availability, HALF_AN_HOUR)

    assert [utc("2027-01-12T00:00"), utc("2027-01-12T00:30")] == starts


def test_an_override_that_goes_on_the_next_day_joins_the_hours_there() -> None:
    availability = Availability(
        WeeklyHours(tue=(Hours("01:00", "03:00"),)), {date(2027, 1, 11): (Hours("23:00", "02:00"),)}
    )

    starts = offered("2027-01-11", availability, timedelta(hours=3), days=2)

    assert [utc("2027-01-11T23:00"), utc("2027-01-11T23:30"), utc("2027-01-12T00:00")] == starts


def test_a_day_that_its_zone_skips_offers_nothing() -> None:
    availability = every_day(Hours("09:00", "11:00"))

    starts = offered("2011-12-29", availability, timedelta(hours=1), days=3, zone=APIA, interval=timedelta(hours=1))

    local = [start.astimezone(APIA).strftime("%d %H:%M") for start in starts]
    assert ["29 09:00", "29 10:00", "31 09:00", "31 10:00"] == local


def test_hours_that_go_on_a_day_that_its_zone_skips_end_at_midnight() -> None:
    thursday = Availability(WeeklyHours(thu=(Hours("22:00", "02:00"),)))

    starts = offered("2011-12-29", thursday, HALF_AN_HOUR, days=3, zone=APIA, interval=timedelta(hours=1))

    assert ["29 22:00", "29 23:00"] == [start.astimezone(APIA).strftime("%d %H:%M") for start in starts]


def test_hours_without_an_end_step_from_each_midnight() -> None:
    always = every_day(Hours("00:00", "24:00"))

    starts = offered("2027-01-11", always, timedelta(hours=2), interval=timedelta(hours=5))

    assert [0, 5, 10, 15, 20] == [start.hour for start in starts]


def test_a_full_day_leaves_the_hours_after_midnight_to_the_next() -> None:
    starts = offered(
        "2027-01-11",
        every_day(Hours("23:00", "01:00")),
        HALF_AN_HOUR,
        days=2,
        cap=1,
        page_starts=[utc("2027-01-11T23:00")],
    )

    assert {12} == {start.day for start in starts}
    assert utc("2027-01-12T00:00") == starts[0]


def test_an_override_replaces_the_ordinary_hours_of_its_date() -> None:
    christmas = {date(2026, 12, 24): (), date(2026, 12, 26): NINE_TO_FIVE}
    availability = Availability(WEEKDAYS_NINE_TO_FIVE.weekly, christmas)

    def count(text: str) -> int:
        within = day(text, BERLIN)
        return len(
            open_slots(
                hours=WorkingHours(availability, BERLIN),
                rules=FAR_AHEAD,
                zone=BERLIN,
                duration=HALF_AN_HOUR,
                within=within,
                now=LONG_AGO,
            )
        )

    assert (0, 16, 16, 0) == (count("2026-12-24"), count("2026-12-25"), count("2026-12-26"), count("2026-12-27"))


def test_minimum_notice_and_horizon_bound_what_is_offered() -> None:
    now = utc("2027-01-11T08:10")
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("00:00", "24:00")), ZoneInfo("UTC")),
        rules=BookingRules(minimum_notice=timedelta(hours=2), horizon_days=1),
        zone=ZoneInfo("UTC"),
        duration=HALF_AN_HOUR,
        within=Slot(now - timedelta(days=5), now + timedelta(days=20)),
        now=now,
    )

    assert utc("2027-01-11T10:30") == starts[0]
    assert utc("2027-01-12T23:30") == starts[-1]


def test_nothing_of_the_hosts_present_day_is_offered_where_that_is_wanted() -> None:
    # 20:00 UTC is already the next day in Kathmandu, which is 5:45 h ahead.
    now = utc("2027-01-11T20:00")
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("00:00", "24:00")), KATHMANDU),
        rules=BookingRules(not_today=True),
        zone=KATHMANDU,
        duration=HALF_AN_HOUR,
        within=Slot(now, now + timedelta(days=2)),
        now=now,
    )

    assert datetime(2027, 1, 13, tzinfo=KATHMANDU) == starts[0]


def test_a_full_local_day_is_not_offered_any_more() -> None:
    # 23:30 UTC is already the next day in Kathmandu.
    booked = [utc("2027-01-10T23:30")]
    starts = open_slots(
        hours=WorkingHours(every_day(Hours("00:00", "24:00")), KATHMANDU),
        rules=BookingRules(horizon_days=730, daily_cap=1),
        zone=KATHMANDU,
        duration=HALF_AN_HOUR,
        within=Slot(utc("2027-01-10T00:00"), utc("2027-01-12T00:00")),
        now=LONG_AGO,
        page_starts=booked,
    )

    assert date(2027, 1, 11) not in {start.astimezone(KATHMANDU).date() for start in starts}
    assert date(2027, 1, 10) in {start.astimezone(KATHMANDU).date() for start in starts}


def test_the_nearest_starts_come_in_order_of_time() -> None:
    starts = [utc(f"2027-01-11T{hour:02}:00") for hour in range(8, 18)]

    assert [utc("2027-01-11T11:00"), utc("2027-01-11T12:00"), utc("2027-01-11T13:00")] == nearest(
        starts, utc("2027-01-11T12:10")
    )


@given(
    availabilities,
    rules,
    st.sampled_from(ZONES),
    durations,
    instants,
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(5, 240)), max_size=12),
)
def test_every_start_is_accepted_exactly_if_it_is_offered(
    availability: Availability,
    rules: BookingRules,
    zone: ZoneInfo,
    duration: timedelta,
    now: datetime,
    meetings: list[tuple[int, int]],
) -> None:
    within = Slot(now, now + timedelta(days=4))
    busy = [Slot.lasting(timedelta(minutes=lasts), now + timedelta(minutes=after)) for after, lasts in meetings]

    def starts(span: Slot) -> list[datetime]:
        return open_slots(
            hours=WorkingHours(availability, zone),
            rules=rules,
            zone=zone,
            duration=duration,
            within=span,
            now=now,
            busy=busy,
            page_starts=[each.start for each in busy],
        )

    offered = set(starts(within))

    for minutes in range(0, 4 * 24 * 60, 15):
        start = now + timedelta(minutes=minutes)
        accepted = starts(Slot.lasting(timedelta(microseconds=1), start)) == [start]
        assert (start in offered) == accepted


@given(availabilities, rules, st.sampled_from(ZONES), durations, instants)
def test_what_is_offered_lies_in_the_hosts_hours_and_keeps_every_rule(
    availability: Availability, rules: BookingRules, zone: ZoneInfo, duration: timedelta, now: datetime
) -> None:
    within = Slot(now - timedelta(days=2), now + timedelta(days=10))
    starts = open_slots(
        hours=WorkingHours(availability, zone), rules=rules, zone=zone, duration=duration, within=within, now=now
    )

    assert sorted(set(starts)) == starts
    for start in starts:
        local = start.astimezone(zone)
        assert start >= now + rules.minimum_notice
        assert within.start <= start < within.end
        assert local.date() <= now.astimezone(zone).date() + timedelta(days=rules.horizon_days)
        assert timedelta(0) == start.utcoffset()


@given(st.sampled_from(ZONES), durations, instants, st.lists(st.integers(0, 14_000), min_size=1, max_size=10))
def test_no_offered_meeting_touches_a_busy_one(
    zone: ZoneInfo, duration: timedelta, now: datetime, meetings: list[int]
) -> None:
    rules = BookingRules(horizon_days=400, buffer_before=timedelta(minutes=10), buffer_after=timedelta(minutes=5))
    busy = [Slot.lasting(timedelta(hours=1), now + timedelta(minutes=each)) for each in meetings]
    hours, within = WorkingHours(every_day(Hours("00:00", "24:00")), zone), Slot(now, now + timedelta(days=10))
    starts = open_slots(hours=hours, rules=rules, zone=zone, duration=duration, within=within, now=now, busy=busy)
    ever = starts_within(hours=hours, rules=rules, duration=duration, within=within, blocked=sorted(busy))

    assert starts == still_open(ever, rules=rules, zone=zone, duration=duration, now=now, busy=())
    for start in starts:
        occupied = Slot.lasting(duration, start).padded(rules.buffer_before, rules.buffer_after)
        assert not any(occupied.overlaps(other) for other in busy)
