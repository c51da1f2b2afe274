"""API tokens, stored by the digests of their secrets."""

from datetime import datetime

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Pool
from adapters.postgres.tables import API_TOKENS
from adapters.postgres.transaction import Transaction
from domain.api_token import ApiToken
from domain.ids import ApiTokenId, HostId

# Not with every call: a busy program's row would be written all the time.
_FIND = f"""
    with used as (
        update api_tokens set last_used_at = $2
        where digest = $1 and (last_used_at is null or last_used_at <= $2::timestamptz - interval '1 hour')
            and (expires_at is null or expires_at > $2)
    )
    select {API_TOKENS.select} from api_tokens as t join hosts as h on h.id = t.host_id
    where t.digest = $1 and h.closed_at is null
"""


class PostgresApiTokens:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, token: ApiToken, secret: str) -> None:
        sql = f"""
            insert into api_tokens ({API_TOKENS.columns}, digest)
            values ({API_TOKENS.placeholders(beside=1)})
        """
        self._transaction.write(sql, *API_TOKENS.args(token), digest_of(secret))

    async def of(self, host_id: HostId, /) -> tuple[ApiToken, ...]:
        sql = f"""
            select {API_TOKENS.select} from api_tokens as t where t.host_id = $1
            order by t.created_at desc, t.id desc
        """
        return tuple(map(API_TOKENS.read, await self._transaction.read_all(sql, host_id)))

    def remove(self, host_id: HostId, token_id: ApiTokenId) -> None:
        self._transaction.write("delete from api_tokens where host_id = $1 and id = $2", host_id, token_id)


class PostgresBearerTokens:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, secret: str, now: datetime, /) -> ApiToken | None:
        row = await self._pool.fetchrow(_FIND, digest_of(secret), now)
        return None if row is None else API_TOKENS.read(row)
