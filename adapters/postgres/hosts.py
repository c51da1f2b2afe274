"""How are hosts stored?"""

from adapters.postgres.rows import HOST, host_from
from adapters.postgres.statements import Write
from adapters.postgres.transaction import LazyTransaction
from domain.host import Host
from domain.ids import HostId

_ADD = """
    host_added as (
        insert into hosts (id, email, name, handle, timezone, password_hash) values ($1, $2, $3, $4, $5, $6)
    )
"""

_SAVE = """
    host_saved as (
        update hosts set email = $2, name = $3, handle = $4, timezone = $5 where id = $1
    )
"""


class PostgresHosts:
    def __init__(self, transaction: LazyTransaction) -> None:
        self._transaction = transaction

    def add(self, host: Host, password_hash: str | None) -> None:
        args = (*_parameters(host), password_hash)
        self._transaction.write(Write("host_added", _ADD, args, touches=frozenset({host.id})))

    async def get(self, host_id: HostId, /) -> Host | None:
        row = await self._transaction.read(f"select {HOST} from hosts as h where id = $1", host_id)
        return None if row is None else host_from(row)

    async def lock(self, host_id: HostId, /) -> Host | None:
        row = await self._transaction.lock(f"select {HOST} from hosts as h where id = $1 for no key update", host_id)
        return None if row is None else host_from(row)

    async def find(self, email: str, /) -> tuple[Host, str | None] | None:
        row = await self._transaction.read(
            f"select {HOST}, h.password_hash from hosts as h where lower(email) = lower($1)", email
        )
        return None if row is None else (host_from(row), row["password_hash"])

    def save(self, host: Host) -> None:
        self._transaction.write(Write("host_saved", _SAVE, _parameters(host), touches=frozenset({host.id})))


def _parameters(host: Host) -> tuple[object, ...]:
    return (host.id, host.email, host.name, host.handle, host.timezone)
