"""Fair turns for the work of all hosts where there are few places."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

_HALVED_EVERY: Final = 60.0
_FORGOTTEN: Final = 0.01


class Turns:
    """Each host has one place at a time, and of those who wait goes first who has had the least time of late.

    So neither many files nor slow ones of a host keep another one waiting for longer than until a place is free.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._served: set[str] = set()
        self._had: dict[str, float] = {}
        self._halved_at = monotonic()

    @asynccontextmanager
    async def of(self, host: str) -> AsyncGenerator[None]:
        """Wait for a place, and hold it for the block."""
        place = asyncio.get_running_loop().create_future()
        self._waiting.append((host, place))
        self._call()
        began = monotonic()
        try:
            await place
            began = monotonic()
            yield
        finally:
            if place.cancelled():
                self._waiting.remove((host, place))
            else:
                self._leave(host, monotonic() - began)

    def _leave(self, host: str, had: float) -> None:
        self._served.remove(host)
        self._had[host] = self._had.get(host, 0) + had
        if monotonic() - self._halved_at >= _HALVED_EVERY:
            self._halved_at = monotonic()
            self._had = {each: time / 2 for each, time in self._had.items() if time / 2 >= _FORGOTTEN}
        self._call()

    def _call(self) -> None:
        while len(self._served) < self._places:
            callable_now = (each for each in self._waiting if each[0] not in self._served and not each[1].done())
            called = min(callable_now, key=lambda each: self._had.get(each[0], 0), default=None)
            if called is None:
                return
            self._waiting.remove(called)
            self._served.add(called[0])
            called[1].set_result(None)
