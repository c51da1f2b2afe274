"""Hand jobs to the broker as soon as they are due."""
# Dramatiq leaves its message type open.
# pyright: reportUnknownMemberType=false

import asyncio
from contextlib import suppress
from datetime import timedelta

import dramatiq

from adapters.jobs.actors import message_of
from adapters.jobs.broker import send
from application.ports.outbox import Backlog, Lease

LEASE = timedelta(seconds=45)
"""Longer than any job may run (35 s), short enough that a dead worker's job is taken up again within a minute."""

POLL = 1.0
BATCH = 100


class Relay:
    """Leases due jobs and sends them; woken by a nudge after each commit, and by the clock in case a nudge is lost."""

    def __init__(self, broker: dramatiq.Broker) -> None:
        self._broker = broker
        self._due = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def nudge(self) -> None:
        """Look for due jobs now. May be called from any thread, and before `run`."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._due.set)

    async def run(self, backlog: Backlog) -> None:
        """Relay until cancelled; an error of the store or the broker ends it, and whoever runs it starts it again."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._due.clear()
            leases = await backlog.lease(BATCH, LEASE)
            if leases:
                # A broker's client blocks on the network, and this loop may be serving requests.
                await asyncio.to_thread(self._send, leases)
            if len(leases) < BATCH:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._due.wait(), POLL)

    def _send(self, leases: list[Lease]) -> None:
        send(self._broker, [message_of(each) for each in leases])
