"""Which calendars close a page."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.page_calendars import PageCalendars
from tests.support.builders import NOW

CLOSING, TRUSTING = PageCalendars(when_unreadable="close"), PageCalendars(when_unreadable="trust_last")

instants = st.integers(-(10**6), 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds))


def read_until(until: datetime | None) -> Calendar:
    return Calendar(
        id=CalendarId("c"),
        connection_id=CalendarConnectionId("k"),
        host_id=HostId("h"),
        kind="google",
        name="Work",
        timezone="UTC",
        host_timezone="UTC",
        readable_until=until,
    )


@given(st.none() | instants, instants)
def test_a_page_closes_exactly_while_a_calendar_is_broken(until: datetime | None, now: datetime) -> None:
    assert (read_until(until).state(now) == "broken") == CLOSING.are_closed_by(until, now)


@given(instants, instants)
def test_a_page_that_trusts_the_last_reading_stays_open_where_there_is_one(until: datetime, now: datetime) -> None:
    assert not TRUSTING.are_closed_by(until, now)


@given(instants)
def test_a_calendar_that_was_never_read_closes_any_page(now: datetime) -> None:
    assert CLOSING.are_closed_by(None, now)
    assert TRUSTING.are_closed_by(None, now)


@given(instants, instants, instants)
def test_without_a_new_reading_a_closed_page_never_opens_again(until: datetime, now: datetime, later: datetime) -> None:
    now, later = sorted((now, later))
    assert not CLOSING.are_closed_by(until, now) or CLOSING.are_closed_by(until, later)
