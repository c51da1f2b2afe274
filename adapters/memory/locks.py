"""Row locks in memory, with those who wait for them."""

import asyncio

RowKey = tuple[str, ...]
"""A row that can be locked: the name of its table, and its key."""


class RowLocks:
    """Locks by row, made when they are first wanted and forgotten when nobody holds or wants them.

    Unlike a database, it doesn't notice two units that wait for each other: they wait forever.
    """

    def __init__(self) -> None:
        self._locks: dict[RowKey, asyncio.Lock] = {}
        self._wanted: dict[RowKey, int] = {}

    async def acquire(self, row: RowKey) -> None:
        lock = self._locks.setdefault(row, asyncio.Lock())
        self._wanted[row] = self._wanted.get(row, 0) + 1
        try:
            await lock.acquire()
        except asyncio.CancelledError:
            self._no_longer_wanted(row)
            raise

    def release(self, row: RowKey) -> None:
        self._locks[row].release()
        self._no_longer_wanted(row)

    def is_held(self, row: RowKey) -> bool:
        lock = self._locks.get(row)
        return lock is not None and lock.locked()

    def _no_longer_wanted(self, row: RowKey) -> None:
        self._wanted[row] -= 1
        if not self._wanted[row]:
            del self._wanted[row], self._locks[row]
