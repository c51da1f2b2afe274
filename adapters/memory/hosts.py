"""Hosts in memory: an email address, compared without case, and a handle belong to one host each."""

from adapters.memory.locks import Row
from adapters.memory.state import StoredHost, Tables
from adapters.memory.transaction import Transaction
from application.ports.storage import Taken
from domain.host import Host
from domain.ids import HostId


class MemoryHosts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, host: Host, password_hash: str | None) -> None:
        def change(tables: Tables) -> None:
            _refuse_taken(host, tables)
            tables.hosts[host.id] = StoredHost(host, password_hash)

        self._transaction.stage(change)

    async def get(self, host_id: HostId, /) -> Host | None:
        stored = (await self._transaction.read()).hosts.get(host_id)
        return stored.host if stored else None

    async def lock(self, host_id: HostId, /) -> Host | None:
        await self._transaction.lock(_row(host_id))
        host = await self.get(host_id)
        if host is None:
            self._transaction.unlock(_row(host_id))
        return host

    async def find(self, email: str, /) -> tuple[Host, str | None] | None:
        for stored in (await self._transaction.read()).hosts.values():
            if stored.host.email.lower() == email.lower():
                return stored.host, stored.password_hash
        return None

    def save(self, host: Host) -> None:
        def change(tables: Tables) -> None:
            stored = tables.hosts.get(host.id)
            if stored is not None:
                _refuse_taken(host, tables)
                tables.hosts[host.id] = StoredHost(host, stored.password_hash)

        self._transaction.stage(change, _row(host.id))


def _row(host_id: HostId) -> Row:
    return ("host", host_id)


def _refuse_taken(host: Host, tables: Tables) -> None:
    for other_id, other in tables.hosts.items():
        if other_id == host.id:
            continue
        if other.host.email.lower() == host.email.lower():
            raise Taken("email")
        if other.host.handle == host.handle:
            raise Taken("handle")
