"""The resources that a worker process holds open while it works."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import NoReturn

import dramatiq
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError

from adapters.jobs.actors import Aside, Run


class WorkerBootFailed(MiddlewareError):
    """A worker that can't reach what it works with has to stop, or it burns messages."""


class WorkerResources(Middleware):
    """Opens the job runner and all it needs on the worker's event loop, and closes them after the last job.

    Has to be added after AsyncIO, whose loop it uses.

    Args:
        runner: opened when the worker boots.
        aside: finished before the runner is closed.
        give_up: called where the runner can't be opened; has to raise WorkerBootFailed or SystemExit, for Dramatiq
            swallows everything else that a middleware raises, and boots without it.
    """

    def __init__(
        self, runner: AbstractAsyncContextManager[Run], aside: Aside, give_up: Callable[[Exception], NoReturn]
    ) -> None:
        self._context = runner
        self._aside = aside
        self._give_up = give_up
        self._run: Run | None = None

    def run(self) -> Run:
        """The runner, once the worker has booted."""
        assert self._run is not None
        return self._run

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - the signature is Dramatiq's
        loop = _loop()
        try:
            self._run = loop.run_coroutine(self._context.__aenter__())
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker can't boot
            # A process ends after its threads, and Dramatiq stops this one only in workers that have booted.
            loop.stop()
            self._give_up(error)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - likewise
        _loop().run_coroutine(self._aside.finish())
        _loop().run_coroutine(self._context.__aexit__(None, None, None))


def _loop() -> EventLoopThread:
    loop = get_event_loop_thread()
    if loop is None:
        raise WorkerBootFailed("the AsyncIO middleware has to come first")
    return loop
