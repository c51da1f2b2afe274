"""Erasing a host leaves nothing of theirs behind but the handle that nobody can take yet."""

from application.jobs import Due, RemindGuestJob
from application.ports.storage import IdempotencyKey
from domain.events import Booked
from tests.contract.store import keep
from tests.support.builders import A_DAY, NOW, a_booking, a_host, a_page
from tests.support.postgres import StoreInPostgres

_KEPT = {"former_handles", "schema_migrations"}


async def test_no_table_holds_anything_of_an_erased_host(postgres_store: StoreInPostgres) -> None:
    host = a_host()
    page = a_page(host)
    booking = a_booking(page)
    await keep(postgres_store, host, page)
    async with postgres_store.begin() as uow:
        booked = Booked(booking_id=booking.id, at=NOW, conference=booking.conference)
        uow.bookings.add(booking, booked, key=IdempotencyKey("scope", "key", "fingerprint"))
        uow.bookings.mailed(booking, "guest", NOW)
        uow.outbox.enqueue(Due(RemindGuestJob(booking.id), NOW))
    await postgres_store.sessions.open(host.id, NOW + A_DAY)
    await postgres_store.api_tokens.issue(host.id, "CI", NOW)
    filled = await tables_with_rows(postgres_store)

    async with postgres_store.begin() as uow:
        uow.accounts.erase(host.id, NOW + A_DAY)

    assert {"hosts", "event_types", "booking_events", "booking_mails", "idempotency_keys", "outbox"} <= filled
    assert _KEPT == await tables_with_rows(postgres_store)


async def tables_with_rows(store: StoreInPostgres) -> set[str]:
    rows = await store.pool.fetch("select table_name from information_schema.tables where table_schema = 'public'")
    names = [row["table_name"] for row in rows]
    return {name for name in names if await store.pool.fetchval(f"select exists (select from {name})")}
