"""When something that failed is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.retry import next_try_at

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)
chances = st.floats(0, 1, exclude_max=True)


@given(chances)
def test_the_first_repeat_comes_after_two_to_ten_seconds(chance: float) -> None:
    assert timedelta(seconds=2) <= next_try_at(1, NOW, chance=chance) - NOW <= timedelta(seconds=10)


@given(st.integers(1, 60), chances)
def test_repeats_come_ever_more_slowly_up_to_an_hour_and_a_half(attempts: int, chance: float) -> None:
    assert next_try_at(attempts, NOW, chance=chance) <= next_try_at(attempts + 1, NOW, chance=chance)
    assert next_try_at(attempts, NOW, chance=chance) - NOW <= timedelta(minutes=90)


@given(st.integers(1, 20), chances, st.integers(-100_000, 1_000_000))
def test_a_wish_is_kept_but_never_believed_beyond_a_day(attempts: int, chance: float, seconds: int) -> None:
    wish = NOW + timedelta(seconds=seconds)
    when = next_try_at(attempts, NOW, wish=wish, chance=chance)

    assert when >= min(wish, NOW + timedelta(days=1))
    assert when <= NOW + timedelta(days=1, hours=2)
