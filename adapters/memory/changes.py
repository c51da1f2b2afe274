"""Watchers of changes in memory."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from adapters.memory.state import State
from application.ports.changes import Watched


class MemoryChanges:
    """Wakes watchers right at the commit; no message is ever lost."""

    def __init__(self, state: State) -> None:
        self._state = state

    @contextmanager
    def watching(self, watched: Watched, /) -> Generator[asyncio.Event]:
        changed = asyncio.Event()
        watchers = self._state.watchers
        watchers[watched].append(changed)
        try:
            yield changed
        finally:
            watchers[watched].remove(changed)
            if not watchers[watched]:
                del watchers[watched]
