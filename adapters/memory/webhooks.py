"""Webhooks, events and deliveries in memory."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.vault import Unopenable
from application.ports.webhooks import DeliveryPage, TakenDelivery
from application.webhooks.delivery_id import delivery_id_of
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.ids import BookingId, HostId, WebhookDeliveryId, WebhookEventId, WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import GuestWasErased, WebhookProblem, WebhookWasPaused, result_of


class MemoryWebhooks:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, webhook: Webhook, secrets: WebhookSecrets) -> None:
        def change(tables: Tables) -> None:
            tables.webhooks[webhook.id] = (webhook, secrets)
            tables.records_events[webhook.host_id] = True

        self._transaction.stage(change)

    async def of(self, host_id: HostId, /) -> tuple[Webhook, ...]:
        return _of(host_id, await self._transaction.read())

    async def get(self, webhook_id: WebhookId, /) -> Webhook | None:
        found = (await self._transaction.read()).webhooks.get(webhook_id)
        return found and found[0]

    async def lock(self, webhook_id: WebhookId, /) -> Webhook | None:
        await self._transaction.lock(_row(webhook_id))
        return await self.get(webhook_id)

    def save(self, webhook: Webhook) -> None:
        def change(tables: Tables) -> None:
            if webhook.id in tables.webhooks:
                tables.webhooks[webhook.id] = (webhook, tables.webhooks[webhook.id][1])

        self._transaction.stage(change, _row(webhook.id))

    def remove(self, webhook: Webhook) -> None:
        def change(tables: Tables) -> None:
            _remove(webhook.id, tables)
            if not _of(webhook.host_id, tables):
                tables.records_events.pop(webhook.host_id, None)

        self._transaction.stage(change, _row(webhook.id))

    def forget_host(self, host_id: HostId) -> None:
        self._transaction.stage(lambda tables: forget_webhooks(host_id, tables))

    async def secrets(self, webhook_id: WebhookId, /) -> WebhookSecrets | None:
        found = (await self._transaction.read()).webhooks.get(webhook_id)
        if found is not None and found[1] is None:
            raise Unopenable("Its key is lost.")
        return found and found[1]

    def put_secrets(self, webhook_id: WebhookId, secrets: WebhookSecrets) -> None:
        def change(tables: Tables) -> None:
            if webhook_id in tables.webhooks:
                tables.webhooks[webhook_id] = (tables.webhooks[webhook_id][0], secrets)

        self._transaction.stage(change, _row(webhook_id))

    async def listening(self, host_id: HostId, /) -> tuple[Webhook, ...] | None:
        tables = await self._transaction.read()
        return _of(host_id, tables) if tables.records_events.get(host_id) else None

    def keep_events(self, host_id: HostId) -> None:
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

    async def events(
        self, host_id: HostId, after: WebhookEventId | None, since: datetime, limit: int, /
    ) -> tuple[WebhookEvent, ...] | None:
        theirs = [each for each in (await self._transaction.read()).webhook_events.values() if each.host_id == host_id]
        ids = [each.id for each in theirs]
        if after is not None and after not in ids:
            return None
        rest = theirs if after is None else theirs[ids.index(after) + 1 :]
        return tuple(each for each in rest if each.at > since)[:limit]

    async def last_event_at(self, host_id: HostId, /) -> datetime | None:
        events = (await self._transaction.read()).webhook_events.values()
        return max((each.at for each in events if each.host_id == host_id), default=None)

    async def event(self, event_id: WebhookEventId, /) -> WebhookEvent | None:
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

    async def take(
        self, webhook_id: WebhookId, lane: int, now: datetime, but: WebhookDeliveryId | None = None, /
    ) -> TakenDelivery | None:
        tables = await self._transaction.read()
        is_free = self._transaction.is_free
        others = (each for each in _pending(webhook_id, tables) if each[0].id != but)
        pending = [each for each in others if is_free(_delivery_row(each[0].id))]
        due = sorted(
            (each for each, its_lane in pending if its_lane is None and _due_at(each) <= now),
            key=lambda each: (each.is_repeat, _due_at(each)),
        )
        taken = next((each for each, its_lane in pending if its_lane == lane), due[0] if due else None)
        if taken is None:
            return None
        await self._transaction.lock(_delivery_row(taken.id))
        self._transaction.stage(lambda tables: tables.webhook_deliveries.update({taken.id: (taken, lane)}))
        return TakenDelivery(taken, tables.webhook_events[taken.event_id], any(each.id != taken.id for each in due))

    async def next_due_at(self, webhook_id: WebhookId, /, *but: WebhookDeliveryId) -> datetime | None:
        pending = _pending(webhook_id, await self._transaction.read())
        return min((_due_at(each) for each, lane in pending if lane is None and each.id not in but), default=None)

    async def delivery(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        found = (await self._transaction.read()).webhook_deliveries.get(delivery_id)
        return found and found[0]

    async def lock_delivery(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        await self._transaction.lock(_delivery_row(delivery_id))
        return await self.delivery(delivery_id)

    def save_delivery(self, delivery: WebhookDelivery) -> None:
        def change(tables: Tables) -> None:
            if delivery.id in tables.webhook_deliveries:
                tables.webhook_deliveries[delivery.id] = (delivery, None)

        self._transaction.stage(change, _delivery_row(delivery.id))

    def count_attempt(self, problem: WebhookProblem | None) -> None:
        def change(tables: Tables) -> None:
            result = result_of(problem)
            tables.webhook_attempts[result] = tables.webhook_attempts.get(result, 0) + 1

        self._transaction.stage(change)

    async def deliveries(
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


def forget_webhooks(host_id: HostId, tables: Tables) -> None:
    tables.records_events.pop(host_id, None)
    for each in _of(host_id, tables):
        _remove(each.id, tables)
    tables.webhook_events = {key: each for key, each in tables.webhook_events.items() if each.host_id != host_id}


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


def _of(host_id: HostId, tables: Tables) -> tuple[Webhook, ...]:
    theirs = (each for each, _ in tables.webhooks.values() if each.host_id == host_id)
    return tuple(sorted(theirs, key=lambda each: (each.created_at, each.id)))


def _remove(webhook_id: WebhookId, tables: Tables) -> None:
    tables.webhooks.pop(webhook_id, None)
    tables.webhook_deliveries = {
        key: stored for key, stored in tables.webhook_deliveries.items() if stored[0].webhook_id != webhook_id
    }


def _pending(webhook_id: WebhookId, tables: Tables) -> list[tuple[WebhookDelivery, int | None]]:
    stored = tables.webhook_deliveries.values()
    return [each for each in stored if each[0].webhook_id == webhook_id and each[0].state == "pending"]


def _due_at(delivery: WebhookDelivery) -> datetime:
    assert delivery.next_attempt_at is not None
    return delivery.next_attempt_at


def _erased(delivery: WebhookDelivery) -> WebhookDelivery:
    attempts = tuple(msgspec.structs.replace(each, response="") for each in delivery.attempts)
    if delivery.state == "pending":
        delivery = msgspec.structs.replace(delivery, state="failed", next_attempt_at=None, given_up=GuestWasErased())
    return msgspec.structs.replace(delivery, attempts=attempts)


def _row(webhook_id: WebhookId) -> RowKey:
    return ("webhook", webhook_id)


def _delivery_row(delivery_id: WebhookDeliveryId) -> RowKey:
    return ("webhook_delivery", delivery_id)
