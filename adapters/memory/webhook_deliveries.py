"""The deliveries of events to webhooks, in memory."""

from datetime import datetime

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.webhook_deliveries import DeliveryPage, TakenDelivery
from application.webhooks.delivery_id import delivery_id_of
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.ids import WebhookDeliveryId, WebhookId
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import WebhookProblem, WebhookWasPaused, result_of


class MemoryWebhookDeliveries:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def take(
        self, webhook_id: WebhookId, lane: int, now: datetime, but: WebhookDeliveryId | None = None, /
    ) -> TakenDelivery | None:
        tables = await self._transaction.read()
        is_free = self._transaction.is_free
        others = (each for each in _pending(webhook_id, tables) if each[0].id != but)
        pending = [each for each in others if is_free(_row(each[0].id))]
        due = sorted(
            (each for each, its_lane in pending if its_lane is None and _due_at(each) <= now),
            key=lambda each: (each.is_repeat, _due_at(each)),
        )
        taken = next((each for each, its_lane in pending if its_lane == lane), due[0] if due else None)
        if taken is None:
            return None
        await self._transaction.lock(_row(taken.id))
        self._transaction.stage(lambda tables: tables.webhook_deliveries.update({taken.id: (taken, lane)}))
        return TakenDelivery(taken, tables.webhook_events[taken.event_id], any(each.id != taken.id for each in due))

    async def next_due_at(self, webhook_id: WebhookId, /, *but: WebhookDeliveryId) -> datetime | None:
        pending = _pending(webhook_id, await self._transaction.read())
        return min((_due_at(each) for each, lane in pending if lane is None and each.id not in but), default=None)

    async def get(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        found = (await self._transaction.read()).webhook_deliveries.get(delivery_id)
        return found and found[0]

    async def lock(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        await self._transaction.lock(_row(delivery_id))
        return await self.get(delivery_id)

    def save(self, delivery: WebhookDelivery) -> None:
        def change(tables: Tables) -> None:
            if delivery.id in tables.webhook_deliveries:
                tables.webhook_deliveries[delivery.id] = (delivery, None)

        self._transaction.stage(change, _row(delivery.id))

    def count_attempt(self, problem: WebhookProblem | None) -> None:
        def change(tables: Tables) -> None:
            result = result_of(problem)
            tables.webhook_attempts[result] = tables.webhook_attempts.get(result, 0) + 1

        self._transaction.stage(change)

    async def of(
        self, webhook_id: WebhookId, *, state: DeliveryState | None, cursor: str | None, limit: int
    ) -> DeliveryPage:
        stored = (await self._transaction.read()).webhook_deliveries.values()
        latest = [each for each, _ in stored if each.webhook_id == webhook_id][::-1]
        ids: list[str] = [each.id for each in latest]
        if cursor is not None and cursor not in ids:
            raise InvalidInput.at("cursor", Malformed("cursor"))
        rest = latest if cursor is None else latest[ids.index(cursor) + 1 :]
        shown = [each for each in rest if state is None or each.state == state]
        return DeliveryPage(tuple(shown[:limit]), shown[limit - 1].id if len(shown) > limit else None)

    def give_up(self, webhook_id: WebhookId) -> None:
        def change(tables: Tables) -> None:
            for each, _ in list(_pending(webhook_id, tables)):
                failed = msgspec.structs.replace(
                    each, state="failed", next_attempt_at=None, given_up=WebhookWasPaused()
                )
                tables.webhook_deliveries[each.id] = (failed, None)

        self._transaction.stage(change)

    async def send_again(self, webhook: Webhook, since: datetime, now: datetime, /) -> int:
        tables = await self._transaction.read()
        resumed = webhook.resumed()
        wanted = [
            each
            for each in tables.webhook_events.values()
            if each.host_id == webhook.host_id
            and since <= each.at <= now
            and not each.is_erased
            and resumed.wants(each.type, each.page_id)
        ]
        again = [each for event in wanted if (each := _to_send_again(event, webhook, now, tables)) is not None]
        self._transaction.stage(
            lambda tables: tables.webhook_deliveries.update({each.id: (each, None) for each in again})
        )
        return len(again)


def _to_send_again(event: WebhookEvent, webhook: Webhook, now: datetime, tables: Tables) -> WebhookDelivery | None:
    delivery_id = delivery_id_of(event.id, webhook.id)
    stored, _ = tables.webhook_deliveries.get(delivery_id, (None, None))
    if stored is not None:
        return None if stored.state == "delivered" else stored.again(now)
    return WebhookDelivery(
        id=delivery_id,
        webhook_id=webhook.id,
        event_id=event.id,
        type=event.type,
        is_repeat=True,
        created_at=now,
        next_attempt_at=now,
    )


def _pending(webhook_id: WebhookId, tables: Tables) -> list[tuple[WebhookDelivery, int | None]]:
    stored = tables.webhook_deliveries.values()
    return [each for each in stored if each[0].webhook_id == webhook_id and each[0].state == "pending"]


def _due_at(delivery: WebhookDelivery) -> datetime:
    assert delivery.next_attempt_at is not None
    return delivery.next_attempt_at


def _row(delivery_id: WebhookDeliveryId) -> RowKey:
    return ("webhook_delivery", delivery_id)
