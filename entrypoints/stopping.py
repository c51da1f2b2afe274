"""The orderly end of a process: announced first, and in time, whatever still hangs."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog

from entrypoints.service_manager import STOPPING, tell

ENDS_WITHIN = 13.0
"""Seconds from SIGTERM on; operators rely on 15, and the process that started this one is still to end."""

ACCEPTS_FOR = 2.0
"""Seconds in which a web process that is to stop still takes new connections."""

_LOOKS_FOR_PARENT_EVERY = 1.0

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


class Leaving:
    """That a web process was told to stop: it says so, and goes on accepting until load balancers have noticed."""

    def __init__(self, ends_within: float = ENDS_WITHIN) -> None:
        self.has_begun = False
        self._ends_within = ends_within

    def begin(self, stop: Callable[[], object]) -> None:
        """Call `stop` after a while. Has to be called on the event loop; a second signal changes nothing."""
        if not self.has_begun:
            self.has_begun = True
            tell(STOPPING)
            _end_after(self._ends_within)
            asyncio.get_running_loop().call_later(ACCEPTS_FOR, stop)


def stop_once(within: float = ENDS_WITHIN) -> None:
    """Let this process's handler of SIGTERM hear the first one alone, and end by force where that takes too long.

    A service manager tells every process of a service, and a parent passes its own signal on. Dramatiq takes a second
    one for "now": its main thread would leave, with jobs under way and an event loop that goes on forever.
    """
    stop = signal.getsignal(signal.SIGTERM)
    assert callable(stop)
    is_stopping = False

    def stop_at_the_first(number: int, frame: FrameType | None) -> None:
        nonlocal is_stopping
        if not is_stopping:
            is_stopping = True
            _end_after(within)
            stop(number, frame)

    signal.signal(signal.SIGTERM, stop_at_the_first)


def stop_with_parent() -> None:
    """Have this process told to stop once the one that started it is gone: that one, killed, has told nobody."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    # A server that forks for the parent, and ends with it, may be in between.
    forked_by = os.getppid()

    def look_for_parent() -> None:
        # What multiprocessing waits on stays open for as long as a sibling lives that was forked later.
        while os.getppid() == forked_by and parent.is_alive():
            parent.join(_LOOKS_FOR_PARENT_EVERY)
        log.warning("parent_is_gone")
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look_for_parent, name="parent", daemon=True).start()


def _end_after(seconds: float) -> None:
    timer = threading.Timer(seconds, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    log.warning("ended_by_force", hint="work under way is taken up again when its lease ends")
    os._exit(0)
