"""Provider connections and their sealed grants."""

from datetime import datetime
from hashlib import sha256

import msgspec

from adapters.postgres.table import to_json
from adapters.postgres.tables import CONNECTIONS
from adapters.postgres.transaction import Transaction
from application.ports.connections import LockedConnections
from application.ports.oauth import Grant
from application.ports.vault import Vault
from domain.connection import ProviderConnection
from domain.ids import HostId
from domain.provider import Provider

_PUT = f"""
    insert into provider_connections ({CONNECTIONS.columns}, sealed_grant)
    values ({CONNECTIONS.placeholders(beside=1)})
    on conflict (host_id, provider) do update set ({CONNECTIONS.columns}, sealed_grant) =
        ({CONNECTIONS.placeholders(beside=1)})
"""

_SAVE = f"""
    update provider_connections set ({CONNECTIONS.columns}) = ({CONNECTIONS.placeholders()})
    where host_id = $1 and provider = $2
"""

_GET = f"select {CONNECTIONS.select} from provider_connections as c where c.host_id = $1 and c.provider = $2"

_LOCK_FREE_ON_ACCOUNT = f"""
    select {CONNECTIONS.select} from provider_connections as c
    where c.provider = $1 and c.account_user_id = $2 and c.account_id = $3
    order by c.host_id for no key update skip locked
"""

_COUNT_ON_ACCOUNT = """
    select count(*) from provider_connections where provider = $1 and account_user_id = $2 and account_id = $3
"""


class PostgresConnections:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def get(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None:
        row = await self._transaction.read(_GET, host_id, provider)
        return None if row is None else CONNECTIONS.read(row)

    async def lock(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None:
        row = await self._transaction.lock(f"{_GET} for no key update", host_id, provider)
        return None if row is None else CONNECTIONS.read(row)

    async def grant(self, host_id: HostId, provider: Provider, /) -> Grant | None:
        sql = "select sealed_grant from provider_connections where host_id = $1 and provider = $2"
        row = await self._transaction.read(sql, host_id, provider)
        if row is None:
            return None
        return msgspec.json.decode(self._vault.open(row[0], grant_identity(host_id, provider)), type=Grant)

    def put(self, connection: ProviderConnection, grant: Grant) -> None:
        identity = grant_identity(connection.host_id, connection.provider)
        sealed = self._vault.seal(to_json(grant).encode(), identity)
        self._transaction.write(_PUT, *CONNECTIONS.args(connection), sealed)

    def save(self, connection: ProviderConnection) -> None:
        self._transaction.write(_SAVE, *CONNECTIONS.args(connection))

    def remove(self, host_id: HostId, provider: Provider) -> None:
        sql = "delete from provider_connections where host_id = $1 and provider = $2"
        self._transaction.write(sql, host_id, provider)

    async def hosts_on(self, provider: Provider, user_id: str, /) -> list[HostId]:
        sql = "select host_id from provider_connections where provider = $1 and account_user_id = $2 order by host_id"
        return [row["host_id"] for row in await self._transaction.read_all(sql, provider, user_id)]

    async def superseded(self, connection: ProviderConnection, /) -> bool:
        sql = """
            select from provider_connections
            where provider = $1 and account_user_id = $2 and host_id <> $3 and connected_at > $4
        """
        user_id = connection.account.user_id
        args = (connection.provider, user_id, connection.host_id, connection.connected_at)
        return await self._transaction.read(sql, *args) is not None

    async def lock_on(self, provider: Provider, user_id: str, account_id: str, /) -> LockedConnections:
        rows = await self._transaction.lock_all(_LOCK_FREE_ON_ACCOUNT, provider, user_id, account_id)
        found = await self._transaction.read(_COUNT_ON_ACCOUNT, provider, user_id, account_id)
        return LockedConnections(tuple(map(CONNECTIONS.read, rows)), busy=found is not None and found[0] > len(rows))

    async def first_heard(self, key: str, at: datetime, /) -> bool:
        # A digest: what it says about a removed account isn't kept.
        sql = "insert into heard_notices (digest, heard_at) values ($1, $2) on conflict do nothing returning true"
        return await self._transaction.lock(sql, sha256(key.encode()).digest(), at) is not None


def grant_identity(host_id: HostId, provider: Provider) -> str:
    """The row that a sealed grant belongs to; it can't be opened as another's."""
    return f"provider_connections:{host_id}:{provider}"
