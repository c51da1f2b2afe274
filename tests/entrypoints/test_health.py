"""What a web process says of itself while it is replaced."""

from adapters.jobs.broker import make_broker
from adapters.postgres.pool import open_pool
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


async def test_a_schema_that_is_missing_is_named_with_the_command_to_run(database_url: str) -> None:
    elsewhere = {"search_path": "pg_temp"}
    async with await open_pool(database_url, min_size=1, max_size=1, server_settings=elsewhere) as pool:
        found = await check_database(pool)

    assert "ok" == found["database"]
    assert found["schema"].startswith("run “timetuna migrate”: 0001")


async def test_a_server_that_is_away_is_named() -> None:
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    async with await open_pool(nowhere, min_size=0, max_size=1) as pool:
        is_ready = readiness(pool, make_broker("redis://127.0.0.1:9/0"), Leaving())

        assert {
            "database": "doesn’t answer",
            "schema": "unknown",
            "broker": "doesn’t answer",
            "worker": "unknown",
        } == await is_ready()


async def test_one_that_is_to_stop_says_so_and_asks_nobody(postgres_store: StoreInPostgres) -> None:
    leaving = Leaving()
    leaving.has_begun = True

    assert {"process": "is stopping"} == await readiness(postgres_store.pool, make_broker(None), leaving)()
