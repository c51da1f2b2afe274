"""Connections that are lent again and again."""

import asyncio
from collections.abc import AsyncGenerator

import asyncpg
import pytest

import adapters.postgres.pool as pools
from adapters.postgres.pool import Pool, is_closed, open_pool
from adapters.postgres.transaction import Transaction


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[Pool]:
    async with await open_pool(database_url, min_size=1, max_size=1) as opened:
        yield opened


async def test_a_connection_goes_from_one_user_to_the_next(pool: Pool) -> None:
    first = await pool.fetchval("select pg_backend_pid()")
    lent = await pool.acquire()
    await pool.release(lent)

    assert first == await pool.fetchval("select pg_backend_pid()")


async def test_whoever_waits_gets_the_connection_that_is_given_back(pool: Pool) -> None:
    lent = await pool.acquire()
    waiting = asyncio.create_task(pool.fetchval("select 1"))
    await asyncio.sleep(0)
    await pool.release(lent)

    assert await waiting == 1
    assert await pool.fetchval("select 2") == 2


async def test_a_transaction_that_was_left_open_is_nobody_elses(pool: Pool) -> None:
    lent = await pool.acquire()
    await lent.execute("begin")
    await lent.execute("create temp table left_open ()")
    await pool.release(lent)

    again = await pool.acquire()
    assert not again.is_in_transaction()
    assert await again.fetchval("select to_regclass('left_open')") is None
    await pool.release(again)


async def test_a_connection_that_the_server_has_ended_is_replaced(pool: Pool) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await pool.execute("select pg_terminate_backend(pg_backend_pid())")

    assert await pool.fetchval("select 1") == 1


async def test_a_transaction_whose_connection_has_ended_ends_without_another_error(pool: Pool) -> None:
    transaction = Transaction(pool)
    with pytest.raises(asyncpg.PostgresError):
        await transaction.lock("select pg_terminate_backend(pg_backend_pid())")
    await transaction.close()

    assert await pool.fetchval("select 1") == 1


async def test_a_connection_that_was_ended_while_nobody_used_it_is_replaced(pool: Pool, database_url: str) -> None:
    ended = await pool.acquire()
    server = await ended.fetchval("select pg_backend_pid()")
    await pool.release(ended)
    async with await open_pool(database_url, min_size=1, max_size=1) as other:
        await other.execute("select pg_terminate_backend($1)", server)
    while not is_closed(ended):
        await asyncio.sleep(0.001)

    assert server != await pool.fetchval("select pg_backend_pid()")


async def test_a_query_that_was_cancelled_leaves_the_connection_of_use(pool: Pool, database_url: str) -> None:
    asked = asyncio.create_task(pool.execute("select pg_sleep(60)"))
    await _until_asleep(database_url)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked

    assert await pool.fetchval("select 1") == 1


async def test_a_transaction_whose_begin_was_cancelled_swallows_nobody_elses_writes(pool: Pool) -> None:
    await pool.execute("create unlogged table written (it integer)")
    lent = await pool.acquire()
    begun = asyncio.create_task(lent.execute("begin"))
    await asyncio.sleep(0)
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    await pool.release(lent)

    await pool.execute("insert into written values (1)")

    assert await pool.fetchval("select it from written") == 1
    await pool.execute("drop table written")


async def test_what_nobody_wanted_for_long_goes_back_to_the_pool_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await open_pool(database_url, min_size=1, max_size=2) as pool:
        one, other = await pool.acquire(), await pool.acquire()
        await pool.release(one)
        monkeypatch.setattr(pools, "IDLE_SECONDS", -1.0)
        await pool.release(other)

        # asyncpg's pool has taken its own back: what it lent can't be used any more.
        with pytest.raises(asyncpg.InterfaceError):
            await one.fetchval("select 1")
        assert await other.fetchval("select 1") == 1


async def test_closing_waits_for_who_has_a_connection(database_url: str) -> None:
    pool = await open_pool(database_url, min_size=1, max_size=2)
    await pool.fetchval("select 1")
    lent = await pool.acquire()
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)

    assert await lent.fetchval("select 1") == 1
    assert not closing.done()
    await pool.release(lent)
    await closing


async def _until_asleep(database_url: str) -> None:
    async with await open_pool(database_url, min_size=1, max_size=1) as other:
        while not await other.fetchval("select exists (select from pg_stat_activity where wait_event = 'PgSleep')"):
            await asyncio.sleep(0.001)
