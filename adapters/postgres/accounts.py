"""Sessions, API tokens and authorization requests, stored as digests."""

from datetime import datetime

import msgspec

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Pool
from adapters.postgres.reads import first
from adapters.postgres.table import to_json
from application.ports.accounts import ApiToken, AuthorizationPurpose, AuthorizationRequest, InvalidState
from application.ports.clock import Ids
from application.ports.vault import Vault
from domain.ids import HostId


class PostgresApiTokens:
    def __init__(self, pool: Pool, ids: Ids) -> None:
        self._pool = pool
        self._ids = ids

    async def issue(self, host_id: HostId, name: str, now: datetime, /) -> str:
        token = self._ids.new_token()
        sql = "insert into api_tokens (digest, id, host_id, name, created_at) values ($1, $2, $3, $4, $5)"
        await self._pool.execute(sql, digest_of(token), self._ids.new_id(), host_id, name, now)
        return token

    async def host_of(self, token: str, now: datetime, /) -> HostId | None:
        # Not with every call: a busy client's row would be written all the time.
        sql = """
            with used as (
                update api_tokens set last_used_at = $2
                where digest = $1 and (last_used_at is null or last_used_at <= $2::timestamptz - interval '1 hour')
            )
            select t.host_id from api_tokens as t join hosts as h on h.id = t.host_id
            where t.digest = $1 and h.closed_at is null
        """
        return await self._pool.fetchval(sql, digest_of(token), now)

    async def of(self, host_id: HostId, /) -> tuple[ApiToken, ...]:
        sql = """
            select id, name, created_at, last_used_at from api_tokens where host_id = $1
            order by created_at desc, id desc
        """
        rows = await self._pool.fetch(sql, host_id)
        return tuple(ApiToken(row["id"], row["name"], row["created_at"], row["last_used_at"]) for row in rows)

    async def revoke(self, host_id: HostId, token_id: str, /) -> bool:
        sql = "delete from api_tokens where host_id = $1 and id = $2 returning true"
        row = await first(self._pool, sql, host_id, token_id)
        return row is not None


_purpose: msgspec.json.Decoder[AuthorizationPurpose] = msgspec.json.Decoder(AuthorizationPurpose)


class PostgresAuthorizations:
    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def remember(self, request: AuthorizationRequest, /) -> None:
        sql = """
            insert into authorizations
                (state_digest, session_digest, host_id, purpose, sealed_code_verifier, expires_at)
            values ($1, $2, $3, $4, $5, $6)
        """
        state = digest_of(request.state)
        await self._pool.execute(
            sql,
            state,
            digest_of(request.session),
            request.host_id,
            to_json(request.purpose),
            self._vault.seal(request.code_verifier.encode(), _identity(state)),
            request.expires_at,
        )

    async def take(self, state: str, session: str, /) -> AuthorizationRequest | InvalidState:
        sql = """
            update authorizations set taken_at = now()
            where state_digest = $1 and session_digest = $2 and taken_at is null
            returning state_digest, host_id, purpose, sealed_code_verifier, expires_at
        """
        row = await self._pool.fetchrow(sql, digest_of(state), digest_of(session))
        if row is None:
            return await self._invalid(state, session)
        return AuthorizationRequest(
            state=state,
            purpose=_purpose.decode(row["purpose"]),
            host_id=row["host_id"],
            session=session,
            code_verifier=self._vault.open(row["sealed_code_verifier"], _identity(row["state_digest"])).decode(),
            expires_at=row["expires_at"],
        )

    async def _invalid(self, state: str, session: str) -> InvalidState:
        ours = "select session_digest = $2 from authorizations where state_digest = $1"
        match await self._pool.fetchval(ours, digest_of(state), digest_of(session)):
            case None:
                return InvalidState.UNKNOWN
            case True:
                return InvalidState.USED
            case _:
                return InvalidState.ELSEWHERE


def _identity(state_digest: bytes) -> str:
    """The row that a sealed code verifier belongs to."""
    return f"authorizations:{state_digest.hex()}"
