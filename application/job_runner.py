"""Run leased jobs: every transaction of a job begins and ends here."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from application.jobs import BookingJob, Job
from application.ports.clock import Clock
from application.ports.conflicts import Busy
from application.ports.outbox import Lease
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.retry import next_try_at


@dataclass(frozen=True)
class Done:
    """The job is complete; `afterwards` runs after the commit, and is lost with the process."""

    afterwards: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Again:
    """The job runs again at an instant.

    Attributes:
        failed: it couldn't be done, and is overdue since it first fell due; else this is its plan.
    """

    at: datetime
    failed: bool = False


Outcome = Done | Again

Record = Callable[[UnitOfWork], Awaitable["Step"]]
"""Stores what came of a call, in the unit of work that completes or reschedules the job.

MUST be good for more than one unit: where the store is busy, the next one starts from the beginning.
"""


@dataclass(frozen=True)
class Outside:
    """What the job does outside of any transaction, such as calling a provider; returns how to record the answer."""

    call: Callable[[], Awaitable[Record]]


Step = Outcome | Outside

STARTING_TRIES = 3
RECORDING_TRIES = 3
"""Each waits until the store gives up; together that is as long as a job may run."""

J_contra = TypeVar("J_contra", bound=Job, contravariant=True)


class Handler(Protocol[J_contra]):
    """Does one kind of job. It acts for nobody but the system: what it calls gets `System` for an actor."""

    async def __call__(self, uow: UnitOfWork, job: J_contra, attempts: int, /) -> Step:
        """Begin the job in the unit of work that starts it.

        MUST NOT use the network; what needs it is returned as `Outside`. A job about a booking finds it locked.

        Args:
            uow: commits after this returns, so that an attempt noted here is known before a call leaves.
            job: the ids.
            attempts: how often the job was leased before.
        """
        ...


@dataclass(frozen=True)
class JobRunner:
    """Starts a job, runs it, and completes or reschedules it together with what it has changed."""

    begin: Begin
    handlers: Mapping[type[Job], Handler[Any]]

    async def __call__(self, lease: Lease) -> None:
        """Run a leased job; one that was started before, or whose lease has ended, is left alone."""
        step = await self._start(lease)
        while isinstance(step, Outside):
            step = await self._record(lease, await step.call())
        if isinstance(step, Done) and step.afterwards is not None:
            await step.afterwards()

    async def _start(self, lease: Lease) -> Step | None:
        """Start a job; None where it was started before. One that the store was too busy for hasn't begun."""
        for left in reversed(range(STARTING_TRIES)):
            try:
                return await self._started(lease)
            except Busy:
                if not left:
                    raise
        raise AssertionError

    async def _started(self, lease: Lease) -> Step | None:
        async with self.begin() as uow:
            if isinstance(lease.job, BookingJob):
                await uow.bookings.lock(lease.job.booking_id)
            if not await uow.outbox.start(lease):
                return None
            step = await self.handlers[type(lease.job)](uow, lease.job, lease.attempts)
            _finish(uow, lease, step)
        return step

    async def _record(self, lease: Lease, record: Record) -> Step:
        """Store what came of a call. It can't be made once more, so this doesn't give up where the store is busy."""
        for left in reversed(range(RECORDING_TRIES)):
            try:
                async with self.begin() as uow:
                    step = await record(uow)
                    _finish(uow, lease, step)
            except Busy:
                if not left:
                    raise
            else:
                return step
        raise AssertionError


@dataclass(frozen=True)
class Backoff:
    """When a job that failed for now runs again; `jitter` gives numbers in [0, 1)."""

    clock: Clock
    jitter: Callable[[], float]

    def __call__(self, attempts: int, *, wish: datetime | None = None, at_least: timedelta | None = None) -> Again:
        """Wait longer after each attempt.

        Args:
            attempts: those before the one that failed.
            wish: the earliest instant that the other side named.
            at_least: how long the other side wants to be left alone.
        """
        now = self.clock()
        earliest = now + at_least if at_least is not None else wish
        return Again(next_try_at(attempts + 1, now, wish=earliest, jitter=self.jitter()), failed=True)


def apart(record: Record) -> Outside:
    """Do all of the job in the unit that completes it, whose last lock is the job's own row.

    For jobs that lock what others hold while they enqueue them: else each would wait for the other.
    """

    async def call() -> Record:
        return record

    return Outside(call)


def recorded(outcome: Outcome) -> Record:
    """Record nothing but the outcome."""

    async def record(_uow: UnitOfWork) -> Outcome:
        return outcome

    return record


def _finish(uow: UnitOfWork, lease: Lease, step: Step) -> None:
    match step:
        case Done():
            uow.outbox.complete(lease)
        case Again(at, failed):
            uow.outbox.reschedule(lease, at, failed=failed)
        case Outside():
            pass
