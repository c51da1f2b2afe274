"""Provider connections in memory: one for each host and provider, with its grant."""

from datetime import datetime

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.connections import LockedConnections
from application.ports.oauth import Grant
from application.ports.vault import Unopenable
from domain.connection import ProviderConnection
from domain.ids import HostId
from domain.provider import Provider


class MemoryConnections:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def get(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None:
        found = (await self._transaction.read()).connections.get((host_id, provider))
        return None if found is None else found[0]

    async def grant(self, host_id: HostId, provider: Provider, /) -> Grant | None:
        found = (await self._transaction.read()).connections.get((host_id, provider))
        if found is None:
            return None
        if found[1] is None:
            raise Unopenable("The key that sealed this grant is gone.")
        return found[1]

    async def lock(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None:
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

    async def hosts_on(self, provider: Provider, user_id: str, /) -> list[HostId]:
        connections = (each for each, _ in (await self._transaction.read()).connections.values())
        return sorted(
            each.host_id for each in connections if (each.provider, each.account.user_id) == (provider, user_id)
        )

    async def superseded(self, connection: ProviderConnection, /) -> bool:
        return is_superseded(connection, await self._transaction.read())

    async def lock_on(self, provider: Provider, user_id: str, account_id: str, /) -> LockedConnections:
        locked: list[ProviderConnection] = []
        busy = False
        for (host_id, _), (connection, _) in sorted((await self._transaction.read()).connections.items()):
            account = connection.account
            if (connection.provider, account.user_id, account.account_id) != (provider, user_id, account_id):
                continue
            if self._transaction.is_free(_row(host_id, provider)):
                await self._transaction.lock(_row(host_id, provider))
                locked.append(connection)
            else:
                busy = True
        return LockedConnections(tuple(locked), busy)

    async def first_heard(self, key: str, at: datetime, /) -> bool:
        await self._transaction.lock(("notice", key))
        if key in (await self._transaction.read()).notices:
            return False

        def change(tables: Tables) -> None:
            tables.notices[key] = at

        self._transaction.stage(change)
        return True


def is_superseded(connection: ProviderConnection, tables: Tables) -> bool:
    return any(
        other.host_id != connection.host_id
        and other.provider == connection.provider
        and other.account.user_id == connection.account.user_id
        and other.connected_at > connection.connected_at
        for other, _ in tables.connections.values()
    )


def _row(host_id: HostId, provider: Provider) -> RowKey:
    return ("connection", host_id, provider)
