"""Authorization requests, stored as digests."""

import msgspec

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Pool
from adapters.postgres.table import to_json
from application.ports.accounts import AuthorizationPurpose, AuthorizationRequest, InvalidState
from application.ports.vault import Vault

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
