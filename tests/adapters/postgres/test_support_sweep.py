"""Messages that nobody could be mailed don't stay forever."""

from datetime import timedelta

from adapters.postgres.housekeeping import sweep
from application.ports.support import SupportRequest
from tests.support.builders import NOW
from tests.support.postgres import StoreInPostgres


async def test_messages_of_a_month_ago_are_swept_out(postgres_store: StoreInPostgres) -> None:
    for days in (29, 30):
        sent_at = NOW - timedelta(days=days)
        request = SupportRequest(f"{days} days", sent_at, "ana@guests.example", "", "Hello", "en", wants_copy=True)
        async with postgres_store.begin() as uow:
            uow.support_requests.add(request)

    await sweep(postgres_store.pool, NOW)

    rows = await postgres_store.pool.fetch("select id from support_requests")
    assert ["29 days"] == [row["id"] for row in rows]
