"""The outbox in memory.

    enqueue ──► waiting ──lease──► leased ──start──► started ──complete──► gone
                  ▲                   │ lease ends       │
                  │                   ▼                  │
                  └────────────── leasable ◄─────────────┘  lease ends

`reschedule` leads back to waiting. What is enqueued while it is leased waits for that lease's end, in `again_at`.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import StoredJob, Tables
from adapters.memory.transaction import MemoryTransaction
from application.jobs import Due, Job, tag_of
from application.ports.outbox import Lease


class MemoryOutbox:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def enqueue(self, *due: Due) -> None:
        self._transaction.stage(lambda tables: enqueue(due, tables))

    async def start(self, lease: Lease, /) -> bool:
        await self._transaction.lock(outbox_row(*name_of(lease.job)))
        stored = _held_by(lease, await self._transaction.read())
        now = self._transaction.state.clock()
        if stored is None or stored.started or stored.due_at <= now:
            return False

        def change(tables: Tables) -> None:
            current = _held_by(lease, tables)
            if current is not None:
                tables.outbox[name_of(lease.job)] = msgspec.structs.replace(
                    current, started=True, due_at=now + current.lease
                )

        self._transaction.stage(change)
        return True

    def complete(self, lease: Lease, /) -> None:
        def change(tables: Tables) -> None:
            stored = _held_by(lease, tables)
            if stored is None:
                return
            if stored.again_at is None:
                del tables.outbox[name_of(lease.job)]
            else:
                tables.outbox[name_of(lease.job)] = StoredJob(stored.job, stored.again_at)

        self._transaction.stage(change)

    def reschedule(self, lease: Lease, at: datetime, /, *, failed: bool) -> None:
        def change(tables: Tables) -> None:
            stored = _held_by(lease, tables)
            if stored is not None:
                tables.outbox[name_of(lease.job)] = StoredJob(
                    stored.job,
                    _earlier(at, stored.again_at),
                    attempts=stored.attempts,
                    owed_since=stored.owed_since or stored.fell_due_at if failed else None,
                )

        self._transaction.stage(change)

    def cancel(self, *jobs: Job) -> None:
        def change(tables: Tables) -> None:
            for name in map(name_of, jobs):
                stored = tables.outbox.get(name)
                if stored is not None and stored.started:
                    tables.outbox[name] = msgspec.structs.replace(stored, again_at=None)
                elif stored is not None:
                    del tables.outbox[name]

        self._transaction.stage(change)


def enqueue(due: Iterable[Due], tables: Tables) -> None:
    for each in due:
        tables.outbox[name_of(each.job)] = _enqueued(tables.outbox.get(name_of(each.job)), each)


def name_of(job: Job) -> tuple[str, str]:
    return tag_of(job), job.key


def outbox_row(tag: str, key: str) -> RowKey:
    return ("outbox", tag, key)


def _enqueued(stored: StoredJob | None, due: Due) -> StoredJob:
    if stored is None:
        return StoredJob(due.job, due.at)
    if stored.lease_id is not None:
        return msgspec.structs.replace(stored, job=due.job, again_at=_earlier(due.at, stored.again_at))
    if due.at < stored.due_at:
        # What is wanted sooner than it was put off to is tried like a new one.
        return StoredJob(due.job, due.at, owed_since=stored.owed_since)
    return msgspec.structs.replace(stored, job=due.job)


def _held_by(lease: Lease, tables: Tables) -> StoredJob | None:
    stored = tables.outbox.get(name_of(lease.job))
    return stored if stored is not None and stored.lease_id == lease.id else None


def _earlier(at: datetime, other: datetime | None) -> datetime:
    return at if other is None else min(at, other)
