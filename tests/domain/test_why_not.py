"""Every reason why a time isn't offered."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.availability import Availability, BookingRules, Hours
from domain.booking import Booking
from domain.open_slots import open_slots
from domain.public_holidays import HolidayCalendar
from domain.slot import Slot
from domain.why_not import (
    BeyondHorizon,
    DailyCap,
    MinimumNotice,
    NotOnGrid,
    OutsideHours,
    PublicHoliday,
    Reason,
    TimeBooked,
    TimePast,
    WithinBuffer,
    why_not,
)
from domain.working_hours import WorkingHours
from tests.support.builders import a_booking, a_host, a_page
from tests.support.schedules import ZONES, availabilities, durations, every_day, instants, rules

HALF_AN_HOUR = timedelta(minutes=30)
TEN_MINUTES = timedelta(minutes=10)
GREENWICH = ZoneInfo("UTC")
NOW = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
PAGE = a_page(a_host())


def reasons(start: str, *bookings: Booking, rules: BookingRules | None = None) -> tuple[Reason, ...]:
    return why_not(
        datetime.fromisoformat(start).replace(tzinfo=UTC),
        hours=WorkingHours(every_day(Hours("09:00", "17:00")), GREENWICH),
        rules=rules or BookingRules(),
        zone=GREENWICH,
        duration=HALF_AN_HOUR,
        now=NOW,
        bookings=bookings,
        page_starts=[each.slot.start for each in bookings],
    )


def test_a_public_holiday_is_named_as_what_closes_the_day() -> None:
    the_day = date(2027, 1, 12)
    germany = HolidayCalendar("DE")
    hours = msgspec.structs.replace(every_day(Hours("09:00", "17:00")), public_holidays=germany)

    def on(start: str, hours: Availability = hours) -> tuple[Reason, ...]:
        return why_not(
            datetime.fromisoformat(start).replace(tzinfo=UTC),
            hours=WorkingHours(hours, GREENWICH, frozenset({the_day})),
            rules=BookingRules(),
            zone=GREENWICH,
            duration=HALF_AN_HOUR,
            now=NOW,
        )

    assert (PublicHoliday(the_day, germany),) == on("2027-01-12T09:00")
    assert (OutsideHours(),) == on("2027-01-12T18:00")
    assert () == on("2027-01-13T09:00")
    worked = msgspec.structs.replace(hours, overrides={the_day: (Hours("10:00", "12:00"),)})
    assert () == on("2027-01-12T10:00", worked)
    assert (OutsideHours(),) == on("2027-01-12T13:00", worked)


def booked(start: str, buffer: timedelta = timedelta(0)) -> Booking:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return a_booking(PAGE, at, duration=HALF_AN_HOUR, buffer_before=buffer, buffer_after=buffer)


def test_nothing_speaks_against_a_time_that_is_offered() -> None:
    assert () == reasons("2027-01-12T09:00")


def test_the_past_is_past_whatever_notice_is_wanted() -> None:
    assert (TimePast(), OutsideHours()) == reasons("2027-01-11T07:00", rules=BookingRules(minimum_notice=HALF_AN_HOUR))


def test_a_time_too_soon_names_the_first_that_gives_notice_enough() -> None:
    rules = BookingRules(minimum_notice=timedelta(hours=4))

    assert (MinimumNotice(NOW + timedelta(hours=4)),) == reasons("2027-01-11T10:00", rules=rules)


def test_a_time_today_names_tomorrow_where_nothing_of_today_is_offered() -> None:
    assert (MinimumNotice(datetime(2027, 1, 12, tzinfo=UTC)),) == reasons(
        "2027-01-11T15:00", rules=BookingRules(not_today=True)
    )


def test_a_time_too_far_ahead_names_the_last_day() -> None:
    assert (BeyondHorizon(date(2027, 1, 13)),) == reasons("2027-01-14T10:00", rules=BookingRules(horizon_days=2))


def test_a_meeting_that_overruns_its_window_names_its_end() -> None:
    end = datetime(2027, 1, 12, 17, 0, tzinfo=UTC)

    assert (OutsideHours(end),) == reasons("2027-01-12T16:40")
    assert (OutsideHours(None),) == reasons("2027-01-12T17:00")


def test_a_time_between_two_starts_names_both() -> None:
    before, after = datetime(2027, 1, 12, 9, 30, tzinfo=UTC), datetime(2027, 1, 12, 10, 0, tzinfo=UTC)

    assert (NotOnGrid(before, after),) == reasons("2027-01-12T09:45")


def test_a_full_day_is_named_with_its_cap() -> None:
    rules = BookingRules(daily_cap=1)

    assert (DailyCap(date(2027, 1, 12), 1),) == reasons("2027-01-12T09:00", booked("2027-01-12T15:00"), rules=rules)


def test_a_booking_is_told_from_a_buffer() -> None:
    rules = BookingRules(buffer_before=TEN_MINUTES)
    at_ten, at_eleven = booked("2027-01-12T10:00"), booked("2027-01-12T11:00", TEN_MINUTES)

    assert (WithinBuffer(at_ten.id), WithinBuffer(at_eleven.id)) == reasons(
        "2027-01-12T10:30", at_ten, at_eleven, rules=rules
    )
    assert (TimeBooked(at_ten.id),) == reasons("2027-01-12T10:00", at_ten, at_eleven, rules=rules)


def test_all_reasons_are_told_at_once() -> None:
    rules = BookingRules(minimum_notice=timedelta(days=1), daily_cap=1)
    other = booked("2027-01-11T08:30")

    assert {"minimum-notice", "outside-hours", "daily-cap", "booking"} == {
        each.code for each in reasons("2027-01-11T08:40", other, rules=rules)
    }


@given(
    availabilities,
    rules,
    st.sampled_from(ZONES),
    durations,
    instants,
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(5, 240), st.sampled_from([0, 15])), max_size=8),
    st.integers(-1000, 6000),
)
def test_a_time_is_offered_exactly_if_there_is_no_reason_against_it(
    availability: Availability,
    rules: BookingRules,
    zone: ZoneInfo,
    duration: timedelta,
    now: datetime,
    meetings: list[tuple[int, int, int]],
    first: int,
) -> None:
    bookings = [
        a_booking(
            PAGE,
            now + timedelta(minutes=after),
            duration=timedelta(minutes=lasts),
            buffer_before=timedelta(minutes=buffer),
            buffer_after=timedelta(minutes=buffer),
        )
        for after, lasts, buffer in meetings
    ]
    page_starts = [each.slot.start for each in bookings]
    within = Slot.lasting(timedelta(hours=12), now + timedelta(minutes=first))
    offered = open_slots(
        hours=WorkingHours(availability, zone),
        rules=rules,
        zone=zone,
        duration=duration,
        within=within,
        now=now,
        busy=[each.occupied for each in bookings],
        page_starts=page_starts,
    )
    quarters = [within.start + timedelta(minutes=15 * number) for number in range(48)]

    unopposed = [
        start
        for start in sorted({*offered, *quarters})
        if not why_not(
            start,
            hours=WorkingHours(availability, zone),
            rules=rules,
            zone=zone,
            duration=duration,
            now=now,
            bookings=bookings,
            page_starts=page_starts,
        )
    ]

    assert offered == unopposed
