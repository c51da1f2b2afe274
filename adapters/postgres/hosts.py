"""Hosts and their handles."""

from datetime import datetime
from functools import partial

from adapters.postgres.tables import HOSTS
from adapters.postgres.transaction import Transaction
from application.ports.conflicts import Taken
from application.ports.hosts import FormerHandle
from domain.host import Host
from domain.ids import HostId

_ADD = f"""
    insert into hosts ({HOSTS.columns}, password_hash) values ({HOSTS.placeholders(beside=1)})
"""

_SAVE = f"update hosts set ({HOSTS.columns}) = ({HOSTS.placeholders()}) where id = $1"

_GET = f"select {HOSTS.select} from hosts as h where h.id = $1"

_LEAVE_HANDLE = """
    insert into former_handles (handle, host_id, ends_at) values ($1, $2, $3)
    on conflict (handle) do update set host_id = excluded.host_id, ends_at = excluded.ends_at
"""

_REFUSALS = {"hosts_email_is_unique": partial(Taken, "email"), "hosts_handle_is_unique": partial(Taken, "handle")}


class PostgresHosts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, host: Host, password_hash: str | None) -> None:
        self._transaction.write(_ADD, *HOSTS.args(host), password_hash, refusals=_REFUSALS)

    async def get(self, host_id: HostId, /) -> Host | None:
        row = await self._transaction.read(_GET, host_id)
        return None if row is None else HOSTS.read(row)

    async def lock(self, host_id: HostId, /) -> Host | None:
        row = await self._transaction.lock(
            f"select {HOSTS.select} from hosts as h where h.id = $1 for no key update", host_id
        )
        return None if row is None else HOSTS.read(row)

    def save(self, host: Host) -> None:
        self._transaction.write(_SAVE, *HOSTS.args(host), refusals=_REFUSALS)

    async def is_free(self, handle: str, now: datetime, /) -> bool:
        sql = """
            select from hosts where handle = $1
            union all select from former_handles where handle = $1 and ends_at > $2
            limit 1
        """
        return await self._transaction.read(sql, handle, now) is None

    async def lock_handle(self, handle: str, now: datetime, /) -> FormerHandle | None:
        # There may be no row to lock yet; this lock ends with the transaction.
        await self._transaction.lock("select pg_advisory_xact_lock(hashtextextended('handle ' || $1, 0))", handle)
        row = await self._transaction.lock(
            "select host_id from former_handles where handle = $1 and ends_at > $2", handle, now
        )
        return None if row is None else FormerHandle(row["host_id"])

    def leave_handle(self, host_id: HostId, handle: str, ends_at: datetime) -> None:
        self._transaction.write(_LEAVE_HANDLE, handle, host_id, ends_at)
