"""Hours, rules and instants of every kind, for properties of what is offered."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.availability import Availability, BookingRules, Hours, WeeklyHours, overlapping

ZONES = [
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("UTC"),
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Asia/Tehran"),
]


def every_day(*hours: Hours) -> Availability:
    return Availability(WeeklyHours(mon=hours, tue=hours, wed=hours, thu=hours, fri=hours, sat=hours, sun=hours))


def _apart(hours: list[Hours]) -> list[Hours]:
    """The ranges that don't overlap an earlier one."""
    kept: list[Hours] = []
    for each in hours:
        if overlapping((*kept, each)) is None:
            kept.append(each)
    return kept


wall_times = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
days_of_hours = st.lists(st.builds(Hours, wall_times, wall_times | st.just("24:00")), max_size=4).map(
    lambda each: tuple(_apart(each))
)
availabilities = st.builds(
    Availability,
    st.builds(WeeklyHours, *[days_of_hours] * 7) | days_of_hours.map(lambda hours: every_day(*hours).weekly),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 1, 10)), days_of_hours, max_size=5),
)
rules = st.builds(
    BookingRules,
    minimum_notice=st.integers(0, 3000).map(lambda minutes: timedelta(minutes=minutes)),
    not_today=st.booleans(),
    horizon_days=st.integers(1, 400),
    buffer_before=st.sampled_from([timedelta(0), timedelta(minutes=10), timedelta(hours=1)]),
    buffer_after=st.sampled_from([timedelta(0), timedelta(minutes=5), timedelta(hours=2)]),
    slot_interval=st.sampled_from([timedelta(minutes=each) for each in (5, 15, 20, 30, 45, 60, 90)]),
    daily_cap=st.none() | st.integers(1, 3),
    max_per_guest=st.integers(1, 50),
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda instant: instant.replace(second=0, microsecond=0, tzinfo=UTC)
)
durations = st.sampled_from([timedelta(minutes=each) for each in (5, 15, 30, 45, 60, 120)])
