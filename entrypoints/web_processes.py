"""Several web processes that are one service: they share an address, and what ends of itself is started anew."""

import multiprocessing
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Protocol

import structlog

from entrypoints.errors import CommandError
from entrypoints.stopping import stop_with_parent

LOOKS_EVERY = 0.2
"""Seconds between two looks after the processes."""

STARTS_AGAIN_AFTER = 5.0
"""Seconds from one start of a process to the next: one that ends at once mustn't keep the processors busy."""

START_FAILED = 3
"""The exit status of a process that has said why it couldn't start."""

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

_spawn = multiprocessing.get_context("spawn")


class ServerStartFailedError(CommandError):
    """The web process couldn't start; the message is for the operator."""

    def __init__(self) -> None:
        super().__init__("The web process couldn’t start; the log says why. “timetuna doctor” checks everything.")


class WebProcess(Protocol):
    """One of the processes."""

    started_at: float
    """On the monotonic clock."""

    @property
    def exitcode(self) -> int | None:
        """None while it lives; negative for the signal that has ended it."""
        ...

    def is_ready(self) -> bool:
        """Whether it answers requests by now."""
        ...

    def terminate(self) -> None:
        """Tell it to stop."""
        ...

    def join(self) -> None:
        """Wait until it has ended."""
        ...


class SpawnedProcess:
    """A process of its own, which holds nothing of this one but what it's given."""

    def __init__(self, serve: Callable[[Callable[[], object]], None]) -> None:
        """Start it.

        Args:
            serve: is called there, with what it calls once requests are answered; may raise ServerStartFailedError.
        """
        self._readiness, tells = _spawn.Pipe(duplex=False)
        self._process = _spawn.Process(target=_run, args=(serve, tells))
        self._process.start()
        tells.close()
        self.started_at = time.monotonic()
        self._is_ready = False

    @property
    def exitcode(self) -> int | None:
        return self._process.exitcode

    def is_ready(self) -> bool:
        if not self._is_ready and self._readiness.poll():
            # It may have ended instead.
            with suppress(EOFError):
                self._is_ready = self._readiness.recv()
        return self._is_ready

    def terminate(self) -> None:
        self._process.terminate()

    def join(self) -> None:
        self._process.join()


def _run(serve: Callable[[Callable[[], object]], None], tells: Connection) -> None:
    # A terminal's Ctrl-C is for all of them, and whoever hasn't begun to serve is told by its parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_with_parent()
    try:
        serve(lambda: tells.send(True))
    except ServerStartFailedError:
        raise SystemExit(START_FAILED) from None


class WebProcesses:
    """So many processes, each in its place."""

    def __init__(self, start: Callable[[], WebProcess], count: int, ready: Callable[[], object]) -> None:
        """Start them.

        Args:
            start: starts one.
            count: of processes.
            ready: called once all of them have become ready.
        """
        self._start = start
        self._ready = ready
        self._are_ready = False
        self._processes = [start() for _ in range(count)]

    def look_after(self) -> None:
        """Start anew whatever has ended.

        One that can't start ends all, until they have been ready together: its settings are those of the others. Later
        it's tried again, as a database that is away comes back, and the others serve meanwhile.

        Raises:
            ServerStartFailedError: they have never got so far.
        """
        for place, process in enumerate(self._processes):
            if process.exitcode is None:
                continue
            if process.exitcode == START_FAILED and not self._are_ready:
                raise ServerStartFailedError
            if time.monotonic() - process.started_at >= STARTS_AGAIN_AFTER:
                log.warning("web_process_started_anew", ended_with=process.exitcode)
                self._processes[place] = self._start()
        if not self._are_ready and all(each.is_ready() for each in self._processes):
            self._are_ready = True
            self._ready()

    def stop(self) -> None:
        """Tell all of them to stop."""
        for each in self._processes:
            each.terminate()

    def join(self) -> None:
        """Wait until all of them have ended."""
        for each in self._processes:
            each.join()
