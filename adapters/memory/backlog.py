"""Owed work in memory as the relay sees it."""

from datetime import datetime, timedelta
from itertools import count

import msgspec

from adapters.memory.owed import work_row
from adapters.memory.state import State
from application.ports.owed import Claim


class MemoryBacklog:
    """Leases begin and end by the clock of the store."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._claim_ids = count(1)

    async def claim(self, limit: int, lease: timedelta) -> list[Claim]:
        tables = await self._state.read()
        now = self._state.clock()
        due = sorted(
            (stored.due_at, key)
            for key, stored in tables.work.items()
            if stored.due_at <= now and not self._state.locks.is_held(work_row(*key))
        )
        claims: list[Claim] = []
        for _, (job, subject) in due[:limit]:
            stored = tables.work[job, subject]
            claim = Claim(job, subject, next(self._claim_ids), stored.claims)
            tables.work[job, subject] = msgspec.structs.replace(
                stored,
                due_at=now + lease,
                claims=stored.claims + 1,
                claim=claim.id,
                lease=lease,
                taken=False,
                # What was owed until now is done by this claim.
                again_at=stored.again_at if stored.again_at and stored.again_at > now else None,
            )
            claims.append(claim)
        return claims

    async def next_due_at(self) -> datetime | None:
        tables = await self._state.read()
        return min((stored.due_at for stored in tables.work.values()), default=None)
