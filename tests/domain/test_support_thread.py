"""Conversations with support: who waits, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import CLOSES_AFTER, Side, SupportThread, ThreadMessage, answer_due_at

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def thread(*sides: Side) -> SupportThread:
    """A conversation with a message every hour from Monday at nine on."""
    messages = tuple(ThreadMessage(side, MONDAY + n * AN_HOUR, "Hello") for n, side in enumerate(sides))
    return SupportThread(SupportThreadId("t"), SupportToken("token"), "ana@guests.example", "", "en", messages)


@pytest.mark.parametrize(
    ("sides", "hours"),
    [
        (("visitor",), 0),
        (("visitor", "visitor"), 0),
        (("visitor", "operator"), None),
        (("visitor", "operator", "visitor", "visitor"), 2),
        (("visitor", "operator", "operator"), None),
    ],
    ids=["asked", "asked twice", "answered", "asked again twice", "answered twice"],
)
def test_a_visitor_waits_since_the_first_message_after_the_last_answer(
    sides: tuple[Side, ...], hours: int | None
) -> None:
    since = None if hours is None else MONDAY + hours * AN_HOUR

    assert since == thread(*sides).waiting_since


def test_nobody_waits_in_a_closed_conversation_until_somebody_writes_again() -> None:
    closed = thread("visitor").closed(MONDAY + AN_HOUR)

    assert closed.waiting_since is None
    assert closed.is_closed(MONDAY + AN_HOUR)
    again = closed.with_message(ThreadMessage("visitor", MONDAY + A_DAY, "Still"))
    assert not again.is_closed(MONDAY + A_DAY)
    assert again.waiting_since


def test_closing_again_keeps_when_it_was_closed() -> None:
    closed = thread("visitor").closed(MONDAY)

    assert closed == closed.closed(MONDAY + A_DAY)


def test_a_conversation_closes_when_nobody_has_written_for_long() -> None:
    silent = thread("visitor", "operator")

    assert not silent.is_closed(silent.last_at + CLOSES_AFTER - timedelta(seconds=1))
    assert silent.is_closed(silent.last_at + CLOSES_AFTER)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-30T09:00", "2026-12-01T09:00"),
        ("2026-12-04T15:00", "2026-12-07T15:00"),
        ("2026-12-03T23:59", "2026-12-04T23:59"),
        ("2026-12-05T12:00", "2026-12-08T00:00"),
        ("2026-12-06T23:59", "2026-12-08T00:00"),
    ],
    ids=["Monday", "Friday", "Thursday night", "Saturday", "Sunday"],
)
def test_one_business_day_leaves_the_weekend_out(asked: str, due: str) -> None:
    assert datetime.fromisoformat(f"{due}Z") == answer_due_at(datetime.fromisoformat(f"{asked}Z"))


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants, instants)
def test_who_asked_first_is_to_be_answered_first(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))

    assert answer_due_at(first) <= answer_due_at(second)
    assert A_DAY <= answer_due_at(first) - first <= 3 * A_DAY
