"""The outbox in memory as the relay sees it."""

from datetime import datetime, timedelta
from itertools import count

import msgspec

from adapters.memory.outbox import outbox_row
from adapters.memory.state import State, Tables
from application.ports.outbox import Lease


class MemoryBacklog:
    """Leases begin and end by the clock of the store."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lease_ids = count(1)

    async def lease(self, limit: int, duration: timedelta, waiting: int = 0) -> list[Lease]:
        tables = await self._state.read()
        now = self._state.clock()
        others = sum(stored.waits_to_be_started and stored.due_at > now for stored in tables.outbox.values())
        ended = [name for name, stored in tables.outbox.items() if stored.due_at <= now and stored.waits_to_be_started]
        for name in ended[: max(0, waiting - others)]:
            tables.outbox[name] = msgspec.structs.replace(tables.outbox[name], due_at=now + duration)
        due = sorted(
            (stored.due_at, name)
            for name, stored in tables.outbox.items()
            if stored.due_at <= now and not self._state.locks.is_held(outbox_row(*name))
        )
        leases: list[Lease] = []
        for _, name in due[:limit]:
            stored = tables.outbox[name]
            lease = Lease(stored.job, next(self._lease_ids), stored.attempts)
            tables.outbox[name] = msgspec.structs.replace(
                stored,
                due_at=now + duration,
                first_due_at=stored.fell_due_at,
                attempts=stored.attempts + 1,
                lease_id=lease.id,
                lease=duration,
                started=False,
                # What was enqueued until now is done by this lease.
                again_at=stored.again_at if stored.again_at and stored.again_at > now else None,
            )
            leases.append(lease)
        return leases

    async def next_due_at(self) -> datetime | None:
        tables = await self._state.read()
        return min((stored.due_at for stored in tables.outbox.values()), default=None)

    async def not_taken_since(self) -> datetime | None:
        return not_taken_since(await self._state.read(), self._state.clock())


def not_taken_since(tables: Tables, now: datetime) -> datetime | None:
    waiting = (
        stored.fell_due_at
        for stored in tables.outbox.values()
        if not stored.started and (stored.due_at <= now or stored.lease_id is not None)
    )
    return min(waiting, default=None)
