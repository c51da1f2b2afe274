"""Lets a client's patience end where a sandbox hangs, without waiting for it: the loop's clock is put forward.

A time-out that is short enough to be waited for is too short for a right answer on a busy machine.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from adapters.sandbox.asgi import AsgiApp
from adapters.sandbox.provider import SandboxProvider

PATIENCE = timedelta(seconds=10)
"""As long as clients wait."""


class LoopClock:
    """The clock of a running event loop, which goes as it did, and can be put forward."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._real: Callable[[], float] = loop.time
        self._ahead = 0.0
        # Whatever the loop times, it asks this.
        loop.time = self

    def __call__(self) -> float:
        return self._real() + self._ahead

    def put_forward(self, by: timedelta) -> None:
        self._ahead += by.total_seconds()


def tried_patience(sandbox: SandboxProvider[Any, Any, Any]) -> AsgiApp:
    """The sandbox's app; where it answers too late or never, its client's patience is over at once."""
    clock = cache(LoopClock)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        slowness = {switch.failure.value: switch.seconds for switch in sandbox.switches.all()}
        has_all = False

        async def receiving() -> Any:
            nonlocal has_all
            failure = sandbox.requests[-1].failure if has_all else None
            if failure in _LATE and slowness[failure] >= PATIENCE.total_seconds():
                # Nothing but the client's leaving can come any more.
                clock(asyncio.get_running_loop()).put_forward(PATIENCE)
            message = await receive()
            has_all = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        await sandbox.app(scope, receiving, send)

    return app


_LATE = {"slow", "hang-before", "hang-after"}
