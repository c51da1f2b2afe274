"""Lets tests wait for a change without sleeping."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 60.0
"""Seconds: whoever waits in vain may wait long, and on a busy machine all takes its time."""


class Bell:
    """A bell: whoever changes something rings it, whoever waits looks again."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def happened(self) -> None:
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def until(self, is_so: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Return once `is_so()`.

        Raises:
            TimeoutError: it wasn't so within so many seconds.
        """
        async with asyncio.timeout(within):
            while not is_so():
                await self._next.wait()
