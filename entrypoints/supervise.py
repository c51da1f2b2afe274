"""Keep a background task of a process alive."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

PAUSE = 1.0


@asynccontextmanager
async def kept_running(name: str, task: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
    """Run `task` beside the block; one that fails is logged and started again after a second."""
    running = asyncio.create_task(_again_and_again(name, task))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _again_and_again(name: str, task: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await task()
        except Exception:
            log.exception("background_task_failed", task=name, next_try_in_seconds=PAUSE)
        await asyncio.sleep(PAUSE)
