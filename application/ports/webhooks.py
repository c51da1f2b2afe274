"""Webhooks, the events that they are told, and their deliveries, inside a unit of work."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from application.ports.booking_views import BookingView
from domain.booking import Booking
from domain.events import Event
from domain.ids import BookingId, HostId, WebhookDeliveryId, WebhookEventId, WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent, WebhookEventType
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

    async def listening(self, host_id: HostId, /) -> tuple[Webhook, ...] | None:
        """A host's webhooks where events are recorded; None where they aren't."""
        ...

    def keep_events(self, host_id: HostId) -> None:
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

    async def events(
        self, host_id: HostId, after: WebhookEventId | None, since: datetime, limit: int, /
    ) -> tuple[WebhookEvent, ...] | None:
        """A host's events since an instant, oldest first, those behind `after`; None where that isn't one of them."""
        ...

    async def last_event_at(self, host_id: HostId, /) -> datetime | None:
        """When the latest of a host's events happened that are stored."""
        ...

    async def event(self, event_id: WebhookEventId, /) -> WebhookEvent | None: ...

    async def forget_guest(self, booking_id: BookingId, without_guest: Callable[[bytes], bytes], /) -> None:
        """Take the guest out of the bodies of a booking's events.

        What endpoints have answered to them is forgotten, and deliveries that are pending are given up.
        """
        ...

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

    async def delivery(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None: ...

    async def lock_delivery(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        """Read a delivery and keep everybody else from locking it until the unit ends."""
        ...

    def save_delivery(self, delivery: WebhookDelivery) -> None:
        """Store a delivery, which belongs to no lane any more."""
        ...

    def count_attempt(self, problem: WebhookProblem | None) -> None:
        """Count, for the metrics alone, an attempt that came to this. MUST NOT make other attempts wait."""
        ...

    async def deliveries(
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
