"""Webhooks in memory."""

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.vault import Unopenable
from domain.ids import HostId, WebhookId
from domain.webhook import Webhook, WebhookSecrets


class MemoryWebhooks:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, webhook: Webhook, secrets: WebhookSecrets) -> None:
        def change(tables: Tables) -> None:
            tables.webhooks[webhook.id] = (webhook, secrets)
            tables.records_events[webhook.host_id] = True

        self._transaction.stage(change)

    async def of(self, host_id: HostId, /) -> tuple[Webhook, ...]:
        return webhooks_of(host_id, await self._transaction.read())

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
            if not webhooks_of(webhook.host_id, tables):
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


def forget_webhooks(host_id: HostId, tables: Tables) -> None:
    tables.records_events.pop(host_id, None)
    for each in webhooks_of(host_id, tables):
        _remove(each.id, tables)
    tables.webhook_events = {key: each for key, each in tables.webhook_events.items() if each.host_id != host_id}


def webhooks_of(host_id: HostId, tables: Tables) -> tuple[Webhook, ...]:
    theirs = (each for each, _ in tables.webhooks.values() if each.host_id == host_id)
    return tuple(sorted(theirs, key=lambda each: (each.created_at, each.id)))


def _remove(webhook_id: WebhookId, tables: Tables) -> None:
    tables.webhooks.pop(webhook_id, None)
    tables.webhook_deliveries = {
        key: stored for key, stored in tables.webhook_deliveries.items() if stored[0].webhook_id != webhook_id
    }


def _row(webhook_id: WebhookId) -> RowKey:
    return ("webhook", webhook_id)
