"""Short ways to store webhooks, events and deliveries."""

from collections.abc import Sequence

from application.ports.webhook_deliveries import TakenDelivery
from domain.host import Host
from domain.ids import WebhookEventId
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryAttempt, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import NOW
from tests.support.store import Store
from tests.support.stored_webhooks import HOUR, SECOND, SECRETS, owed

BROKEN = DeliveryAttempt(NOW, 7, 500, EndpointAnswered(500), "Ana was here")


async def add(store: Store, *webhooks: Webhook) -> None:
    async with store.begin() as uow:
        for each in webhooks:
            uow.webhooks.add(each, SECRETS)


async def record(store: Store, events: Sequence[WebhookEvent], *webhooks: Webhook) -> None:
    for event in events:
        async with store.begin() as uow:
            uow.webhook_events.record(event, *(owed(event, each) for each in webhooks))


async def take(store: Store, webhook: Webhook, lane: int = 1, seconds: int = 10) -> TakenDelivery | None:
    async with store.begin() as uow:
        return await uow.webhook_deliveries.take(webhook.id, lane, NOW + seconds * SECOND)


async def save(store: Store, delivery: WebhookDelivery) -> None:
    async with store.begin() as uow:
        uow.webhook_deliveries.save(delivery)


async def ids_of(store: Store, host: Host, after: WebhookEventId | None = None, limit: int = 9) -> list[str] | None:
    async with store.begin() as uow:
        found = await uow.webhook_events.of(host.id, after, NOW - HOUR, limit)
    return None if found is None else [each.id for each in found]
