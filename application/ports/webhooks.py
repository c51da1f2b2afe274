"""Storage of webhooks, and the sender and the bodies of their events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from application.ports.booking_views import BookingView
from domain.booking import Booking
from domain.events import Event
from domain.ids import HostId, WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_event import WebhookEvent, WebhookEventType
from domain.webhook_problem import WebhookProblem


class Webhooks(Protocol):
    def add(self, webhook: Webhook, secrets: WebhookSecrets) -> None:
        """Store a new webhook, its secrets sealed; its host's events are recorded from then on."""
        ...

    async def of(self, host_id: HostId, /) -> tuple[Webhook, ...]:
        """A host's webhooks, the oldest first."""
        ...

    async def get(self, webhook_id: WebhookId, /) -> Webhook | None: ...

    async def lock(self, webhook_id: WebhookId, /) -> Webhook | None:
        """Read a webhook and keep everybody else from locking it until the unit ends."""
        ...

    def save(self, webhook: Webhook) -> None: ...

    def remove(self, webhook: Webhook) -> None:
        """Delete a webhook with its deliveries. Without any other its host's events aren't recorded any more."""
        ...

    def forget_host(self, host_id: HostId) -> None:
        """Delete all of a host's webhooks, events and deliveries; nothing is recorded any more."""
        ...

    async def secrets(self, webhook_id: WebhookId, /) -> WebhookSecrets | None:
        """Open the secrets. Raises Unopenable: the key that sealed them is gone."""
        ...

    def put_secrets(self, webhook_id: WebhookId, secrets: WebhookSecrets) -> None: ...


class Sent(msgspec.Struct, frozen=True):
    """What came of a request to an endpoint.

    Attributes:
        response: how the answer's body begins, at most `LONGEST_RESPONSE` bytes of it.
        not_before: when the endpoint wants to be asked again, where it says so.
    """

    milliseconds: int
    status: int | None = None
    problem: WebhookProblem | None = None
    response: str = ""
    not_before: datetime | None = None


class WebhookSender(Protocol):
    """Sends signed events by Standard Webhooks 1.0, to addresses that people typed.

    MUST resolve a name once, check every address that it leads to, and connect to a checked one; MUST NOT follow
    redirects; MUST bound time and size of the whole. Only 2xx counts.
    """

    async def leads_inside(self, url: str, /) -> bool:
        """Whether an address is refused as it is now; one whose name leads nowhere yet isn't."""
        ...

    async def send(self, url: str, event: WebhookEvent, secrets: Sequence[str], at: datetime, /) -> Sent:
        """Make one attempt, stamped and signed now."""
        ...


class WebhookBodies(Protocol):
    """What events about bookings say, as `data`: the booking as its host's programs know it, without guests' links."""

    def of_booking(self, event: Event, view: BookingView, before: Booking | None, /) -> msgspec.Raw:
        """Say how a booking is now; `before` is how it was until then.

        MUST be small enough that the whole body stays below 20 kB.
        """
        ...

    def without_guest(self, body: bytes, /) -> bytes:
        """Return a whole body with the guest's details erased."""
        ...


class WebhookBody(msgspec.Struct, frozen=True):
    """What is signed and sent, as Standard Webhooks 1.0 has it; `timestamp` is the event's."""

    type: WebhookEventType
    timestamp: datetime
    data: msgspec.Raw
