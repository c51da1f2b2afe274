"""The outbox.

A leased row has a `lease_id`, and its `due_at` is the end of the lease; `first_due_at` is what it was before. One that
has failed has `owed_since`, the first of these. Leases go by the database's clock, due jobs by the application's: the
two are expected to agree within a second or so, and nothing worse than that follows if not.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from random import getrandbits

import msgspec

from adapters.postgres.pool import Row
from adapters.postgres.table import to_json
from adapters.postgres.transaction import Transaction
from adapters.tracing.trace import traceparent
from application.jobs import Due, Job, tag_of
from application.ports.outbox import Lease

DUE_ROW = "job text, key text, payload jsonb, at timestamptz, lease_id bigint, lease interval"
"""For `jsonb_to_recordset`. As arrays, whose elements asyncpg looks at one by one, three jobs took twice the time."""

# A leased job is left alone, and wanted again afterwards.
_ENQUEUE = f"""
    insert into outbox as o (job, key, payload, due_at)
    select job, key, payload, at from jsonb_to_recordset($1::jsonb) as due ({DUE_ROW})
    on conflict (job, key) do update set
        payload = excluded.payload,
        due_at = case when o.lease_id is null then least(o.due_at, excluded.due_at) else o.due_at end,
        attempts = case when o.lease_id is null and excluded.due_at < o.due_at then 0 else o.attempts end,
        again_at = case when o.lease_id is not null then least(o.again_at, excluded.due_at) end
"""

# The lease starts again, so that a message's way through the broker doesn't shorten it.
_START = """
    update outbox set started = true, due_at = clock_timestamp() + lease
    where job = $1 and key = $2 and lease_id = $3 and not started and due_at > clock_timestamp()
    returning job
"""

# Locked first: whoever enqueues the job again in this moment is seen either here or by nobody's lease.
_COMPLETE = """
    with completing as (
        select again_at from outbox where job = $1 and key = $2 and lease_id = $3 for update
    ),
    completed as (
        delete from outbox using completing
        where job = $1 and key = $2 and lease_id = $3 and completing.again_at is null
    ),
    resumed as (
        update outbox
        set due_at = completing.again_at, first_due_at = null, owed_since = null, again_at = null, attempts = 0,
            lease_id = null, started = false
        from completing
        where job = $1 and key = $2 and lease_id = $3 and completing.again_at is not null
    )
    select exists (select from completing where again_at is not null) as is_resumed
"""

_RESCHEDULE = """
    update outbox
    set due_at = least($4, again_at), first_due_at = null, again_at = null, lease_id = null, started = false,
        owed_since = case when $5 then coalesce(owed_since, first_due_at) end
    where job = $1 and key = $2 and lease_id = $3
"""

# The rows come in any order: whoever cancels a booking's jobs has locked the booking. What was started stays until it
# ends, so that whoever enqueues it anew finds it running.
_CANCEL = """
    with pointless as (
        select o.job, o.key, o.started from outbox as o
        where (o.job, o.key) in (select * from unnest($1::text[], $2::text[]))
        for update
    ),
    running as (
        update outbox as o set again_at = null from pointless
        where o.job = pointless.job and o.key = pointless.key and pointless.started
    )
    delete from outbox as o using pointless
    where o.job = pointless.job and o.key = pointless.key and not pointless.started
"""


class _DueRow(msgspec.Struct, frozen=True):
    job: str
    key: str
    payload: msgspec.Raw
    at: datetime
    lease_id: int | None
    lease: timedelta | None


class _Carried(msgspec.Struct, frozen=True):
    trace: str | None = None


_CARRIES = '"trace"'

_read_carried = msgspec.json.Decoder(_Carried)


class PostgresOutbox:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def enqueue(self, *due: Due) -> None:
        if due:
            self._transaction.write(_ENQUEUE, due_rows(_once_each(due)))
            self._transaction.makes_work_due = True

    async def start(self, lease: Lease, /) -> bool:
        return await self._transaction.lock(_START, *_name(lease.job), lease.id) is not None

    def complete(self, lease: Lease, /) -> None:
        self._transaction.write(_COMPLETE, *_name(lease.job), lease.id, check=self._note_resumed)

    def reschedule(self, lease: Lease, at: datetime, /, *, failed: bool) -> None:
        self._transaction.write(_RESCHEDULE, *_name(lease.job), lease.id, at, failed)
        self._transaction.makes_work_due = True

    def cancel(self, *jobs: Job) -> None:
        if jobs:
            self._transaction.write(_CANCEL, [tag_of(each) for each in jobs], [each.key for each in jobs])

    def _note_resumed(self, row: Row | None) -> None:
        self._transaction.makes_work_due |= row is not None and row["is_resumed"]


def due_rows(due: Sequence[Due], leases: Sequence[Lease | None] = (), lasts: timedelta | None = None) -> str:
    """Due jobs as rows of `DUE_ROW`, with their `leases`, which last so long."""
    trace = traceparent()
    return to_json(
        [
            _DueRow(
                tag_of(each.job),
                each.job.key,
                _payload(each.job, trace),
                each.at,
                lease and lease.id,
                lasts if lease else None,
            )
            for each, lease in zip_longest(due, leases)
        ]
    )


def leases_of(due: Sequence[Due], now: datetime) -> list[Lease | None]:
    """The first lease of each job that is due; it is named here, so that nobody has to ask the database for it."""
    trace = traceparent()
    return [Lease(each.job, getrandbits(62), 0, trace) if each.at <= now else None for each in due]


def trace_in(payload: str) -> str | None:
    """The trace that a job is part of."""
    return _read_carried.decode(payload).trace if _CARRIES in payload else None


def _payload(job: Job, trace: str | None) -> msgspec.Raw:
    # Beside the job's own members, so that it takes no column where nobody records traces.
    payload = msgspec.json.encode(job)
    return msgspec.Raw(payload if trace is None else b'%b,%b:"%b"}' % (payload[:-1], _CARRIES.encode(), trace.encode()))


def _once_each(due: Sequence[Due]) -> list[Due]:
    """Each job at its earliest instant, in one order for everybody, so that nobody waits in a circle."""
    earliest: dict[tuple[str, str], Due] = {}
    for each in sorted(due, key=lambda each: (*_name(each.job), each.at)):
        earliest.setdefault(_name(each.job), each)
    return list(earliest.values())


def _name(job: Job) -> tuple[str, str]:
    return tag_of(job), job.key
