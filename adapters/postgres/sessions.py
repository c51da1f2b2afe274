"""Browser sessions, stored by the digests of their tokens."""

from datetime import datetime

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Pool, Row
from adapters.postgres.tables import HOSTS
from application.ports.accounts import OpenSession
from application.ports.clock import Ids
from domain.ids import HostId, SessionId
from domain.origin import Origin
from domain.session import LASTS, LASTS_UNUSED, NOTED_EVERY, Session

_OPEN = """
    insert into sessions
        (digest, id, host_id, opened_at, last_active_at, expires_at, confirmed_at, network, browser, system)
    values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)
"""

# Not with every page: the row of somebody who clicks around would be written all the time.
_FIND = f"""
    with noted as (
        update sessions set last_active_at = $2, network = $5, browser = $6, system = $7
        where digest = $1 and expires_at > $2 and last_active_at <= $4 and last_active_at > $3
    )
    select s.id as s_id, s.confirmed_at, {HOSTS.select}
    from sessions as s join hosts as h on h.id = s.host_id
    where s.digest = $1 and s.expires_at > $2 and s.last_active_at > $3 and h.closed_at is null
"""

_OF = """
    select id, opened_at, last_active_at, network, browser, system from sessions
    where host_id = $1 and expires_at > $2 and last_active_at > $3
    order by last_active_at desc, id desc
"""


class PostgresSessions:
    def __init__(self, pool: Pool, ids: Ids) -> None:
        self._pool = pool
        self._ids = ids

    async def open(
        self, host_id: HostId, now: datetime, origin: Origin | None = None, /, *, confirmed: bool = False
    ) -> str:
        token, confirmed_at = self._ids.new_token(), now if confirmed else None
        args = (digest_of(token), self._ids.new_id(), host_id, now, now + LASTS, confirmed_at, *_columns(origin))
        await self._pool.execute(_OPEN, *args)
        return token

    async def find(self, token: str, now: datetime, origin: Origin | None = None, /) -> OpenSession | None:
        args = (digest_of(token), now, now - LASTS_UNUSED, now - NOTED_EVERY, *_columns(origin))
        row = await self._pool.fetchrow(_FIND, *args)
        return None if row is None else OpenSession(SessionId(row["s_id"]), HOSTS.read(row), row["confirmed_at"])

    async def of(self, host_id: HostId, now: datetime, /) -> tuple[Session, ...]:
        rows = await self._pool.fetch(_OF, host_id, now, now - LASTS_UNUSED)
        return tuple(Session(row["id"], row["opened_at"], row["last_active_at"], _origin(row)) for row in rows)

    async def close(self, token: str, /) -> None:
        await self._pool.execute("delete from sessions where digest = $1", digest_of(token))


def _columns(origin: Origin | None) -> tuple[str | None, str | None, str | None]:
    return (None, None, None) if origin is None else (origin.network, origin.browser, origin.system)


def _origin(row: Row) -> Origin | None:
    return None if row["network"] is None else Origin(row["network"], row["browser"], row["system"])
