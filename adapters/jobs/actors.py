"""The actors: one for each kind of job, carrying ids only."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import get_args

import dramatiq
import msgspec

from adapters.jobs.broker import QUEUE
from application.jobs import Job, tag_of
from application.ports.outbox import Lease

LONGEST_JOB_SECONDS = 35

Run = Callable[[Lease], Awaitable[None]]

_read_job = msgspec.json.Decoder[Job](Job)


def declare_actors(broker: dramatiq.Broker, run: Callable[[], Run], *, longest: float = LONGEST_JOB_SECONDS) -> None:
    """Declare an actor for each kind of job.

    Args:
        broker: where they are declared.
        run: asked when a message arrives, once the worker has booted.
        longest: after so many seconds a job is cancelled; it comes back when its lease ends.
    """
    for kind in get_args(Job):
        dramatiq.actor(actor_name=tag_of(kind), queue_name=QUEUE, broker=broker)(_perform(run, longest))


def message_of(lease: Lease) -> dramatiq.Message[None]:
    """What the broker carries of a lease."""
    job = msgspec.json.encode(lease.job).decode()
    return dramatiq.Message[None](QUEUE, tag_of(lease.job), (job, lease.id, lease.attempts), {}, {})


def _perform(run: Callable[[], Run], longest: float) -> Callable[[str, int, int], Coroutine[None, None, None]]:
    async def perform(job: str, lease_id: int, attempts: int) -> None:
        # Dramatiq's own limit is enforced by its command line only, and no job may outlive its lease.
        async with asyncio.timeout(longest):
            await run()(Lease(_read_job.decode(job), lease_id, attempts))

    return perform
