"""When mails about a booking leave."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.booking_mails import AT_ONCE, WITHIN, leaves_at
from tests.support.builders import NOW

waits = st.lists(st.integers(0, 90).map(lambda seconds: timedelta(seconds=seconds)), max_size=30)


def sent(waits: list[timedelta]) -> list[datetime]:
    """When mails leave that are wanted one after another."""
    left: list[datetime] = []
    now = NOW
    for wait in waits:
        now = leaves_at(left, now + wait)
        left.append(now)
    return left


@given(waits)
def test_no_more_than_two_leave_within_a_minute(waits: list[timedelta]) -> None:
    left = sent(waits)

    assert all(later - earlier >= WITHIN for earlier, later in zip(left, left[AT_ONCE:], strict=False))


@given(waits)
def test_none_waits_for_longer_than_a_minute(waits: list[timedelta]) -> None:
    left = sent(waits)

    assert left == sorted(left)
    assert all(NOW + sum(waits[: n + 1], timedelta()) <= each for n, each in enumerate(left))
    assert leaves_at(left, left[-1] if left else NOW) <= (left[-1] if left else NOW) + WITHIN


def test_the_first_two_leave_at_once() -> None:
    assert [NOW, NOW] == sent([timedelta(), timedelta()])
