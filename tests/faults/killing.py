"""Web and worker processes that are killed at random, and started again."""

import asyncio
import random

from tests.support.deployment import Deployment
from tests.support.processes import Running

WEBS = 2
WORKERS = 3


class Processes:
    """Two web processes and three workers.

    Attributes:
        killed: how many have been killed so far.
    """

    def __init__(self, deployment: Deployment, lots: random.Random, *, threads: int) -> None:
        self.killed = 0
        self._deployment = deployment
        self._lots = lots
        self._threads = threads
        self._webs: dict[str, Running] = {}
        self._workers: list[Running] = []

    async def start(self) -> None:
        await asyncio.gather(*(self._start_web() for _ in range(WEBS)), *(self._start_worker() for _ in range(WORKERS)))

    def url(self) -> str:
        """A web process that was up just now, and may be dead by the time that it is asked."""
        return self._lots.choice(list(self._webs))

    async def are_killed(self) -> None:
        """Kill a web process and a worker here and there, and at the end all workers at once."""
        for _ in range(2):
            await asyncio.sleep(self._lots.uniform(0.2, 1.0))
            await self.lose_a_web()
            await asyncio.sleep(self._lots.uniform(0.2, 1.0))
            await self.lose_a_worker()
        await self.lose_all_workers()

    async def lose_a_web(self) -> None:
        url = self.url()
        await self._kill(self._webs.pop(url))
        await self._start_web()

    async def lose_a_worker(self) -> None:
        await self._kill(self._workers.pop(self._lots.randrange(len(self._workers))))
        await self._start_worker()

    async def lose_all_workers(self) -> None:
        dead, self._workers = self._workers, []
        for each in dead:
            await self._kill(each)
        await self._deployment.store.pool.execute(_LET_LEASES_END)
        await asyncio.gather(*(self._start_worker() for _ in dead))

    async def _kill(self, process: Running) -> None:
        await process.kill()
        self.killed += 1

    async def _start_web(self) -> None:
        url = await self._deployment.web()
        self._webs[url] = self._deployment.webs[url]

    async def _start_worker(self) -> None:
        self._workers.append(await self._deployment.workers(threads=self._threads))


# Nobody alive holds anything, so this is as if the leases of the dead had run out, in the order in which they were
# given: by that the backlog tells what dead workers had taken from what still waits in the broker.
_LET_LEASES_END = """
    update outbox set due_at = due_at - (select max(due_at) - now() from outbox where lease_id is not null)
    where lease_id is not null
"""
