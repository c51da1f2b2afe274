"""The events that webhooks are told, inside a unit of work."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from domain.ids import BookingId, HostId, WebhookEventId
from domain.webhook import Webhook
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WebhookEvent


class WebhookEvents(Protocol):
    async def listening(self, host_id: HostId, /) -> tuple[Webhook, ...] | None:
        """A host's webhooks where events are recorded; None where they aren't."""
        ...

    def keep(self, host_id: HostId) -> None:
        """Have a host's events recorded from now on, although there may be no webhook."""
        ...

    def record(self, event: WebhookEvent, *deliveries: WebhookDelivery) -> None:
        """Store an event and its deliveries when the unit commits.

        Those to webhooks that are gone by then are left out. A host's events MUST be listed in the order in which their
        units have committed, so that nobody who goes on from the last one misses any.
        """
        ...

    def record_past(self, *events: WebhookEvent) -> None:
        """Store a host's events that nobody is owed, in this order, like `record`; those that are stored stay."""
        ...

    async def of(
        self, host_id: HostId, after: WebhookEventId | None, since: datetime, limit: int, /
    ) -> tuple[WebhookEvent, ...] | None:
        """A host's events since an instant, oldest first, those behind `after`; None where that isn't one of them."""
        ...

    async def last_at(self, host_id: HostId, /) -> datetime | None:
        """When the latest of a host's events happened that are stored."""
        ...

    async def get(self, event_id: WebhookEventId, /) -> WebhookEvent | None: ...

    async def forget_guest(self, booking_id: BookingId, without_guest: Callable[[bytes], bytes], /) -> None:
        """Take the guest out of the bodies of a booking's events.

        What endpoints have answered to them is forgotten, and deliveries that are pending are given up.
        """
        ...
