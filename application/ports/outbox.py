"""The outbox: jobs that survive every crash until somebody has run them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from application.jobs import Due, Job


class Lease(msgspec.Struct, frozen=True):
    """The right to run a job, until it ends.

    Attributes:
        attempts: the leases before this one.
        trace: the `traceparent` of what has enqueued it, where that is recorded.
    """

    job: Job
    id: int
    attempts: int
    trace: str | None = None


class Outbox(Protocol):
    """The outbox inside a unit of work."""

    def enqueue(self, *due: Due) -> None:
        """Add jobs when the unit commits; one that is there already becomes due at the earlier instant.

        A job that is running MUST run once more after it, never beside it.
        """
        ...

    async def start(self, lease: Lease, /) -> bool:
        """Start a leased job. MUST return true once per lease, however often its message is delivered.

        Lock the booking that the job is about first: whoever changes a booking enqueues after locking it, and two who
        lock in different orders wait for each other.
        """
        ...

    def complete(self, lease: Lease, /) -> None:
        """Delete the job. MUST change nothing if it has been leased to somebody else since."""
        ...

    def reschedule(self, lease: Lease, at: datetime, /, *, failed: bool) -> None:
        """Keep the job for later. MUST change nothing if it has been leased to somebody else since.

        Args:
            failed: it is owed since it first fell due, however often it fails, until it is complete or runs by plan.
        """
        ...

    def cancel(self, *jobs: Job) -> None:
        """Delete jobs that have become pointless, leased or not.

        One that was started runs to its end, and MUST NOT run beside itself if it is enqueued anew until then.
        """
        ...


class Dispatcher(Protocol):
    """Who sends due jobs to the workers, as the store sees it. May be called from any thread."""

    @property
    def lasts(self) -> timedelta:
        """How long a lease lasts."""
        ...

    def look(self) -> None:
        """Look for due jobs now."""
        ...

    def send(self, leases: Sequence[Lease], /) -> None:
        """Send jobs that were stored as leased. One that gets lost comes back when its lease ends."""
        ...


class Backlog(Protocol):
    """The outbox as the dispatcher sees it."""

    async def lease(self, limit: int, duration: timedelta, waiting: int = 0) -> list[Lease]:
        """Lease due jobs, oldest first; each belongs to one caller until its lease ends.

        One that can't be read MUST NOT keep the others from being leased.

        Args:
            waiting: messages that wait in the broker, taken by no worker. Leases that ended before anybody started
                their job MUST last for another `duration` instead, as far as there are messages for them: else a
                broker from which nobody takes would fill up with messages of the same jobs.
        """
        ...

    async def next_due_at(self) -> datetime | None:
        """When the earliest job falls due."""
        ...

    async def not_taken_since(self) -> datetime | None:
        """Since when the oldest due job waits that nobody has started; leases that led to nothing don't rejuvenate it.

        MUST be cheap however many jobs there are for later.
        """
        ...
