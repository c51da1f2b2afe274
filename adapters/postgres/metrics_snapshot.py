"""The numbers of an installation, counted by the database from its smallest tables and its latest pages."""

from datetime import datetime

from adapters.postgres.pool import Pool
from application.ports.metrics_snapshot import LAST_HOUR, ConnectionCount, Happened, JobsInOutbox, MetricsSnapshot

_JOBS = """
    select
        job, count(*) as count,
        count(*) filter (where due_at <= $1 or lease_id is not null) as due,
        min(coalesce(first_due_at, due_at)) filter (where due_at <= $1 or lease_id is not null) as oldest_due_at
    from outbox group by job order by job collate "C"
"""

_HAPPENED = """
    select e.what, b.requested, count(*) as count
    from booking_events as e join bookings as b on b.id = e.booking_id
    where e.at > $1 and e.at <= $2
    group by e.what, b.requested order by e.what collate "C", b.requested collate "C"
"""

_CONNECTIONS = """
    select provider, state ->> 'state' as status, count(*) as count
    from provider_connections group by 1, 2 order by provider collate "C", 2
"""


async def take_metrics_snapshot(pool: Pool, now: datetime) -> MetricsSnapshot:
    jobs = await pool.fetch(_JOBS, now)
    happened = await pool.fetch(_HAPPENED, now - LAST_HOUR, now)
    connections = await pool.fetch(_CONNECTIONS)
    return MetricsSnapshot(
        jobs=tuple(JobsInOutbox(row["job"], row["count"], row["due"], row["oldest_due_at"]) for row in jobs),
        happened=tuple(Happened(row["what"], row["requested"], row["count"]) for row in happened),
        connections=tuple(ConnectionCount(row["provider"], row["status"], row["count"]) for row in connections),
    )
