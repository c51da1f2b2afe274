"""The actors: one for each kind of job, carrying ids only."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import get_args

import dramatiq
import msgspec
import structlog

from adapters.jobs.broker import QUEUE
from application.jobs import DeliverWebhooksJob, Job, tag_of
from application.ports.outbox import Lease

LONGEST_JOB_SECONDS = 35

WAITS_FOR_OTHERS = (DeliverWebhooksJob,)
"""Jobs that mostly wait for servers that anybody may have named: however many of those hang, no other job waits."""

MOST_WAITING = 200
"""Of those at once in one process; more wait for their lease to end."""

ENDS_WITHIN = 10.0
"""Seconds that those have to end in when the process does; what they leave is done by others once its lease ends."""

Run = Callable[[Lease], Awaitable[None]]
Perform = Callable[[str, int, int], Coroutine[None, None, None]]

_log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

_read_job = msgspec.json.Decoder[Job](Job)


class Aside:
    """Runs jobs beside the worker's threads, on its event loop; the broker need not know when they end."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._running: set[asyncio.Task[None]] = set()

    def start(self, job: Coroutine[None, None, None]) -> None:
        """Start a job, unless there are too many: the outbox brings it again."""
        if len(self._running) >= self._most:
            job.close()
            return
        task = asyncio.get_running_loop().create_task(job)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def finish(self, within: float = ENDS_WITHIN) -> None:
        """Wait for what runs, and cancel what takes too long."""
        if self._running:
            await asyncio.wait(self._running, timeout=within)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # As Dramatiq does with the others; its lease brings the job back.
            _log.error("job_failed", exc_info=error)


def declare_actors(
    broker: dramatiq.Broker, run: Callable[[], Run], aside: Aside, *, longest: float = LONGEST_JOB_SECONDS
) -> None:
    """Declare an actor for each kind of job.

    Args:
        broker: where they are declared.
        run: asked when a message arrives, once the worker has booted.
        aside: runs the jobs that would keep others waiting.
        longest: after so many seconds a job is cancelled; it comes back when its lease ends.
    """
    for kind in get_args(Job):
        perform = _perform(run, longest)
        waits = kind in WAITS_FOR_OTHERS
        actor = _start(perform, aside) if waits else perform
        dramatiq.actor(actor_name=tag_of(kind), queue_name=QUEUE, broker=broker)(actor)


def _start(perform: Perform, aside: Aside) -> Perform:
    async def start(job: str, lease_id: int, attempts: int) -> None:
        aside.start(perform(job, lease_id, attempts))

    return start


def message_of(lease: Lease) -> dramatiq.Message[None]:
    """What the broker carries of a lease."""
    job = msgspec.json.encode(lease.job).decode()
    return dramatiq.Message[None](QUEUE, tag_of(lease.job), (job, lease.id, lease.attempts), {}, {})


def _perform(run: Callable[[], Run], longest: float) -> Perform:
    async def perform(job: str, lease_id: int, attempts: int) -> None:
        # Dramatiq's own limit is enforced by its command line only, and no job may outlive its lease.
        async with asyncio.timeout(longest):
            await run()(Lease(_read_job.decode(job), lease_id, attempts))

    return perform
