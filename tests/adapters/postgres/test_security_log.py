"""Storing a failure doesn't wait for the disk, and leaves the connection as it was."""

from adapters.postgres.pool import open_pool
from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.tokens import TokenVault
from domain.security_events import SignInFailed
from tests.support.builders import NOW, a_host
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.store import keep

_HOW = "select current_setting('synchronous_commit')"


async def test_a_failure_changes_how_its_own_commit_waits_alone(
    postgres_store: StoreInPostgres, database_url: str
) -> None:
    host = a_host()
    await keep(postgres_store, host)
    async with await open_pool(database_url, min_size=1, max_size=1) as pool:
        begin = PostgresStore(pool, TokenVault([KEY])).begin
        await pool.execute("set synchronous_commit = on")

        async with begin() as uow:
            uow.security_log.record(SignInFailed(host_id=host.id, at=NOW))

        assert "on" == await pool.fetchval(_HOW)
        assert 1 == await pool.fetchval("select count(*) from security_events")
