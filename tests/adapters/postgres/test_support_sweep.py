"""Support conversations don't stay forever."""

from datetime import timedelta

from adapters.postgres.housekeeping import sweep
from application.ports.support import Screenshot
from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import SupportThread, ThreadMessage
from tests.support.builders import NOW
from tests.support.postgres import StoreInPostgres


def thread(name: str, *, silent_for: int, closed_for: int | None = None) -> SupportThread:
    """A conversation in which nobody has written for some days."""
    message = ThreadMessage("visitor", NOW - timedelta(days=silent_for), "Hello", has_screenshot=True)
    closed_at = None if closed_for is None else NOW - timedelta(days=closed_for)
    token = SupportToken(name)
    return SupportThread(SupportThreadId(name), token, "ana@guests.example", "", "en", (message,), closed_at)


async def test_conversations_are_erased_a_month_after_they_were_closed(postgres_store: StoreInPostgres) -> None:
    for each in (
        thread("closed a while ago", silent_for=29, closed_for=29),
        thread("closed long ago", silent_for=59, closed_for=30),
        thread("forgotten", silent_for=59),
        thread("forgotten long ago", silent_for=60),
    ):
        async with postgres_store.begin() as uow:
            uow.support_threads.add(each, Screenshot(b"png", "png"))

    await sweep(postgres_store.pool, NOW)

    for table in ("support_threads", "support_screenshots"):
        column = "id" if table == "support_threads" else "thread_id"
        rows = await postgres_store.pool.fetch(f"select {column} as id from {table} order by 1")
        assert ["closed a while ago", "forgotten"] == [row["id"] for row in rows]
