"""The events that webhooks are told, in memory."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from adapters.memory.webhooks import webhooks_of
from domain.ids import BookingId, HostId, WebhookEventId
from domain.webhook import Webhook
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import GuestWasErased


class MemoryWebhookEvents:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def listening(self, host_id: HostId, /) -> tuple[Webhook, ...] | None:
        tables = await self._transaction.read()
        return webhooks_of(host_id, tables) if tables.records_events.get(host_id) else None

    def keep(self, host_id: HostId) -> None:
        self._transaction.stage(lambda tables: tables.records_events.update({host_id: True}))

    def record(self, event: WebhookEvent, *deliveries: WebhookDelivery) -> None:
        def change(tables: Tables) -> None:
            tables.webhook_events[event.id] = event
            for each in deliveries:
                if each.webhook_id in tables.webhooks:
                    tables.webhook_deliveries[each.id] = (each, None)

        self._transaction.stage(change)

    def record_past(self, *events: WebhookEvent) -> None:
        def change(tables: Tables) -> None:
            for each in events:
                tables.webhook_events.setdefault(each.id, each)

        self._transaction.stage(change)

    async def of(
        self, host_id: HostId, after: WebhookEventId | None, since: datetime, limit: int, /
    ) -> tuple[WebhookEvent, ...] | None:
        theirs = [each for each in (await self._transaction.read()).webhook_events.values() if each.host_id == host_id]
        ids = [each.id for each in theirs]
        if after is not None and after not in ids:
            return None
        rest = theirs if after is None else theirs[ids.index(after) + 1 :]
        return tuple(each for each in rest if each.at > since)[:limit]

    async def last_at(self, host_id: HostId, /) -> datetime | None:
        events = (await self._transaction.read()).webhook_events.values()
        return max((each.at for each in events if each.host_id == host_id), default=None)

    async def get(self, event_id: WebhookEventId, /) -> WebhookEvent | None:
        return (await self._transaction.read()).webhook_events.get(event_id)

    async def forget_guest(self, booking_id: BookingId, without_guest: Callable[[bytes], bytes], /) -> None:
        def change(tables: Tables) -> None:
            for event in list(tables.webhook_events.values()):
                if event.booking_id == booking_id and not event.is_erased:
                    body = without_guest(event.body)
                    tables.webhook_events[event.id] = msgspec.structs.replace(event, body=body, is_erased=True)
            erased = {each.id for each in tables.webhook_events.values() if each.booking_id == booking_id}
            for delivery, _ in list(tables.webhook_deliveries.values()):
                if delivery.event_id in erased:
                    tables.webhook_deliveries[delivery.id] = (_erased(delivery), None)

        self._transaction.stage(change)


def _erased(delivery: WebhookDelivery) -> WebhookDelivery:
    attempts = tuple(msgspec.structs.replace(each, response="") for each in delivery.attempts)
    if delivery.state == "pending":
        delivery = msgspec.structs.replace(delivery, state="failed", next_attempt_at=None, given_up=GuestWasErased())
    return msgspec.structs.replace(delivery, attempts=attempts)
