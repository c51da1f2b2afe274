"""The delivery of one event to one endpoint: its attempts, and when the next one is due."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.ids import WebhookDeliveryId, WebhookEventId, WebhookId
from domain.retry import LONGEST_WISH
from domain.webhook_event import WebhookEventType
from domain.webhook_problem import GuestWasErased, WebhookProblem, WebhookWasPaused

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After each failed attempt until the next, as Standard Webhooks 1.0 recommends: ten attempts in some three days."""

SPREAD = 0.2
"""Each delay is longer or shorter by up to so much of it, so that those who failed together don't return together."""

MOST_ATTEMPTS = 50
"""As many are kept, the last ones: an owner may send an event again and again."""

LONGEST_RESPONSE = 1000
"""Bytes of an answer that are kept, for the endpoint's owner."""

DeliveryState = Literal["pending", "delivered", "failed"]


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """One request to the endpoint.

    Attributes:
        status: of the answer; None where there was none.
        problem: None where the event was taken.
        response: how the answer's body begins.
    """

    at: datetime
    milliseconds: int
    status: int | None = None
    problem: WebhookProblem | None = None
    response: str = ""

    def __post_init__(self) -> None:
        assert len(self.response.encode()) <= LONGEST_RESPONSE


class WebhookDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One event on its way to one endpoint.

    Attributes:
        tries: how many attempts of the present round have failed; sending again begins a new round.
        is_repeat: it was attempted before, or is sent again: what is new goes first.
        next_attempt_at: None unless it is pending.
        given_up: why it isn't attempted any more, where that isn't what the last attempt says.
    """

    id: WebhookDeliveryId
    webhook_id: WebhookId
    event_id: WebhookEventId
    type: WebhookEventType
    state: DeliveryState = "pending"
    tries: int = 0
    is_repeat: bool = False
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: tuple[DeliveryAttempt, ...] = ()
    given_up: GuestWasErased | WebhookWasPaused | None = None

    def __post_init__(self) -> None:
        if (self.state == "pending") != (self.next_attempt_at is not None):
            raise ValueError("a delivery is attempted again exactly while it is pending")
        if self.given_up is not None and self.state != "failed":
            raise ValueError("a delivery that was given up has failed")
        if not 0 <= self.tries <= len(DELAYS):
            raise ValueError("a round has no more tries than there are delays")

    def attempted(self, attempt: DeliveryAttempt, *, wish: datetime | None, jitter: float) -> "WebhookDelivery":
        """The delivery after an attempt.

        Args:
            attempt: made just now.
            wish: the earliest instant that the endpoint named.
            jitter: in [0, 1).
        """
        attempts = (*self.attempts, attempt)[-MOST_ATTEMPTS:]
        done = msgspec.structs.replace(self, attempts=attempts, is_repeat=True)
        if attempt.problem is None:
            return msgspec.structs.replace(done, state="delivered", next_attempt_at=None, given_up=None)
        if self.state != "pending" or self.tries >= len(DELAYS):
            failed = self.state if self.state == "delivered" else "failed"
            return msgspec.structs.replace(done, state=failed, next_attempt_at=None)
        planned = attempt.at + DELAYS[self.tries] * (1 + SPREAD * (2 * jitter - 1))
        wished = planned if wish is None else min(wish, attempt.at + LONGEST_WISH)
        return msgspec.structs.replace(done, tries=self.tries + 1, next_attempt_at=max(planned, wished))

    def was_paused(self) -> "WebhookDelivery":
        """Given up, because nothing is sent to its webhook any more."""
        return msgspec.structs.replace(self, state="failed", next_attempt_at=None, given_up=WebhookWasPaused())

    def again(self, now: datetime) -> "WebhookDelivery":
        """Sent once more, whatever has become of it; a new round of attempts begins."""
        return msgspec.structs.replace(
            self, state="pending", tries=0, is_repeat=True, next_attempt_at=now, given_up=None
        )

    @property
    def problem(self) -> WebhookProblem | None:
        """Why it wasn't delivered, as far as that is known."""
        if self.state == "delivered":
            return None
        return self.given_up or (self.attempts[-1].problem if self.attempts else None)
