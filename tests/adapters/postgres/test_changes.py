"""Hearing of changed bookings when the connection that listens is lost."""

import asyncio

from structlog.testing import capture_logs

from adapters.postgres.changes import PostgresChanges
from domain.ids import BookingId
from tests.support.postgres import StoreInPostgres
from tests.support.processes import PATIENCE

_END_LISTENERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query = 'LISTEN "changed"'
"""


async def test_everybody_looks_again_once_a_lost_connection_is_back(postgres_store: StoreInPostgres) -> None:
    with postgres_store.changes.watching(BookingId("booking-1")) as changed:
        await postgres_store.pool.execute(_END_LISTENERS)

        async with asyncio.timeout(PATIENCE):
            await changed.wait()


async def test_changes_are_heard_after_a_lost_connection(postgres_store: StoreInPostgres) -> None:
    changes = postgres_store.changes
    with changes.watching(BookingId("booking-1")) as back:
        await postgres_store.pool.execute(_END_LISTENERS)
        async with asyncio.timeout(PATIENCE):
            await back.wait()

    with changes.watching(BookingId("booking-2")) as changed:
        await changes.listening()
        await postgres_store.pool.execute("select pg_notify('changed', 'booking-2')")

        async with asyncio.timeout(PATIENCE):
            await changed.wait()


async def test_a_database_that_is_away_keeps_nobody_from_starting_and_stopping() -> None:
    with capture_logs() as logs:
        async with (
            PostgresChanges("postgresql://nobody:s3cret@127.0.0.1:1/nothing") as changes,
            asyncio.timeout(PATIENCE),
        ):
            with changes.watching(BookingId("booking-1")) as changed:
                while not logs:
                    await asyncio.sleep(0.01)
                assert not changed.is_set()

    assert {"event": "changes_not_heard", "log_level": "warning", "kind": "ConnectionRefusedError"} == logs[0]
