"""Hand jobs to the broker as soon as they are due."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from threading import get_ident

from adapters.jobs.actors import message_of
from adapters.jobs.job_broker import JobBroker, apart
from application.ports.outbox import Backlog, Lease

LEASE = timedelta(seconds=45)
"""Longer than any job may run (35 s), short enough that a dead worker's job is taken up again within a minute."""

POLL = 1.0
GATHER = 0.03
"""After a sending, what is stored within so many seconds goes in one: each takes a thread, which costs a busy process
more than the jobs do.
"""

BATCH = 100


class Relay:
    """Sends jobs that this process has stored as leased, and leases those that fall due.

    It is woken after each commit, and by the clock for what falls due by itself or was left by another process.
    """

    def __init__(self, broker: JobBroker, lasts: timedelta = LEASE) -> None:
        self._broker = broker
        self._lasts = lasts
        self._leased: deque[Lease] = deque()
        self._has_to_look = True
        self._looks_at = 0.0
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0

    @property
    def lasts(self) -> timedelta:
        return self._lasts

    def look(self) -> None:
        self._has_to_look = True
        self._wake()

    def send(self, leases: Sequence[Lease], /) -> None:
        self._leased.extend(leases)
        self._wake()

    async def run(self, backlog: Backlog) -> None:
        """Relay until cancelled; an error of the store or the broker ends it, and whoever runs it starts it again."""
        self._loop, self._thread = asyncio.get_running_loop(), get_ident()
        self._has_to_look = True
        try:
            while True:
                await self._turn(backlog, self._loop)
        except asyncio.CancelledError:
            await self._send_all(self._stored())
            raise

    async def _turn(self, backlog: Backlog, loop: asyncio.AbstractEventLoop) -> None:
        self._woken.clear()
        leases: list[Lease] = []
        if self._has_to_look or loop.time() >= self._looks_at:
            self._has_to_look = False
            self._looks_at = loop.time() + POLL
            # Asked before, so that none is missing that others send meanwhile.
            leases = await backlog.lease(BATCH, self.lasts, await apart(self._broker.waiting))
            self._has_to_look |= len(leases) == BATCH
        await self._send_all([*leases, *self._stored()])
        if not self._has_to_look:
            # Not by `wait_for`, which up to Python 3.11 loses a cancellation that comes with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._looks_at):
                    await self._woken.wait()

    def _stored(self) -> list[Lease]:
        return [self._leased.popleft() for _ in range(len(self._leased))]

    async def _send_all(self, leases: list[Lease]) -> None:
        if leases:
            # A broker's client blocks on the network, and this loop may be serving requests.
            await apart(self._send, leases)
            await asyncio.sleep(GATHER)

    def _wake(self) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        # Another thread's call costs a system call, and most come from this one.
        if get_ident() == self._thread:
            self._woken.set()
        else:
            self._loop.call_soon_threadsafe(self._woken.set)

    def _send(self, leases: list[Lease]) -> None:
        self._broker.send([message_of(each) for each in leases])
