"""Hosts in memory: an email address, compared without case, and a handle belong to one host each."""

from datetime import datetime

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import StoredHandle, Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.account_storage import Account
from application.ports.conflicts import Taken
from application.ports.hosts import FormerHandle
from domain.host import Host
from domain.ids import HostId


class MemoryHosts:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, host: Host, password_hash: str | None) -> None:
        def change(tables: Tables) -> None:
            _refuse_taken(host, tables)
            tables.hosts[host.id] = Account(host, password_hash, email_confirmed_at=None, closed_at=None)

        self._transaction.stage(change)

    async def get(self, host_id: HostId, /) -> Host | None:
        stored = (await self._transaction.read()).hosts.get(host_id)
        return stored.host if stored else None

    async def lock(self, host_id: HostId, /) -> Host | None:
        await self._transaction.lock(host_row(host_id))
        host = await self.get(host_id)
        if host is None:
            self._transaction.unlock(host_row(host_id))
        return host

    def save(self, host: Host) -> None:
        def change(tables: Tables) -> None:
            stored = tables.hosts.get(host.id)
            if stored is not None:
                _refuse_taken(host, tables)
                tables.hosts[host.id] = msgspec.structs.replace(stored, host=host)

        self._transaction.stage(change, host_row(host.id))

    async def is_free(self, handle: str, now: datetime, /) -> bool:
        tables = await self._transaction.read()
        left = tables.former_handles.get(handle)
        taken = any(stored.host.handle == handle for stored in tables.hosts.values())
        return not taken and (left is None or left.ends_at <= now)

    async def lock_handle(self, handle: str, now: datetime, /) -> FormerHandle | None:
        await self._transaction.lock(("handle", handle))
        left = (await self._transaction.read()).former_handles.get(handle)
        return FormerHandle(left.host_id) if left is not None and left.ends_at > now else None

    def leave_handle(self, host_id: HostId, handle: str, ends_at: datetime) -> None:
        def change(tables: Tables) -> None:
            tables.former_handles[handle] = StoredHandle(host_id, ends_at)

        self._transaction.stage(change)


def host_row(host_id: HostId) -> RowKey:
    return ("host", host_id)


def _refuse_taken(host: Host, tables: Tables) -> None:
    for other_id, other in tables.hosts.items():
        if other_id == host.id:
            continue
        if other.host.email.lower() == host.email.lower():
            raise Taken("email")
        if other.host.handle == host.handle:
            raise Taken("handle")
