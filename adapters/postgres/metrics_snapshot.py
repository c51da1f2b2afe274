"""The numbers of an installation, at the same cost however large it is.

What is due, in trouble or new is counted by indexes. How many there are in all is counted while there are few.
Calendars change with each reading, which no index is to make slower: of many, a sample is counted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.pool import Queries, Row
from application.jobs import MAIL_JOBS, tag_of
from application.ports.metrics_snapshot import (
    LAST_HOUR,
    MAIL_TAKEN,
    MOST_FAILED,
    AttemptCount,
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

FEW: Final = 2_000
"""So many rows are counted, where that has to be done; of more, PostgreSQL's own statistics tell well enough.

They follow a tenth of the rows changing, and leave out rare values.
"""

SAMPLED: Final = 400
"""So many of more calendars are looked at, the same ones each time."""

LATEST: Final = 1_000
"""Among so many events of bookings the last email is looked for; they are more than happen between two."""

# No lease is as long as an hour, and clocks don't differ by one: the bound keeps those for later out by the index.
_DUE_JOBS = """
    select
        job,
        count(*) filter (where due_at <= $1 or lease_id is not null) as due,
        min(coalesce(first_due_at, due_at)) filter (where due_at <= $1 or lease_id is not null) as due_since
    from outbox where due_at <= now() + interval '1 hour' group by job
"""

# From one kind of job to the next, so that of each so many rows of the index are read, however many failed.
_FAILED_JOBS = f"""
    with recursive failed as (
        (select job, owed_since from outbox where owed_since is not null order by job, owed_since limit 1)
        union all
        select following.* from failed cross join lateral (
            select job, owed_since from outbox
            where owed_since is not null and job > failed.job order by job, owed_since limit 1
        ) as following
    )
    select job, owed_since, (
        select count(*) from (
            select from outbox as o where o.owed_since is not null and o.job = failed.job
            order by o.owed_since limit {MOST_FAILED}
        ) as counted
    ) as count
    from failed
"""

_MAILS_KEPT = f"""
    with taken as materialized (
        select at from (
            select at, what from booking_events where at <= $1 order by at desc limit {LATEST}
        ) as latest
        where what = any($2::text[]) order by at desc limit 1
    )
    select count(*) from (
        select from unnest($3::text[]) as mail cross join lateral (
            select from outbox
            where owed_since is not null and job = mail and owed_since > coalesce((select at from taken), '-infinity')
            order by owed_since limit {MOST_FAILED}
        ) as kept
        limit {MOST_FAILED}
    ) as counted
"""

_MAIL_TAGS = [tag_of(each) for each in MAIL_JOBS]

# Apart from those that are due: with a parameter in it, PostgreSQL would plan it anew each time, which takes 0.5 ms.
_STORED_JOBS = f"""
    with size as (select reltuples as tuples from pg_class where oid = 'outbox'::regclass)
    select job, count(*) as count from outbox where (select tuples from size) < {FEW} group by job
    union all
    select value, round(share * tuples)::bigint as count
    from size, pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) as common (value, share)
    where tuples >= {FEW} and schemaname = current_schema and tablename = 'outbox' and attname = 'job'
"""

_HAPPENED = """
    select e.what, b.requested, count(*) as count
    from booking_events as e join bookings as b on b.id = e.booking_id
    where e.at > $1 and e.at <= $2
    group by e.what, b.requested order by e.what collate "C", b.requested collate "C"
"""

_CONNECTIONS = f"""
    with size as (select reltuples as tuples from pg_class where oid = 'provider_connections'::regclass),
    troubled as (
        select provider, state ->> 'state' as status, count(*) as count
        from provider_connections where state ->> 'state' <> 'connected' group by 1, 2
    ),
    every as (
        select provider, count(*) as count from provider_connections
        where (select tuples from size) < {FEW} group by provider
        union all
        select value, round(share * tuples)::bigint as count
        from size, pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) as common (value, share)
        where tuples >= {FEW} and schemaname = current_schema
            and tablename = 'provider_connections' and attname = 'provider'
    ),
    fine as (
        select provider, 'connected' as status, greatest(0, every.count - coalesce(sum(troubled.count), 0)) as count
        from every left join troubled using (provider) group by provider, every.count
    )
    select provider, status, count::bigint from (select * from troubled union all select * from fine) as counted
    where count > 0 order by provider collate "C", status collate "C"
"""

_DELIVERIES = """
    select
        case when state = 'delivered' then state else coalesce(attempts -> -1 -> 'problem' ->> 'type', 'waiting') end
            collate "C" as result,
        count(*) as count
    from webhook_deliveries where created_at > $1 and created_at <= $2 group by 1 order by 1
"""

_ATTEMPTS = "select result, sum(count)::bigint as count from webhook_attempt_counts group by result order by result"

_WEBHOOKS = f"""
    with size as (select reltuples as tuples from pg_class where oid = 'webhooks'::regclass),
    troubled as (
        select case when pause is not null then 'paused' else 'failing' end as state, count(*) as count
        from webhooks where pause is not null or failing_since is not null group by 1
    ),
    every as (
        select count(*) as count from webhooks where (select tuples from size) < {FEW}
        union all
        select tuples from size where tuples >= {FEW}
    ),
    fine as (
        select 'active' as state, sum(every.count) - (select coalesce(sum(count), 0) from troubled) as count from every
    )
    select state, count::bigint from (select * from troubled union all select * from fine) as counted
    where count > 0 order by state collate "C"
"""

_OLDEST_DELIVERY = "select min(created_at) from webhook_deliveries where state = 'pending'"


# The states are as `Calendar.state` has them.
_CALENDARS = f"""
    with size as (select reltuples as tuples from pg_class where oid = 'calendars'::regclass),
    counted as (
        select
            kind collate "C" as kind,
            case when readable_until is null or readable_until <= $1 then 'broken' when problem is null then 'fresh'
                else 'stale' end collate "C" as state,
            count(*) as count
        from calendars tablesample system (
            (select case when tuples < {FEW} then 100 else 100 * {SAMPLED} / tuples end from size)
        ) repeatable (0)
        group by 1, 2
    )
    select
        kind, state,
        case when tuples < {FEW} then count else round(count * tuples / sum(count) over ())::bigint end as count
    from counted, size order by kind, state
"""

_QUOTAS = """
    select provider collate "C" as provider, max(meetings_made) as meetings
    from provider_connections where meetings_on = $1 group by 1 order by 1
"""


async def take_metrics_snapshot(queries: Queries, now: datetime) -> MetricsSnapshot:
    jobs = _jobs(
        await queries.fetch(_STORED_JOBS), await queries.fetch(_DUE_JOBS, now), await queries.fetch(_FAILED_JOBS)
    )
    happened = await queries.fetch(_HAPPENED, now - LAST_HOUR, now)
    connections = await queries.fetch(_CONNECTIONS)
    deliveries = await queries.fetch(_DELIVERIES, now - LAST_HOUR, now)
    attempts = await queries.fetch(_ATTEMPTS)
    webhooks = await queries.fetch(_WEBHOOKS)
    calendars = await queries.fetch(_CALENDARS, now)
    quotas = await queries.fetch(_QUOTAS, day_of(now))
    return MetricsSnapshot(
        jobs=jobs,
        happened=tuple(Happened(row["what"], row["requested"], row["count"]) for row in happened),
        connections=tuple(ConnectionCount(row["provider"], row["status"], row["count"]) for row in connections),
        deliveries=tuple(DeliveryCount(row["result"], row["count"]) for row in deliveries),
        attempts=tuple(AttemptCount(*row) for row in attempts),
        webhooks=tuple(WebhookCount(row["state"], row["count"]) for row in webhooks),
        oldest_delivery_at=await queries.fetchval(_OLDEST_DELIVERY),
        not_taken_since=await PostgresBacklog(queries).not_taken_since(),
        calendars=tuple(CalendarCount(*row) for row in calendars),
        quotas=tuple(QuotaUse(*row) for row in quotas),
        mails_kept=await queries.fetchval(_MAILS_KEPT, now, MAIL_TAKEN, _MAIL_TAGS),
    )


def _jobs(stored: Sequence[Row], due: Sequence[Row], failed: Sequence[Row]) -> tuple[JobsInOutbox, ...]:
    """The estimate of what is stored may be older than what is due or has failed."""
    counts: dict[str, int] = {row["job"]: row["count"] for row in stored}
    dues: dict[str, tuple[int, datetime | None]] = {row["job"]: (row["due"], row["due_since"]) for row in due}
    owed: dict[str, tuple[datetime | None, int]] = {row["job"]: (row["owed_since"], row["count"]) for row in failed}
    found: list[JobsInOutbox] = []
    for job in sorted({*counts, *dues, *owed}):
        is_due, due_since = dues.get(job, (0, None))
        owed_since, have_failed = owed.get(job, (None, 0))
        instants = (each for each in (due_since, owed_since) if each is not None)
        count = max(counts.get(job, 0), is_due, have_failed)
        found.append(JobsInOutbox(job, count, is_due, min(instants, default=None), have_failed))
    return tuple(found)
