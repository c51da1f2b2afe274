"""Writes that wait for the end of a unit, and are then applied all or none."""

from collections.abc import Callable

from adapters.memory.locks import RowKey
from adapters.memory.state import State, Tables
from application.ports.changes import Watched
from domain.security_events import SecurityEvent

TableWrite = Callable[[Tables], None]
"""One write; it raises what the port promises if the tables don't allow it."""


class MemoryTransaction:
    def __init__(self, state: State) -> None:
        self._state = state
        self._changes: list[TableWrite] = []
        self._to_lock: list[RowKey] = []
        self._held: list[RowKey] = []
        self._saved: list[Watched] = []
        self._to_tell: list[SecurityEvent] = []

    @property
    def state(self) -> State:
        return self._state

    async def read(self) -> Tables:
        return await self._state.read()

    async def lock(self, row: RowKey) -> None:
        """Hold a row until the unit ends, waiting for whoever holds it now."""
        if row not in self._held:
            await self._state.locks.acquire(row)
            self._held.append(row)

    def is_free(self, row: RowKey) -> bool:
        """Whether locking the row would need no waiting."""
        return row in self._held or not self._state.locks.is_held(row)

    def unlock(self, row: RowKey) -> None:
        """Let a row go early, because there turned out to be none."""
        self._held.remove(row)
        self._state.locks.release(row)

    def stage(self, change: TableWrite, *rows: RowKey) -> None:
        """Apply a change at the commit, once nobody else holds the rows that it writes."""
        self._changes.append(change)
        self._to_lock.extend(rows)

    def wake(self, watched: Watched) -> None:
        """Wake whoever watches it, after the commit."""
        self._saved.append(watched)

    def tell(self, event: SecurityEvent) -> None:
        """Pass the event on to whoever watches the store, after the commit."""
        self._to_tell.append(event)

    async def commit(self) -> None:
        for row in sorted(set(self._to_lock)):
            await self.lock(row)
        # From here on nothing waits, so nobody can come in between.
        tables = self._state.tables.copy()
        for change in self._changes:
            change(tables)
        self._state.tables = tables
        for watched in self._saved:
            for changed in self._state.watchers.get(watched, ()):
                changed.set()
        for event in self._to_tell:
            self._state.watch(event)

    def end(self) -> None:
        """Let go of every row, whether the unit was committed or not."""
        for row in self._held:
            self._state.locks.release(row)
        self._held.clear()
