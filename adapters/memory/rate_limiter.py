"""Uses counted in memory."""

from collections.abc import Sequence
from datetime import datetime

from adapters.memory.locks import RowKey
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

    async def count_several(self, bucket: Bucket, uses: int, now: datetime, /) -> Spent | None:
        transaction = MemoryTransaction(self._state)
        try:
            spent = await MemoryRateLimiterInUnit(transaction).count_several(bucket, uses, now)
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
        for row in sorted(rows_of(buckets)):
            await self._transaction.lock(row)
        spent = longest_wait(await self._transaction.read(), buckets, now)
        if spent is None:
            self._transaction.stage(lambda tables: use(tables, buckets, now))
        return spent

    async def count_several(self, bucket: Bucket, uses: int, now: datetime, /) -> Spent | None:
        for row in rows_of([bucket]):
            await self._transaction.lock(row)
        spent = _spent(await self._transaction.read(), bucket, now, uses)
        if spent is None:
            self._transaction.stage(lambda tables: use(tables, [bucket], now, uses))
        return spent

    async def spent(self, bucket: Bucket, now: datetime, /) -> Spent | None:
        return _spent(await self._transaction.read(), bucket, now)

    async def forget(self, bucket: Bucket, /) -> None:
        def change(tables: Tables) -> None:
            tables.uses.pop(bucket.key, None)

        self._transaction.stage(change)


def rows_of(buckets: Sequence[Bucket]) -> list[RowKey]:
    return [("rate_limit", each.key) for each in buckets]


def longest_wait(tables: Tables, buckets: Sequence[Bucket], now: datetime) -> Spent | None:
    full = [spent for each in buckets if (spent := _spent(tables, each, now))]
    return max(full, key=lambda each: each.wait) if full else None


def use(tables: Tables, buckets: Sequence[Bucket], now: datetime, uses: int = 1) -> None:
    for each in buckets:
        tables.uses[each.key] = (*_counting(tables, each, now), *(now,) * uses)


def _counting(tables: Tables, bucket: Bucket, now: datetime) -> tuple[datetime, ...]:
    """The uses that count still."""
    return tuple(at for at in tables.uses.get(bucket.key, ()) if at > now - bucket.budget.window)


def _spent(tables: Tables, bucket: Bucket, now: datetime, wanted: int = 1) -> Spent | None:
    budget, uses = bucket.budget, _counting(tables, bucket, now)
    if len(uses) + wanted <= budget.most:
        return None
    return Spent(budget, uses[len(uses) - budget.most + wanted - 1] + budget.window - now)
