"""Lets tests wait for a change without sleeping."""

import asyncio
from collections.abc import Callable


class Bell:
    """A bell: whoever changes something rings it, whoever waits looks again."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def happened(self) -> None:
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def until(self, is_so: Callable[[], bool], *, within: float = 5.0) -> None:
        """Return once `is_so()`.

        Raises:
            TimeoutError: it wasn't so within so many seconds.
        """
        async with asyncio.timeout(within):
            while not is_so():
                await self._next.wait()
