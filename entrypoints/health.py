"""Health checks of a process: the database, its schema, and the broker."""

import asyncio
from collections.abc import Awaitable, Callable

import dramatiq

from adapters.jobs.job_broker import JobBroker, apart
from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.migrate import MigrationError, NewerDatabaseError, pending
from adapters.postgres.pool import AWAY, Pool
from entrypoints.stopping import Leaving
from entrypoints.work_watch import overdue_since

OK = "ok"
PATIENCE = 2.0


def readiness(pool: Pool, broker: JobBroker, leaving: Leaving) -> Callable[[], Awaitable[dict[str, str]]]:
    """Make the check behind `/readyz`: each part's name, with `ok` or what is wrong."""

    async def is_ready() -> dict[str, str]:
        if leaving.has_begun:
            return {"process": "is stopping"}
        database, queue, worker = await asyncio.gather(check_database(pool), check_broker(broker), check_worker(pool))
        return {**database, "broker": queue, "worker": worker}

    return is_ready


async def check_database(pool: Pool) -> dict[str, str]:
    """Say whether the database answers and has the schema that this version needs."""
    try:
        async with asyncio.timeout(PATIENCE):
            missing = await pending(pool)
    except NewerDatabaseError:
        # A release's migrations leave the one before it at work, until its processes are replaced one by one.
        missing = []
    except MigrationError as error:
        return {"database": OK, "schema": str(error)}
    except AWAY:
        return {"database": "doesn’t answer", "schema": "unknown"}
    return {"database": OK, "schema": OK if not missing else f"run “timetuna migrate”: {', '.join(missing)} missing"}


async def check_worker(pool: Pool) -> str:
    """Say whether somebody takes the work that is due."""
    try:
        async with asyncio.timeout(PATIENCE):
            since = await overdue_since(PostgresBacklog(pool))
    except AWAY:
        return "unknown"
    return OK if since is None else f"work has been waiting since {since:%Y-%m-%d %H:%M} UTC"


async def check_broker(broker: JobBroker) -> str:
    """Say whether the broker answers."""
    try:
        async with asyncio.timeout(PATIENCE):
            await apart(broker.reach)
    except (OSError, TimeoutError, dramatiq.errors.BrokerConnectionError):
        return "doesn’t answer"
    return OK
