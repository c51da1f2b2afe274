"""What the benchmarks put into a database by themselves fits its tables."""

from datetime import UTC, datetime

import asyncpg
from litestar.datastructures import State

from tests.benchmarks import floor
from tests.benchmarks.filling import EACH, add_twins, fill, fill_month
from tests.scale.filling import Size, grow
from tests.support.builders import NOW, a_host, a_page
from tests.support.guests import submit
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep


async def test_a_database_can_be_filled_with_bookings(postgres_store: StoreInPostgres, database_url: str) -> None:
    await fill(database_url, EACH)
    host = a_host()
    await keep(postgres_store, host, a_page(host))

    await fill_month(database_url, host.id)
    await add_twins(database_url, host.id, 2)

    assert 2 * EACH == await postgres_store.pool.fetchval("select count(*) from bookings")
    assert 3 == await postgres_store.pool.fetchval("select count(*) from booking_pages")
    listed = await postgres_store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=EACH)
    assert EACH == len(listed.items)


async def test_a_database_can_grow_large(postgres_store: StoreInPostgres, database_url: str) -> None:
    host = a_host()
    await keep(postgres_store, host, a_page(host))

    await grow(database_url, host.id, Size(hosts=4, bookings=5, calendars=2))

    assert 20 == await postgres_store.pool.fetchval("select count(*) from bookings")
    assert 2 == await postgres_store.pool.fetchval(
        "select count(*) from booking_pages where jsonb_array_length(calendars -> 'blocking') = 1"
    )


async def test_the_floor_can_store_a_booking(postgres_store: StoreInPostgres, database_url: str) -> None:
    async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool:
        answer = await floor.book.fn(
            State({"pool": pool}), "a-host", submit(datetime(2027, 4, 1, 9, tzinfo=UTC).isoformat())
        )

    assert answer["id"] == await postgres_store.pool.fetchval("select id from bookings")
