"""Attempts of a delivery, and when the next one is due."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import WebhookDeliveryId, WebhookEventId, WebhookId
from domain.retry import LONGEST_WISH
from domain.webhook_delivery import DELAYS, MOST_ATTEMPTS, DeliveryAttempt, WebhookDelivery
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import NOW

NEW = WebhookDelivery(
    id=WebhookDeliveryId("d1"),
    webhook_id=WebhookId("w1"),
    event_id=WebhookEventId("evt_1"),
    type="booking.created",
    created_at=NOW,
    next_attempt_at=NOW,
)
BROKEN = EndpointAnswered(500)


def failed(delivery: WebhookDelivery, *, jitter: float = 0.5, wish: timedelta | None = None) -> WebhookDelivery:
    at = delivery.next_attempt_at or NOW
    return delivery.attempted(
        DeliveryAttempt(at, 20, 500, BROKEN), wish=None if wish is None else at + wish, jitter=jitter
    )


def test_it_is_attempted_ten_times_in_some_three_days_and_then_given_up() -> None:
    delivery, waits = NEW, list[timedelta]()
    while delivery.next_attempt_at is not None:
        before = delivery.next_attempt_at
        delivery = failed(delivery)
        if delivery.next_attempt_at is not None:
            waits.append(delivery.next_attempt_at - before)

    seconds, minutes, hours = (5,), (5, 30), (2, 5, 10, 14, 20, 24)
    assert waits == [
        *(timedelta(seconds=each) for each in seconds),
        *(timedelta(minutes=each) for each in minutes),
        *(timedelta(hours=each) for each in hours),
    ]
    assert ("failed", 10, BROKEN) == (delivery.state, len(delivery.attempts), delivery.problem)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, len(DELAYS) - 1))
def test_a_delay_varies_by_a_fifth(jitter: float, tries: int) -> None:
    delivery = NEW
    for _ in range(tries):
        delivery = failed(delivery)
    before = delivery.next_attempt_at or NOW

    after = failed(delivery, jitter=jitter).next_attempt_at

    assert after is not None
    assert 0.8 * DELAYS[tries] <= after - before <= 1.2 * DELAYS[tries]


@pytest.mark.parametrize(
    ("wish", "waits"),
    [(timedelta(seconds=1), DELAYS[0]), (timedelta(hours=1), timedelta(hours=1)), (timedelta(days=9), LONGEST_WISH)],
)
def test_an_endpoint_may_put_it_off_and_never_hurry_it(wish: timedelta, waits: timedelta) -> None:
    assert failed(NEW, wish=wish).next_attempt_at == NOW + waits


def test_a_success_ends_it_and_sending_again_begins_a_new_round() -> None:
    taken = failed(NEW).attempted(DeliveryAttempt(NOW, 5, 204), wish=None, jitter=0.5)
    assert ("delivered", None, None) == (taken.state, taken.next_attempt_at, taken.problem)

    again = taken.again(NOW)
    assert ("pending", 0, True, NOW) == (again.state, again.tries, again.is_repeat, again.next_attempt_at)
    assert 2 == len(again.attempts)


def test_a_late_failure_takes_no_success_away() -> None:
    taken = NEW.attempted(DeliveryAttempt(NOW, 5, 204), wish=None, jitter=0.5)

    assert "delivered" == failed(taken).state


def test_only_the_last_attempts_are_kept() -> None:
    delivery = NEW
    for _ in range(MOST_ATTEMPTS + 5):
        delivery = failed(delivery.again(NOW))

    assert MOST_ATTEMPTS == len(delivery.attempts)
