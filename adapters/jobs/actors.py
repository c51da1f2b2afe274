"""The actors: one for each kind of job, carrying ids only."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import get_args

import dramatiq
import msgspec
import structlog

from adapters.jobs.job_broker import AHEAD, QUEUE
from adapters.tracing.trace import begin_trace
from application.jobs import DeliverWebhooksJob, Job, tag_of
from application.ports.outbox import Lease

LONGEST_JOB_SECONDS = 35

WAITS_FOR_OTHERS = DeliverWebhooksJob
"""A job that mostly waits for servers that anybody may have named: however many of those hang, no other job waits."""

MOST_WAITING = 200
"""Of those at once in one process."""

MOST_WAITING_EACH = 20
"""Of those at once for one host, who may have a hundred of them due."""

MOST_QUEUED = 2000
"""Of those that have no room yet; more wait for their lease to end."""

ENDS_WITHIN = 10.0
"""Seconds that those have to end in when the process does; what they leave is done by others once its lease ends."""

Run = Callable[[Lease], Awaitable[None]]
Perform = Callable[[str, int, int, str | None], Coroutine[None, None, None]]
Begin = Callable[[], Coroutine[None, None, None]]

_log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

_read_job = msgspec.json.Decoder[Job](Job)
_read_waiting_job = msgspec.json.Decoder(WAITS_FOR_OTHERS)


class Aside:
    """Runs jobs beside the worker's threads, on its event loop; the broker need not know when they end.

    Whoever has the fewest running goes next, so that a host whose servers hang delays another by no more than it takes
    until any of all those requests is over.
    """

    def __init__(self, most: int = MOST_WAITING, most_each: int = MOST_WAITING_EACH) -> None:
        self._most = most
        self._most_each = most_each
        self._queued: dict[str, dict[str, Begin]] = {}
        self._running: dict[asyncio.Task[None], str] = {}

    def start(self, owner: str, name: str, begin: Begin) -> None:
        """Begin a job as soon as there is room.

        One of the same name that has none yet is forgotten, for its lease has ended; so is this one where too many
        have none, and the outbox brings it again.
        """
        queue = self._queued.get(owner, {})
        if name in queue or sum(map(len, self._queued.values())) < MOST_QUEUED:
            self._queued[owner] = queue | {name: begin}
        self._fill()

    async def finish(self, within: float = ENDS_WITHIN) -> None:
        """Begin no more, wait for what runs, and cancel what takes too long."""
        self._most = 0
        if self._running:
            await asyncio.wait(self._running, timeout=within)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _fill(self) -> None:
        while len(self._running) < self._most and (owner := self._next_owner()) is not None:
            queue = self._queued[owner]
            begin = queue.pop(next(iter(queue)))
            if not queue:
                del self._queued[owner]
            task = asyncio.get_running_loop().create_task(begin())
            self._running[task] = owner
            task.add_done_callback(self._ended)

    def _next_owner(self) -> str | None:
        running = Counter(self._running.values())
        waiting = (each for each in self._queued if running[each] < self._most_each)
        return min(waiting, key=running.__getitem__, default=None)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            # As Dramatiq does with the others; its lease brings the job back.
            _log.error("job_failed", exc_info=error)
        self._fill()


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
        waits = kind is WAITS_FOR_OTHERS
        actor = _start(perform, aside) if waits else perform
        # The lowest goes first, among those that a worker has taken from the broker.
        dramatiq.actor(actor_name=tag_of(kind), queue_name=QUEUE, broker=broker, priority=-1 if waits else 0)(actor)


def _start(perform: Perform, aside: Aside) -> Perform:
    async def start(job: str, lease_id: int, attempts: int, trace: str | None = None) -> None:
        waits = _read_waiting_job.decode(job)
        aside.start(waits.host_id, waits.key, partial(perform, job, lease_id, attempts, trace))

    return start


def message_of(lease: Lease) -> dramatiq.Message[None]:
    """What the broker carries of a lease."""
    job = msgspec.json.encode(lease.job).decode()
    traced = () if lease.trace is None else (lease.trace,)
    # `Message[None](…)` would note its argument in each, which is frozen: that takes longer than all the rest.
    options = {AHEAD: True} if isinstance(lease.job, WAITS_FOR_OTHERS) else {}
    return dramatiq.Message(QUEUE, tag_of(lease.job), (job, lease.id, lease.attempts, *traced), {}, options)


def _perform(run: Callable[[], Run], longest: float) -> Perform:
    async def perform(job: str, lease_id: int, attempts: int, trace: str | None = None) -> None:
        lease = Lease(_read_job.decode(job), lease_id, attempts, trace)
        # Neither its key nor what it names is told: those are people's.
        with begin_trace(f"job {tag_of(lease.job)}", "consumer", trace) as span:
            span.note("timetuna.attempt", attempts + 1)
            # Dramatiq's own limit is enforced by its command line only, and no job may outlive its lease.
            async with asyncio.timeout(longest):
                await run()(lease)

    return perform
