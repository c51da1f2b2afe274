"""What happens to a connection, and what its state permits."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.connection import (
    KEEP_AFTER,
    Blocked,
    Connected,
    ConnectionDecision,
    ConnectionState,
    NeedsReconnect,
    ProviderConnection,
)
from domain.connection_events import ConnectionBroke
from domain.provider_problem import AppNotAllowed, GrantEnded, MeetingsNotAllowed, UserUnknown
from tests.support.builders import NOW, a_connection, a_host

CONNECTION = a_connection(a_host())
STATES: list[ConnectionState] = [Connected(), NeedsReconnect(GrantEnded("zoom")), Blocked(MeetingsNotAllowed("zoom"))]
A_MINUTE = timedelta(minutes=1)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


def in_state(state: ConnectionState) -> ProviderConnection:
    return msgspec.structs.replace(CONNECTION, state=state)


def test_a_dead_grant_needs_the_host_and_says_why() -> None:
    dead = CONNECTION.grant_died(UserUnknown("zoom"), NOW).connection

    assert ("needs_reconnect", UserUnknown("zoom")) == (dead.status, dead.problem)


def test_an_account_that_may_not_schedule_is_blocked_and_says_why() -> None:
    blocked = CONNECTION.was_blocked(AppNotAllowed("zoom"), NOW).connection

    assert ("blocked", AppNotAllowed("zoom")) == (blocked.status, blocked.problem)


def test_what_fails_after_a_grant_has_died_does_not_change_the_reason() -> None:
    dead = CONNECTION.grant_died(UserUnknown("zoom"), NOW).connection

    assert (
        dead
        == dead.grant_died(GrantEnded("zoom"), NOW).connection
        == dead.was_blocked(MeetingsNotAllowed("zoom"), NOW).connection
    )


def test_a_blocked_account_whose_grant_dies_needs_the_host() -> None:
    assert (
        "needs_reconnect"
        == CONNECTION.was_blocked(MeetingsNotAllowed("zoom"), NOW)
        .connection.grant_died(GrantEnded("zoom"), NOW)
        .connection.status
    )


@pytest.mark.parametrize("state", STATES, ids=lambda each: type(each).__name__)
def test_a_meeting_clears_whatever_was_wrong(state: ConnectionState) -> None:
    made = in_state(state).reached_limit(MIDNIGHT).made_a_meeting(NOW)

    assert ("connected", None, None, NOW) == (made.status, made.problem, made.limit(NOW), made.last_meeting_at)


def test_the_daily_limit_is_a_note_until_it_resets() -> None:
    limited = CONNECTION.reached_limit(MIDNIGHT)

    assert "connected" == limited.status
    assert MIDNIGHT == limited.limit(NOW)
    assert limited.limit(MIDNIGHT) is None


def test_a_limit_is_not_worth_a_word_beside_a_problem() -> None:
    assert CONNECTION.reached_limit(MIDNIGHT).grant_died(GrantEnded("zoom"), NOW).connection.limit(NOW) is None


@given(
    st.lists(st.sampled_from(["died", "blocked", "made", "refreshed", "limited"]), max_size=12),
    st.sampled_from(STATES),
)
def test_the_host_is_told_once_for_each_time_that_it_stops_working(events: list[str], state: ConnectionState) -> None:
    connection, told, stopped = in_state(state), 0, 0
    for event in events:
        worked = connection.status == "connected"
        decision = _after(event, connection)
        connection = decision.connection
        told += decision.events == (ConnectionBroke(CONNECTION.host_id, "zoom", NOW),)
        stopped += worked and connection.status != "connected"

    assert stopped == told


def test_refreshing_alone_says_nothing_about_meetings() -> None:
    blocked = CONNECTION.was_blocked(MeetingsNotAllowed("zoom"), NOW).connection.was_refreshed(NOW)

    assert ("blocked", NOW) == (blocked.status, blocked.refreshed_at)


def test_tokens_are_renewed_long_before_they_end_by_themselves() -> None:
    assert not CONNECTION.is_idle(NOW + KEEP_AFTER - A_MINUTE)
    assert CONNECTION.is_idle(NOW + KEEP_AFTER)
    assert timedelta(days=45) > KEEP_AFTER


def test_only_the_last_renewal_counts() -> None:
    refreshed = CONNECTION.was_refreshed(NOW + KEEP_AFTER)

    assert not refreshed.is_idle(NOW + 2 * KEEP_AFTER - A_MINUTE)
    assert refreshed.is_idle(NOW + 2 * KEEP_AFTER)


@pytest.mark.parametrize("state", STATES[1:], ids=lambda each: type(each).__name__)
def test_what_the_host_has_to_mend_is_not_kept_alive(state: ConnectionState) -> None:
    assert not in_state(state).is_idle(NOW + 2 * KEEP_AFTER)


def test_a_removal_ends_what_was_connected_before_it_and_nothing_newer() -> None:
    assert CONNECTION.is_ended_by(NOW)
    assert CONNECTION.is_ended_by(NOW + A_MINUTE)
    assert not CONNECTION.is_ended_by(NOW - A_MINUTE)


def _after(event: str, connection: ProviderConnection) -> ConnectionDecision:
    match event:
        case "died":
            return connection.grant_died(GrantEnded("zoom"), NOW)
        case "blocked":
            return connection.was_blocked(MeetingsNotAllowed("zoom"), NOW)
        case "made":
            return ConnectionDecision(connection.made_a_meeting(NOW))
        case "refreshed":
            return ConnectionDecision(connection.was_refreshed(NOW))
        case _:
            return ConnectionDecision(connection.reached_limit(MIDNIGHT))


@given(st.lists(st.integers(0, 3), max_size=30))
def test_meetings_are_counted_by_days_of_utc(hours: list[int]) -> None:
    now, connection, made = NOW, CONNECTION, list[datetime]()
    for each in hours:
        now += timedelta(hours=each)
        connection = connection.asked_for_a_meeting(now)
        made.append(now)

    assert sum(each.date() == now.date() for each in made) == connection.meetings_today(now)
    assert 0 == connection.meetings_today(now + timedelta(days=1))


def test_what_was_not_made_counts_no_longer_on_the_day_that_it_was_asked_for() -> None:
    twice = CONNECTION.asked_for_a_meeting(NOW).asked_for_a_meeting(NOW)
    tomorrow = NOW + timedelta(days=1)
    next_day = twice.asked_for_a_meeting(tomorrow)

    assert 1 == twice.got_no_meeting(NOW).meetings_today(NOW)
    assert next_day == next_day.got_no_meeting(NOW)
    assert CONNECTION == CONNECTION.got_no_meeting(NOW)
