"""Erasing a host leaves nothing of theirs behind but the handle that nobody can take yet."""

import asyncio
from datetime import UTC, datetime

from application.jobs import Due, RemindGuestJob
from application.ports.idempotency_keys import IdempotencyKey
from domain.events import Booked
from domain.host import Host
from domain.security_events import DataExported
from tests.support.builders import A_DAY, NOW, a_booking, a_host, a_page
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep
from tests.support.tokens import an_api_token

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_SOMEBODY_WAITS = """
    select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
"""
_KEPT = {"former_handles", "schema_migrations"}
_CASCADES = """
    select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
    where contype = 'f' and confdeltype = 'c'
"""
_ERASED_BY_NAME = {"hosts", "bookings", "outbox"}
_NAMES_NO_HOST = {
    # Digests of people and networks, which end by themselves.
    *("rate_limits", "heard_notices", "unsubscribe_links", "suppressed_mailboxes"),
    # Numbers alone.
    "webhook_attempt_counts",
    # Of visitors of support.
    *("support_threads", "support_screenshots"),
    # For minutes, and until they are sent: the last mail says that the account is gone.
    *("passkey_challenges", "account_mails"),
}


async def test_no_table_holds_anything_of_an_erased_host(postgres_store: StoreInPostgres) -> None:
    host = a_host()
    page = a_page(host)
    booking = a_booking(page)
    await keep(postgres_store, host, page)
    async with postgres_store.begin() as uow:
        booked = Booked(booking_id=booking.id, at=NOW, conference=booking.conference)
        uow.bookings.add(booking, booked, key=IdempotencyKey("scope", "key", "fingerprint"))
        uow.booking_mails.mailed(booking, "guest", NOW)
        uow.outbox.enqueue(Due(RemindGuestJob(booking.id, NOW), NOW))
    async with postgres_store.begin() as uow:
        uow.security_log.record(DataExported(host_id=host.id, at=NOW))
    await postgres_store.sessions.open(host.id, NOW + A_DAY)
    await an_api_token(postgres_store.begin, host.id, NOW, name="CI")
    filled = await tables_with_rows(postgres_store)

    await erase(postgres_store, host)

    assert {"hosts", "event_types", "booking_events", "booking_mails", "idempotency_keys", "outbox"} <= filled
    assert _KEPT == await tables_with_rows(postgres_store)


async def test_every_table_goes_with_its_host_or_is_known_to_name_none(postgres_store: StoreInPostgres) -> None:
    cascades = [(row["child"], row["parent"]) for row in await postgres_store.pool.fetch(_CASCADES)]
    gone, found = set[str](), set(_ERASED_BY_NAME)
    while found - gone:
        gone |= found
        found = {child for child, parent in cascades if parent in gone}

    assert await all_tables(postgres_store) - gone == _KEPT | _NAMES_NO_HOST


async def test_erasing_waits_for_a_job_of_a_booking_and_not_in_a_circle(postgres_store: StoreInPostgres) -> None:
    host = a_host()
    page = a_page(host)
    booking = a_booking(page)
    await keep(postgres_store, host, page, booking, Due(RemindGuestJob(booking.id, LONG_AGO), LONG_AGO))
    [lease] = await postgres_store.backlog.lease(1, A_DAY)

    async with postgres_store.begin() as uow:
        await uow.bookings.lock(booking.id)
        erasing = asyncio.create_task(erase(postgres_store, host))
        while not await postgres_store.pool.fetchval(_SOMEBODY_WAITS):
            await asyncio.sleep(0.01)
        assert await uow.outbox.start(lease)
    await erasing

    assert _KEPT == await tables_with_rows(postgres_store)


async def erase(store: StoreInPostgres, host: Host) -> None:
    async with store.begin() as uow:
        uow.accounts.erase(host.id, NOW + A_DAY)


async def tables_with_rows(store: StoreInPostgres) -> set[str]:
    names = await all_tables(store)
    return {name for name in names if await store.pool.fetchval(f"select exists (select from {name})")}


async def all_tables(store: StoreInPostgres) -> set[str]:
    rows = await store.pool.fetch("select table_name from information_schema.tables where table_schema = 'public'")
    return {row["table_name"] for row in rows}
