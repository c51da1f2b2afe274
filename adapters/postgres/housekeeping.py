"""What can be thrown away, and what has to be sealed again?"""

from datetime import datetime, timedelta

from adapters.postgres.connections import grant_identity
from adapters.postgres.pool import Pool, open_pool
from adapters.postgres.sealing import Vault

_KEPT_FOR = timedelta(days=1)
"""Whoever comes back late from a provider is told so, and not that nothing is known of the trip."""


async def sweep(pool: Pool, now: datetime) -> None:
    """Delete sessions, trips to providers and counted tries that have ended; to be called every hour or so."""
    await pool.execute("delete from sessions where expires_at <= $1", now)
    await pool.execute("delete from authorizations where expires_at <= $1", now - _KEPT_FOR)
    await pool.execute("delete from rate_limits where ends_at <= $1", now)


async def reseal(pool: Pool, vault: Vault) -> int:
    """Seal every grant again, with the vault's present key; return how many.

    Safe to stop, and to run again. Trips to providers are left as they are: they end before anybody drops a key.
    """
    rows = await pool.fetch("select host_id, provider, sealed_grant from provider_connections")
    count = 0
    for row in rows:
        identity = grant_identity(row["host_id"], row["provider"])
        sealed = vault.seal(vault.open(row["sealed_grant"], identity), identity)
        # A grant that was refreshed in between is sealed with the present key already.
        sql = """
            update provider_connections set sealed_grant = $3
            where host_id = $1 and provider = $2 and sealed_grant = $4
        """
        await pool.execute(sql, row["host_id"], row["provider"], sealed, row["sealed_grant"])
        count += 1
    return count


async def release_claims(url: str) -> None:
    """Let owed work that a dead process had claimed be done now; only for where no other process can be at work."""
    async with await open_pool(url, min_size=1, max_size=1) as pool:
        await pool.execute("update outbox set due_at = now() where claim_id is not null")
