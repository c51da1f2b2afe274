"""The actors: one for each job, carrying ids only."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import get_args

import dramatiq

from adapters.jobs.broker import QUEUE
from application.ports.owed import Claim, JobName

LONGEST_JOB_SECONDS = 35

Jobs = Mapping[JobName, Callable[[Claim], Awaitable[None]]]


def declare_actors(broker: dramatiq.Broker, jobs: Callable[[], Jobs], *, longest: float = LONGEST_JOB_SECONDS) -> None:
    """Declare an actor for each job.

    Args:
        broker: where they are declared.
        jobs: asked when a message arrives, once the worker has booted.
        longest: after so many seconds a job is cancelled; what it owed comes back with its lease.
    """
    job: JobName
    for job in get_args(JobName):
        dramatiq.actor(actor_name=job, queue_name=QUEUE, broker=broker)(_perform(job, jobs, longest))


def _perform(
    job: JobName, jobs: Callable[[], Jobs], longest: float
) -> Callable[[str, int, int], Coroutine[None, None, None]]:
    async def perform(subject: str, claim_id: int, attempts: int) -> None:
        # Dramatiq's own limit is enforced by its command line only, and no job may outlive its lease.
        async with asyncio.timeout(longest):
            await jobs()[job](Claim(job, subject, claim_id, attempts))

    return perform
