"""Uses counted in memory."""

from collections.abc import Sequence
from datetime import datetime

from adapters.memory.state import State, Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.rate_limiter import Spent
from domain.budgets import Bucket


class MemoryRateLimiter:
    """Each call is a unit of its own."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def count(self, buckets: Sequence[Bucket], now: datetime, /) -> Spent | None:
        transaction = MemoryTransaction(self._state)
        try:
            spent = await MemoryRateLimiterInUnit(transaction).count(buckets, now)
            await transaction.commit()
        finally:
            transaction.end()
        return spent

    async def spent(self, bucket: Bucket, now: datetime, /) -> Spent | None:
        return _spent(await self._state.read(), bucket, now)

    async def forget(self, bucket: Bucket, /) -> None:
        self._state.tables.uses.pop(bucket.key, None)


class MemoryRateLimiterInUnit:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def count(self, buckets: Sequence[Bucket], now: datetime, /) -> Spent | None:
        for key in sorted(each.key for each in buckets):
            await self._transaction.lock(("rate_limit", key))
        tables = await self._transaction.read()
        if full := [spent for each in buckets if (spent := _spent(tables, each, now))]:
            return max(full, key=lambda each: each.wait)

        def change(tables: Tables) -> None:
            for each in buckets:
                tables.uses[each.key] = (*_counting(tables, each, now), now)

        self._transaction.stage(change)
        return None

    async def spent(self, bucket: Bucket, now: datetime, /) -> Spent | None:
        return _spent(await self._transaction.read(), bucket, now)

    async def forget(self, bucket: Bucket, /) -> None:
        def change(tables: Tables) -> None:
            tables.uses.pop(bucket.key, None)

        self._transaction.stage(change)


def _counting(tables: Tables, bucket: Bucket, now: datetime) -> tuple[datetime, ...]:
    """The uses that count still."""
    return tuple(at for at in tables.uses.get(bucket.key, ()) if at > now - bucket.budget.window)


def _spent(tables: Tables, bucket: Bucket, now: datetime) -> Spent | None:
    budget, uses = bucket.budget, _counting(tables, bucket, now)
    if len(uses) < budget.most:
        return None
    return Spent(budget, uses[len(uses) - budget.most] + budget.window - now)
