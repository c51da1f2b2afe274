"""What a web process says of itself while it is replaced."""

from adapters.jobs.broker import make_broker
from entrypoints.health import check_database, readiness
from entrypoints.stopping import Leaving
from tests.support.postgres import StoreInPostgres


async def test_a_process_stays_ready_when_a_newer_release_has_migrated_the_database(
    postgres_store: StoreInPostgres,
) -> None:
    await postgres_store.pool.execute("insert into schema_migrations (version) values ('9999')")
    try:
        assert {"database": "ok", "schema": "ok"} == await check_database(postgres_store.pool)
    finally:
        await postgres_store.pool.execute("delete from schema_migrations where version = '9999'")


async def test_one_that_is_to_stop_says_so_and_asks_nobody(postgres_store: StoreInPostgres) -> None:
    leaving = Leaving()
    leaving.has_begun = True

    assert {"process": "is stopping"} == await readiness(postgres_store.pool, make_broker(None), leaving)()
