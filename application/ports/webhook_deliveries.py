"""The deliveries of events to webhooks, inside a unit of work."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.ids import WebhookDeliveryId, WebhookId
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import WebhookProblem


class TakenDelivery(msgspec.Struct, frozen=True):
    """A delivery that is to be attempted now; `more_due` says whether others are."""

    delivery: WebhookDelivery
    event: WebhookEvent
    more_due: bool


class DeliveryPage(msgspec.Struct, frozen=True):
    """Some deliveries of a list; `next` is the cursor of those that follow."""

    items: tuple[WebhookDelivery, ...]
    next: str | None


class WebhookDeliveries(Protocol):
    async def take(
        self, webhook_id: WebhookId, lane: int, now: datetime, but: WebhookDeliveryId | None = None, /
    ) -> TakenDelivery | None:
        """Take the delivery to be attempted next: what is due, new ones first, then by when they are due.

        It is this lane's until it is saved; one that a lane has left behind is the first that it takes again. MUST NOT
        wait for another lane.

        Args:
            but: what this unit saves, and so leaves aside.
        """
        ...

    async def next_due_at(self, webhook_id: WebhookId, /, *but: WebhookDeliveryId) -> datetime | None:
        """When the next pending delivery is due that no lane has taken, some of them left aside."""
        ...

    async def get(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None: ...

    async def lock(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        """Read a delivery and keep everybody else from locking it until the unit ends."""
        ...

    def save(self, delivery: WebhookDelivery) -> None:
        """Store a delivery, which belongs to no lane any more."""
        ...

    def count_attempt(self, problem: WebhookProblem | None) -> None:
        """Count, for the metrics alone, an attempt that came to this. MUST NOT make other attempts wait."""
        ...

    async def of(
        self, webhook_id: WebhookId, *, state: DeliveryState | None, cursor: str | None, limit: int
    ) -> DeliveryPage:
        """A webhook's deliveries, the latest first. Raises InvalidInput("cursor") for a cursor that it didn't make."""
        ...

    def give_up(self, webhook_id: WebhookId) -> None:
        """Let all pending deliveries of a webhook fail, because it is paused."""
        ...

    async def send_again(self, webhook: Webhook, since: datetime, now: datetime, /) -> int:
        """Begin a new round for all events since an instant that the webhook wants and hasn't taken; tell how many."""
        ...
