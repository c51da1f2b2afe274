"""Webhooks with their sealed secrets."""

import msgspec

from adapters.postgres.table import to_json
from adapters.postgres.tables import WEBHOOKS
from adapters.postgres.transaction import Transaction
from application.ports.vault import Vault
from domain.ids import HostId, WebhookId
from domain.webhook import Webhook, WebhookSecrets

_ADD = f"""
    with recording as (update hosts set records_events = true where id = $2 and not records_events)
    insert into webhooks ({WEBHOOKS.columns}, sealed_secrets) values ({WEBHOOKS.placeholders(beside=1)})
"""

_SAVE = f"update webhooks set ({WEBHOOKS.columns}) = ({WEBHOOKS.placeholders()}) where id = $1"

_REMOVE = """
    with removed as (delete from webhooks where id = $1)
    update hosts set records_events = false
    where id = $2 and not exists (select from webhooks where host_id = $2 and id <> $1)
"""

_OF_HOST = f"select {WEBHOOKS.select} from webhooks as w where w.host_id = $1 order by w.created_at, w.id"


class PostgresWebhooks:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, webhook: Webhook, secrets: WebhookSecrets) -> None:
        self._transaction.write(_ADD, *WEBHOOKS.args(webhook), self._sealed(webhook.id, secrets))

    async def of(self, host_id: HostId, /) -> tuple[Webhook, ...]:
        return tuple(WEBHOOKS.read(row) for row in await self._transaction.read_all(_OF_HOST, host_id))

    async def get(self, webhook_id: WebhookId, /) -> Webhook | None:
        row = await self._transaction.read(f"select {WEBHOOKS.select} from webhooks as w where w.id = $1", webhook_id)
        return None if row is None else WEBHOOKS.read(row)

    async def lock(self, webhook_id: WebhookId, /) -> Webhook | None:
        sql = f"select {WEBHOOKS.select} from webhooks as w where w.id = $1 for no key update"
        row = await self._transaction.lock(sql, webhook_id)
        return None if row is None else WEBHOOKS.read(row)

    def save(self, webhook: Webhook) -> None:
        self._transaction.write(_SAVE, *WEBHOOKS.args(webhook))

    def remove(self, webhook: Webhook) -> None:
        self._transaction.write(_REMOVE, webhook.id, webhook.host_id)

    def forget_host(self, host_id: HostId) -> None:
        self._transaction.write("update hosts set records_events = false where id = $1", host_id)
        self._transaction.write("delete from webhooks where host_id = $1", host_id)
        self._transaction.write("delete from webhook_events where host_id = $1", host_id)

    async def secrets(self, webhook_id: WebhookId, /) -> WebhookSecrets | None:
        row = await self._transaction.read("select sealed_secrets from webhooks where id = $1", webhook_id)
        if row is None:
            return None
        return msgspec.json.decode(self._vault.open(row[0], secrets_identity(webhook_id)), type=WebhookSecrets)

    def put_secrets(self, webhook_id: WebhookId, secrets: WebhookSecrets) -> None:
        sealed = self._sealed(webhook_id, secrets)
        self._transaction.write("update webhooks set sealed_secrets = $2 where id = $1", webhook_id, sealed)

    def _sealed(self, webhook_id: WebhookId, secrets: WebhookSecrets) -> bytes:
        return self._vault.seal(to_json(secrets).encode(), secrets_identity(webhook_id))


def secrets_identity(webhook_id: WebhookId) -> str:
    """The row that sealed secrets belong to; they can't be opened as another's."""
    return f"webhooks:{webhook_id}"
