"""Owed work in memory.

    owe ──► waiting ──claim──► claimed ──take──► taken ──settle──► gone
              ▲                   │ lease ends     │
              │                   ▼                │
              └───────────── claimable ◄───────────┘  lease ends

`postpone` leads back to waiting. What is owed while it is claimed or taken waits for that claim's end, in `again_at`.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from adapters.memory.locks import Row
from adapters.memory.state import StoredWork, Tables
from adapters.memory.transaction import Transaction
from application.ports.owed import Claim, JobName, Work


class MemoryOwed:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def owe(self, *work: Work) -> None:
        self._transaction.stage(lambda tables: owe(work, tables))

    async def take(self, claim: Claim, /) -> bool:
        await self._transaction.lock(work_row(claim.job, claim.subject))
        stored = _held_by(claim, await self._transaction.read())
        now = self._transaction.state.clock()
        if stored is None or stored.taken or stored.due_at <= now:
            return False

        def change(tables: Tables) -> None:
            current = _held_by(claim, tables)
            if current is not None:
                tables.work[claim.job, claim.subject] = msgspec.structs.replace(
                    current, taken=True, due_at=now + current.lease
                )

        self._transaction.stage(change)
        return True

    def settle(self, claim: Claim, /) -> None:
        def change(tables: Tables) -> None:
            stored = _held_by(claim, tables)
            if stored is None:
                return
            if stored.again_at is None:
                del tables.work[claim.job, claim.subject]
            else:
                tables.work[claim.job, claim.subject] = StoredWork(stored.again_at)

        self._transaction.stage(change)

    def postpone(self, claim: Claim, due_at: datetime, /) -> None:
        def change(tables: Tables) -> None:
            stored = _held_by(claim, tables)
            if stored is not None:
                tables.work[claim.job, claim.subject] = StoredWork(
                    _earlier(due_at, stored.again_at), claims=stored.claims
                )

        self._transaction.stage(change)

    def forgo(self, job: JobName, subject: str) -> None:
        def change(tables: Tables) -> None:
            tables.work.pop((job, subject), None)

        self._transaction.stage(change)


def owe(work: Sequence[Work], tables: Tables) -> None:
    for each in work:
        key = (each.job, each.subject)
        tables.work[key] = _owed_once_more(tables.work.get(key), each.due_at)


def work_row(job: JobName, subject: str) -> Row:
    return ("work", job, subject)


def _owed_once_more(stored: StoredWork | None, due_at: datetime) -> StoredWork:
    if stored is None:
        return StoredWork(due_at)
    if stored.claim is None:
        # What is wanted sooner than it was put off to is as good as new.
        return StoredWork(due_at) if due_at < stored.due_at else stored
    return msgspec.structs.replace(stored, again_at=_earlier(due_at, stored.again_at))


def _held_by(claim: Claim, tables: Tables) -> StoredWork | None:
    stored = tables.work.get((claim.job, claim.subject))
    return stored if stored is not None and stored.claim == claim.id else None


def _earlier(due_at: datetime, other: datetime | None) -> datetime:
    return due_at if other is None else min(due_at, other)
