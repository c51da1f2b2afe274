"""When something that failed is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.retry import next_try_at

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)
jitters = st.floats(0, 1, exclude_max=True)


@given(jitters)
def test_the_first_repeat_comes_after_two_to_ten_seconds(jitter: float) -> None:
    assert timedelta(seconds=2) <= next_try_at(1, NOW, jitter=jitter) - NOW <= timedelta(seconds=10)


@given(st.integers(1, 60), jitters)
def test_repeats_come_ever_more_slowly_up_to_an_hour_and_a_half(attempts: int, jitter: float) -> None:
    assert next_try_at(attempts, NOW, jitter=jitter) <= next_try_at(attempts + 1, NOW, jitter=jitter)
    assert next_try_at(attempts, NOW, jitter=jitter) - NOW <= timedelta(minutes=90)


@given(st.integers(1, 20), jitters, st.integers(-100_000, 1_000_000))
def test_a_wish_is_kept_but_never_believed_beyond_a_day(attempts: int, jitter: float, seconds: int) -> None:
    wish = NOW + timedelta(seconds=seconds)
    when = next_try_at(attempts, NOW, wish=wish, jitter=jitter)

    assert when >= min(wish, NOW + timedelta(days=1))
    assert when <= NOW + timedelta(days=1, hours=2)
