"""However many rows there are, the metrics read no table from end to end."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.postgres.metrics_snapshot import FEW, take_metrics_snapshot
from adapters.postgres.pool import open_pool
from application.ports.metrics_snapshot import MOST_FAILED, MetricsSnapshot
from tests.support.builders import NOW
from tests.support.postgres import StoreInPostgres

MANY = 3 * FEW


@pytest.fixture(autouse=True)
async def forgotten(postgres_store: StoreInPostgres) -> AsyncGenerator[None]:
    """What the statistics say of these many doesn't outlive the test."""
    yield
    for table in ("outbox", "provider_connections", "calendars", "calendar_connections", "hosts"):
        await postgres_store.pool.execute(f"delete from {table}")
        await postgres_store.pool.execute(f"analyze {table}")


async def test_due_jobs_are_counted_and_those_for_later_estimated(
    postgres_store: StoreInPostgres, database_url: str
) -> None:
    pool = postgres_store.pool
    later, due = datetime.now(UTC) + timedelta(days=2), NOW - timedelta(minutes=1)
    sql = "insert into outbox (job, key, payload, due_at) select $1, $1 || n, '{}', $2 from generate_series(1, $3) as n"
    await pool.execute(sql, "remind_guest", later, MANY)
    await pool.execute(sql, "mail_booking", due, 3)
    await pool.execute(sql, "mail_account", later, 3)
    await pool.execute("update outbox set owed_since = $1 where job = 'mail_account'", NOW - timedelta(hours=12))
    await pool.execute("analyze outbox")

    snapshot, scans = await read_through(database_url, "outbox")

    jobs = {each.job: each for each in snapshot.jobs}
    assert (3, due) == (jobs["mail_booking"].due, jobs["mail_booking"].owed_since)
    assert 3 <= jobs["mail_booking"].count < FEW
    assert (0, NOW - timedelta(hours=12)) == (jobs["mail_account"].due, jobs["mail_account"].owed_since)
    assert (0, None) == (jobs["remind_guest"].due, jobs["remind_guest"].owed_since)
    assert 0.95 * MANY < jobs["remind_guest"].count < 1.05 * MANY
    assert 0 == scans


async def test_of_many_jobs_that_fail_some_are_counted(postgres_store: StoreInPostgres, database_url: str) -> None:
    pool = postgres_store.pool
    sql = """
        insert into outbox (job, key, payload, due_at, owed_since)
        select job, job || n, '{}', $2, $3 from unnest($1::text[]) as job, generate_series(1, $4) as n
    """
    later = datetime.now(UTC) + timedelta(days=2)
    await pool.execute(sql, ["mail_booking", "remind_guest", "create_meeting"], later, NOW, MANY)
    await pool.execute("analyze outbox")

    snapshot, scans = await read_through(database_url, "outbox")

    assert {MOST_FAILED} == {each.failed for each in snapshot.jobs}
    assert (MOST_FAILED, 0) == (snapshot.mails_kept, scans)


async def test_accounts_in_trouble_are_counted_and_the_others_estimated(
    postgres_store: StoreInPostgres, database_url: str
) -> None:
    pool = postgres_store.pool
    await pool.execute(
        """
        insert into hosts (id, email, name, handle, timezone, language)
        select 'h' || n, n || '@hosts.example', 'H', 'h-' || n, 'UTC', 'en' from generate_series(1, $1::integer) as n
        """,
        MANY,
    )
    await pool.execute(
        """
        insert into provider_connections (
            host_id, provider, account_user_id, account_id, account_email, account_name, state, connected_at,
            meetings_made, sealed_grant
        )
        select
            id, 'zoom', id, id, '', '',
            case when id in ('h1', 'h2') then '{"state":"blocked"}' else '{"state":"connected"}' end::jsonb, $1, 0, ''
        from hosts
        """,
        NOW,
    )
    await pool.execute("analyze provider_connections")

    snapshot, scans = await read_through(database_url, "provider_connections")

    assert {"blocked": 2, "connected": MANY - 2} == {each.status: each.count for each in snapshot.connections}
    assert 0 == scans


async def test_of_many_calendars_a_sample_is_counted(postgres_store: StoreInPostgres, database_url: str) -> None:
    pool = postgres_store.pool
    await pool.execute(
        """
        with host as (
            insert into hosts (id, email, name, handle, timezone, language)
            values ('h', 'h@hosts.example', 'H', 'h', 'UTC', 'en') returning id
        )
        insert into calendar_connections (
            id, host_id, kind, account, connected_at, login, lacks, left_out, sealed_access
        )
        select 'k', id, 'google', '', $1, '', '[]', 0, '' from host
        """,
        NOW,
    )
    await pool.execute(
        """
        insert into calendars (
            id, connection_id, host_id, kind, name, timezone, host_timezone, remote_id, is_main, writable, rules_apply,
            rules, readable_until, failures, host_notified, unreadable_events, is_doubted, is_awaited, revision, times,
            blocked_from, blocked_until, digest
        )
        select
            'c' || n, 'k', 'h', 'google', 'Work', 'UTC', 'UTC', n, true, true, true, '{}',
            $1::timestamptz + case when n % 4 = 0 then interval '-1 hour' else interval '1 hour' end, 0, false, 0,
            false, false, 1, '', '{}', '{}', ''
        from generate_series(1, $2::integer) as n
        """,
        NOW,
        MANY,
    )
    await pool.execute("analyze calendars")

    snapshot, scans = await read_through(database_url, "calendars")

    counted = {each.state: each.count for each in snapshot.calendars}
    assert {"broken", "fresh"} == set(counted)
    assert 0.2 * MANY < counted["broken"] < 0.3 * MANY
    assert 0.95 * MANY < sum(counted.values()) < 1.05 * MANY
    assert 0 == scans


async def read_through(database_url: str, table: str) -> tuple[MetricsSnapshot, int]:
    """Take a snapshot by a connection of its own, and tell how often that has read the table from end to end."""
    async with await open_pool(database_url, min_size=1, max_size=1) as alone:
        connection = await alone.acquire()
        try:
            await connection.execute("begin")
            snapshot = await take_metrics_snapshot(connection, NOW)
            sql = "select seq_scan from pg_stat_xact_user_tables where relname = $1"
            return snapshot, await connection.fetchval(sql, table)
        finally:
            await connection.execute("rollback")
            await alone.release(connection)
