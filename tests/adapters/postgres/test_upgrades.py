"""A database that has been in use since 0004 comes to the current schema with all that is in it."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.accounts import PostgresApiTokens
from adapters.postgres.digests import digest_of
from adapters.postgres.migrate import MIGRATIONS, migrate
from adapters.postgres.pool import Pool, open_pool
from adapters.postgres.unit_of_work import PostgresStore
from adapters.postgres.views import PostgresViews
from adapters.vault.system import SystemIds
from adapters.vault.tokens import TokenVault
from domain.ids import HostId
from tests.support.builders import A_DAY, NOW
from tests.support.postgres import KEY

_asyncpg = cast("Any", asyncpg)

_FILLED = """
    insert into hosts values
        ('h1', 'hanne@hosts.example', 'Hanne Höst', 'hanne', 'Europe/Berlin', 'a hash'),
        ('h2', 'igor@hosts.example', 'Igor', 'igor', 'UTC', null);
    insert into sessions values ('\\x01', 'h1', '2027-01-01Z');
    insert into booking_pages
        (id, host_id, slug, title, description, meeting_types, availability, minimum_notice, horizon_days,
         buffer_before, buffer_after, slot_interval)
    values ('p1', 'h1', 'intro', 'Intro', '', '[{"type": "zoom"}]',
        '{"weekly": {"mon": [["09:00", "17:00"]]}, "overrides": {}}', '1 hour', 30, '0', '0', '15 minutes');
    insert into event_types values ('e1', 'p1', 0, 'call', 'Call', '30 minutes', null, '[]');
    insert into bookings
        (id, token, host_id, page_id, event_type_id, title, start_at, end_at, occupied_from, occupied_until, guest_name,
         guest_email, guest_timezone, host_timezone, requested, meeting_type, conference, answers, status,
         cancel_reason, announced, revision, created_at, changed_at, last_change)
    select 'b' || n, 't' || n, 'h1', 'p1', 'e1', 'Call', at, at + interval '30 minutes', at, at + interval '30 minutes',
        'Ana', 'ana@guests.example', 'UTC', 'UTC', 'zoom', '{"type": "zoom"}', '{"status": "none"}', '[]',
        case when n % 2 = 0 then 'confirmed' else 'cancelled' end, '', true, 1, at, at, 'booked'
    from generate_series(1, 20) as n,
        lateral (select timestamptz '2026-03-03 08:00Z' + n * interval '1 day' as at) as x;
    insert into booking_events (booking_id, at, what, detail) select id, created_at, 'booked', '' from bookings;
    insert into booking_mails (booking_id, party, revision, start_at, sent_at)
        select id, 'guest', 1, start_at, created_at from bookings;
    insert into idempotency_keys select 'hanne/intro/call', 'key ' || id, 'print', id from bookings;
    insert into outbox (job, subject, due_at) select 'remind_guest', id, start_at from bookings;
"""


_HOST = HostId("h1")


@pytest.fixture
async def upgraded(database_url: str, tmp_path: Path) -> AsyncGenerator[Pool]:
    """A database that 0004's code has filled, and that was migrated since."""
    for file in sorted(MIGRATIONS.glob("*.sql"))[:4]:
        shutil.copy(file, tmp_path)
    name = f"upgraded_{uuid4().hex}"
    url = f"{database_url.rpartition('/')[0]}/{name}"
    admin = await _asyncpg.connect(database_url)
    await admin.execute(f"create database {name}")
    connection = await _asyncpg.connect(url)
    await migrate(connection, tmp_path)
    await connection.execute(_FILLED)
    tokens = "insert into api_tokens values ($1, 'h1', 'CI', $3), ($2, 'h1', 'Zap', $3)"
    await connection.execute(tokens, digest_of("one"), digest_of("two"), NOW)
    await migrate(connection)
    await connection.close()
    async with await open_pool(url, min_size=1, max_size=2) as pool:
        yield pool
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def test_everything_that_was_stored_is_still_read(upgraded: Pool) -> None:
    views = PostgresViews(upgraded)

    page = await views.public_page("hanne", "intro")
    lists = [await views.bookings(_HOST, show, now=NOW, cursor=None, limit=50) for show in ("upcoming", "cancelled")]
    replayed = await views.booking_by_key("hanne/intro/call", "key b1")

    assert page
    assert ("en", None) == (page.host.language, page.page.brand_color)
    assert [10, 10] == [len(each.items) for each in lists]
    assert {"en"} == {view.booking.guest.language for each in lists for view in each.items}
    assert replayed
    assert ("t1", "print") == (replayed[0].booking.token, replayed[1])


async def test_hosts_of_before_are_not_asked_to_confirm_and_sign_in_as_ever(upgraded: Pool) -> None:
    async with PostgresStore(upgraded, TokenVault([KEY]), nudge=lambda: None).begin() as uow:
        account = await uow.accounts.find("HANNE@hosts.example")

    assert account
    assert ("a hash", None) == (account.password_hash, account.closed_at)
    assert account.email_confirmed_at is not None


async def test_api_tokens_of_before_work_and_can_be_revoked_one_by_one(upgraded: Pool) -> None:
    tokens = PostgresApiTokens(upgraded, SystemIds())

    listed = await tokens.of(_HOST)
    revoked = await tokens.revoke(_HOST, next(each.id for each in listed if each.name == "CI"))

    assert {"CI", "Zap"} == {each.name for each in listed}
    assert revoked
    assert [None, _HOST] == [await tokens.host_of(token, NOW) for token in ("one", "two")]


async def test_a_host_of_before_can_be_erased_with_everything(upgraded: Pool) -> None:
    async with PostgresStore(upgraded, TokenVault([KEY]), nudge=lambda: None).begin() as uow:
        uow.accounts.erase(_HOST, NOW + A_DAY)

    tables = ("bookings", "booking_events", "booking_mails", "idempotency_keys", "outbox", "booking_pages", "sessions")
    assert [0] * len(tables) == [await upgraded.fetchval(f"select count(*) from {table}") for table in tables]
    assert 1 == await upgraded.fetchval("select count(*) from hosts")
