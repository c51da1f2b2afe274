"""Notices that nobody takes the work that is due."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from application.ports.outbox import Backlog

LONGEST_WAIT: Final = timedelta(minutes=1)
"""Longer than a lease lasts, after which the work of a worker that died is taken up again."""

LOOK_EVERY: Final = 15.0

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


async def overdue_since(backlog: Backlog, patience: timedelta = LONGEST_WAIT) -> datetime | None:
    """Since when due work has waited for somebody to start it; None where that is shorter than `patience`."""
    since = await backlog.not_taken_since()
    return since if since is not None and since < datetime.now(UTC) - patience else None


class WorkWatch:
    """Warns once when work waits for too long, and again only after some was taken."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self._warned = False

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        since = await overdue_since(self._backlog)
        if since is not None and not self._warned:
            log.warning("work_not_taken", since=since.isoformat(), hint="is “timetuna worker” running?")
        elif since is None and self._warned:
            log.info("work_taken_again")
        self._warned = since is not None
