"""The worker: runs jobs, in processes of its own or inside the web process."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NoReturn

import dramatiq
import structlog

from adapters.jobs.actors import Aside, Run, declare_actors
from adapters.jobs.relay import Relay
from adapters.jobs.worker import WorkerBootFailed, WorkerResources
from application.ports.outbox import Dispatcher
from entrypoints.bootstrap import open_app
from entrypoints.broker import broker_at
from entrypoints.collector import YOUNG_OF_JOBS, settle
from entrypoints.concurrency import STOP_WITHIN_MS, THREADS
from entrypoints.errors import reason_of
from entrypoints.logs import set_up_logs
from entrypoints.security_watch import SecurityWatch
from entrypoints.service_manager import READY, said_to_be_alive, tell
from entrypoints.settings import Settings, SettingsError, read_settings
from entrypoints.stopping import stop_once, stop_with_parent
from entrypoints.supervise import kept_running
from entrypoints.traces import traces_sent
from entrypoints.upkeep import kept_up

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


def prepare() -> None:
    """Make this process's broker with all actors."""
    settings = read_settings(os.environ)
    set_up_logs(settings)
    stop_once()
    stop_with_parent()
    try:
        broker = broker_at(settings.broker_url)
    except SettingsError as error:
        _end(error)
    relay = Relay(broker)

    @asynccontextmanager
    async def runner() -> AsyncGenerator[Run]:
        async with (
            traces_sent(settings.otlp_url),
            open_app(settings, relay, connections=2 * THREADS) as opened,
            kept_running("relay", lambda: relay.run(opened.backlog)),
            kept_up(opened),
            said_to_be_alive(),
        ):
            settle(YOUNG_OF_JOBS)
            log.info("worker_ready")
            tell(READY)
            yield opened.app.run_job

    serve_jobs(broker, runner(), _end)
    dramatiq.set_broker(broker)


def serve_jobs(
    broker: dramatiq.Broker, runner: AbstractAsyncContextManager[Run], give_up: Callable[[Exception], NoReturn]
) -> None:
    """Let this process's workers run jobs; the runner is opened when the worker boots, or `give_up` called."""
    aside = Aside()
    resources = WorkerResources(runner, aside, give_up)
    broker.add_middleware(resources)
    declare_actors(broker, resources.run, aside)


def _end(error: Exception) -> NoReturn:
    """End this process, as a web process ends; whatever started it starts another."""
    log.critical("start_failed", reason=reason_of(error), kind=type(error).__name__)
    raise SystemExit(1)


def _fail(error: Exception) -> NoReturn:
    raise WorkerBootFailed(reason_of(error)) from error


@asynccontextmanager
async def worker_inside(
    settings: Settings,
    broker: dramatiq.Broker,
    dispatcher: Dispatcher,
    watch: SecurityWatch,
    *,
    threads: int = THREADS,
) -> AsyncGenerator[None]:
    """Work beside the block, in threads of this process; the relay and the watch are the caller's."""

    @asynccontextmanager
    async def runner() -> AsyncGenerator[Run]:
        async with open_app(settings, dispatcher, watch=watch, connections=threads) as opened:
            yield opened.app.run_job

    serve_jobs(broker, runner(), _fail)
    worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=100)
    await asyncio.to_thread(worker.start)
    try:
        yield
    finally:
        await asyncio.to_thread(worker.stop, STOP_WITHIN_MS)
        broker.close()
