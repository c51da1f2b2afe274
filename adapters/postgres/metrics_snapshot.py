"""The numbers of an installation, counted by the database from its smallest tables and its latest pages."""

from datetime import datetime

from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.pool import Pool
from application.ports.metrics_snapshot import (
    LAST_HOUR,
    CalendarCount,
    ConnectionCount,
    DeliveryCount,
    Happened,
    JobsInOutbox,
    MetricsSnapshot,
    QuotaUse,
    WebhookCount,
)
from domain.connection import day_of

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


_DELIVERIES = """
    select
        case when state = 'delivered' then state else coalesce(attempts -> -1 -> 'problem' ->> 'type', 'waiting') end
            collate "C" as result,
        count(*) as count
    from webhook_deliveries where created_at > $1 and created_at <= $2 group by 1 order by 1
"""

_WEBHOOKS = """
    select
        case when pause is not null then 'paused' when failing_since is not null then 'failing' else 'active' end
            collate "C" as state,
        count(*) as count
    from webhooks group by 1 order by 1
"""

_OLDEST_DELIVERY = "select min(created_at) from webhook_deliveries where state = 'pending'"


# As `Calendar.state`.
_CALENDARS = """
    select
        kind collate "C" as kind,
        case when readable_until is null or readable_until <= $1 then 'broken' when problem is null then 'fresh'
            else 'stale' end collate "C" as state,
        count(*) as count
    from calendars group by 1, 2 order by 1, 2
"""

_QUOTAS = """
    select provider collate "C" as provider, max(meetings_made) as meetings
    from provider_connections where meetings_on = $1 group by 1 order by 1
"""


async def take_metrics_snapshot(pool: Pool, now: datetime) -> MetricsSnapshot:
    jobs = await pool.fetch(_JOBS, now)
    happened = await pool.fetch(_HAPPENED, now - LAST_HOUR, now)
    connections = await pool.fetch(_CONNECTIONS)
    deliveries = await pool.fetch(_DELIVERIES, now - LAST_HOUR, now)
    webhooks = await pool.fetch(_WEBHOOKS)
    calendars = await pool.fetch(_CALENDARS, now)
    quotas = await pool.fetch(_QUOTAS, day_of(now))
    return MetricsSnapshot(
        jobs=tuple(JobsInOutbox(row["job"], row["count"], row["due"], row["oldest_due_at"]) for row in jobs),
        happened=tuple(Happened(row["what"], row["requested"], row["count"]) for row in happened),
        connections=tuple(ConnectionCount(row["provider"], row["status"], row["count"]) for row in connections),
        deliveries=tuple(DeliveryCount(row["result"], row["count"]) for row in deliveries),
        webhooks=tuple(WebhookCount(row["state"], row["count"]) for row in webhooks),
        oldest_delivery_at=await pool.fetchval(_OLDEST_DELIVERY),
        not_taken_since=await PostgresBacklog(pool).not_taken_since(),
        calendars=tuple(CalendarCount(*row) for row in calendars),
        quotas=tuple(QuotaUse(*row) for row in quotas),
    )
