"""What a worker process holds open while it works."""

from contextlib import AbstractAsyncContextManager

import dramatiq
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError

from adapters.jobs.actors import Aside, Run


class WorkerBootFailed(MiddlewareError):
    """A worker that can't reach what it works with has to stop, or it burns messages."""


class WorkerResources(Middleware):
    """Opens the job runner and all it needs on the worker's event loop, and closes them after the last job.

    Has to be added after AsyncIO, whose loop it uses. `runner` has to raise WorkerBootFailed where it can't open it:
    Dramatiq swallows everything else that a middleware raises, and boots without it.
    """

    def __init__(self, runner: AbstractAsyncContextManager[Run], aside: Aside) -> None:
        self._context = runner
        self._aside = aside
        self._run: Run | None = None

    def run(self) -> Run:
        """The runner, once the worker has booted."""
        assert self._run is not None
        return self._run

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - the signature is Dramatiq's
        self._run = _loop().run_coroutine(self._context.__aenter__())

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - likewise
        _loop().run_coroutine(self._aside.finish())
        _loop().run_coroutine(self._context.__aexit__(None, None, None))


def _loop() -> EventLoopThread:
    loop = get_event_loop_thread()
    if loop is None:
        raise WorkerBootFailed("the AsyncIO middleware has to come first")
    return loop
