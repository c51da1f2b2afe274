"""Webhooks as they are stored, with their events."""

from datetime import timedelta

import msgspec

from application.webhooks.delivery_id import delivery_id_of
from domain.host import Host
from domain.ids import BookingId, PageId, WebhookEventId, WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WebhookEvent, WebhookEventType
from tests.support.builders import NOW

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
SECRETS = WebhookSecrets("whsec_present", "whsec_before")


def a_webhook(host: Host, name: str = "w1", **changes: object) -> Webhook:
    webhook = Webhook(
        id=WebhookId(name),
        host_id=host.id,
        url=f"https://hooks.example/{name}",
        events=("booking.created", "booking.cancelled"),
        created_at=NOW,
    )
    return msgspec.structs.replace(webhook, **changes)


def an_event(host: Host, name: str, seconds: int = 0, type: WebhookEventType = "booking.created") -> WebhookEvent:
    return WebhookEvent(
        id=WebhookEventId(name),
        host_id=host.id,
        type=type,
        at=NOW + seconds * SECOND,
        body=f"the body of {name}".encode(),
        booking_id=BookingId("b1"),
        page_id=PageId("p1"),
    )


def owed(event: WebhookEvent, webhook: Webhook) -> WebhookDelivery:
    return WebhookDelivery(
        id=delivery_id_of(event.id, webhook.id),
        webhook_id=webhook.id,
        event_id=event.id,
        type=event.type,
        created_at=event.at,
        next_attempt_at=event.at,
    )
