"""Who watches a booking in memory."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from adapters.memory.state import State
from domain.ids import BookingId


class MemoryBookingChanges:
    """Wakes watchers right at the commit; no message is ever lost."""

    def __init__(self, state: State) -> None:
        self._state = state

    @contextmanager
    def watching(self, booking_id: BookingId, /) -> Generator[asyncio.Event]:
        changed = asyncio.Event()
        watchers = self._state.watchers
        watchers[booking_id].append(changed)
        try:
            yield changed
        finally:
            watchers[booking_id].remove(changed)
            if not watchers[booking_id]:
                del watchers[booking_id]
