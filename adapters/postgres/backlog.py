"""Leases due rows of the outbox to the relay."""

from datetime import datetime, timedelta

import msgspec
import structlog

from adapters.postgres.outbox import trace_in
from adapters.postgres.pool import Queries, Row
from application.jobs import Job
from application.ports.outbox import Lease

_log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

_read_job = msgspec.json.Decoder[Job](Job)

_LEASE = "select job, payload, lease_id, attempts from lease_jobs($1, $2, $3)"


class PostgresBacklog:
    """Goes by the database's clock, which all relays share."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def lease(self, limit: int, duration: timedelta, waiting: int = 0) -> list[Lease]:
        rows = await self._queries.fetch(_LEASE, limit, duration, waiting)
        leases = (_lease_in(row) for row in rows)
        return [each for each in leases if each is not None]

    async def next_due_at(self) -> datetime | None:
        return await self._queries.fetchval("select min(due_at) from outbox")

    async def not_taken_since(self) -> datetime | None:
        # No lease is as long as a day: the bound keeps those for later out by the index.
        sql = """
            select min(coalesce(first_due_at, due_at)) from outbox
            where due_at <= now() + interval '1 day' and (due_at <= now() or lease_id is not null) and not started
        """
        return await self._queries.fetchval(sql)


def _lease_in(row: Row) -> Lease | None:
    """None for a job that only another version of the program can read; it comes back when the lease ends."""
    try:
        payload: str = row["payload"]
        return Lease(_read_job.decode(payload), row["lease_id"], row["attempts"], trace_in(payload))
    except msgspec.DecodeError as error:
        # Without the key, which may hold a name at a provider.
        _log.error("job_unreadable", job=row["job"], lease_id=row["lease_id"], reason=str(error))
        return None
