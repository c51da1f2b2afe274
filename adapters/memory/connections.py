"""Provider connections in memory: one for each host and provider, with its grant."""

from adapters.memory.locks import Row
from adapters.memory.state import Tables
from adapters.memory.transaction import Transaction
from application.ports.provider import Grant
from domain.connection import Provider, ProviderConnection
from domain.ids import HostId


class MemoryConnections:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, host_id: HostId, provider: Provider, /) -> tuple[ProviderConnection, Grant] | None:
        return (await self._transaction.read()).connections.get((host_id, provider))

    async def lock(self, host_id: HostId, provider: Provider, /) -> tuple[ProviderConnection, Grant] | None:
        await self._transaction.lock(_row(host_id, provider))
        found = await self.get(host_id, provider)
        if found is None:
            self._transaction.unlock(_row(host_id, provider))
        return found

    def put(self, connection: ProviderConnection, grant: Grant) -> None:
        key = (connection.host_id, connection.provider)

        def change(tables: Tables) -> None:
            tables.connections[key] = (connection, grant)

        self._transaction.stage(change, _row(*key))

    def save(self, connection: ProviderConnection) -> None:
        key = (connection.host_id, connection.provider)

        def change(tables: Tables) -> None:
            if key in tables.connections:
                _, grant = tables.connections[key]
                tables.connections[key] = (connection, grant)

        self._transaction.stage(change, _row(*key))

    def remove(self, host_id: HostId, provider: Provider) -> None:
        def change(tables: Tables) -> None:
            tables.connections.pop((host_id, provider), None)

        self._transaction.stage(change, _row(host_id, provider))

    async def others_on(self, connection: ProviderConnection, /) -> int:
        tables = await self._transaction.read()
        return sum(
            other.host_id != connection.host_id
            and other.provider == connection.provider
            and other.account.user_id == connection.account.user_id
            for other, _ in tables.connections.values()
        )


def _row(host_id: HostId, provider: Provider) -> Row:
    return ("connection", host_id, provider)
