"""The recurring tasks of every process that relays."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from adapters.postgres.housekeeping import sweep
from adapters.vault.system import utc_now
from application.actor import System
from application.connections.keep_connection import EVERY
from entrypoints.bootstrap import OpenedApp
from entrypoints.supervise import kept_running

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

HOUR = 3600.0


@asynccontextmanager
async def kept_up(opened: OpenedApp) -> AsyncGenerator[None]:
    """Throw away what has ended, erase old guests, and keep connections alive, beside the block.

    Each process does so by itself: all of it is safe to do twice, and none has to be done at once.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(kept_running("housekeeping", lambda: _sweep_hourly(opened)))
        await stack.enter_async_context(kept_running("keep_alive", lambda: _keep_connections(opened)))
        yield


async def _sweep_hourly(opened: OpenedApp) -> None:
    while True:
        await sweep(opened.pool, utc_now())
        if erased := await opened.app.erase_old_guests(System()):
            log.info("guests_erased", bookings=erased)
        await asyncio.sleep(HOUR)


async def _keep_connections(opened: OpenedApp) -> None:
    while True:
        await opened.app.schedule_refreshes(System())
        await asyncio.sleep(EVERY.total_seconds())
