"""Notifications to the service manager that started a process: that it is ready, and that it is alive.

The protocol is systemd's, which others speak too: datagrams to the socket that `NOTIFY_SOCKET` names (sd_notify(3)).
Without that variable nothing is sent.
"""

import asyncio
import os
import signal
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"

_ADDRESS = "NOTIFY_SOCKET"
_CREDENTIALS = struct.Struct("3i")
"""The process, user and group of who has sent something (unix(7))."""

Tell = Callable[[str], None]


def tell(state: str, address: str | None = None) -> None:
    """Tell how this process is; a service manager that isn't there any more is no matter."""
    address = os.environ.get(_ADDRESS, "") if address is None else address
    if not address:
        return
    # A name that begins with @ is one of no file.
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
        manager.connect(name)
        manager.send(state.encode())


@asynccontextmanager
async def said_to_be_alive() -> AsyncGenerator[None]:
    """Tell beside the block that this event loop turns, twice in the time that `WATCHDOG_USEC` gives it.

    A loop that hangs tells nothing, and its process is killed. `WATCHDOG_PID` isn't looked at: what works in a worker's
    unit is a child of the process that was started.
    """
    allowed = int(os.environ.get("WATCHDOG_USEC", "0")) / 1_000_000
    if not allowed:
        yield
        return
    telling = asyncio.create_task(_tell_again_and_again(allowed / 2))
    try:
        yield
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def _tell_again_and_again(pause: float) -> None:
    while True:
        tell(ALIVE)
        await asyncio.sleep(pause)


@contextmanager
def speaking_for(processes: int) -> Generator[Tell]:
    """Tell of so many child processes of the block as of one, and yield what tells the service manager more.

    To the children this process is the service manager. That they are ready or alive is passed on once all of them have
    said so: a single one that hangs ends the whole service's pulse, whatever the others say.
    """
    manager = os.environ.get(_ADDRESS, "")
    if not manager:
        yield tell
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as heard:
        heard.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        # To a name of no file that nobody else has.
        heard.bind("")
        os.environ[_ADDRESS] = f"@{heard.getsockname()[1:].decode()}"
        tell_manager = partial(tell, address=manager)
        passing_on = threading.Thread(target=_pass_on, args=(heard, Barrier(processes), tell_manager), daemon=True)
        with _signals_blocked():
            passing_on.start()
        try:
            yield tell_manager
        finally:
            os.environ[_ADDRESS] = manager
            heard.shutdown(socket.SHUT_RD)
            passing_on.join()


@contextmanager
def _signals_blocked() -> Generator[None]:
    """Have a thread that starts in this block leave to others what stops a process.

    While Dramatiq starts its processes, its main thread has these signals wait. Any other thread that takes one ends
    the process by it, and leaves the children without a parent.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Barrier:
    """Holds back what one of several processes says until each of them has said it, and begins anew."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._said = defaultdict[str, set[int]](set)

    def passes(self, state: str, process: int) -> bool:
        """Note what one of them says; whether each has said it by now, since it last passed."""
        said = self._said[state]
        said.add(process)
        if len(said) < self._processes:
            return False
        said.clear()
        return True


def _pass_on(heard: socket.socket, barrier: Barrier, tell_manager: Tell) -> None:
    while True:
        said, about, *_ = heard.recvmsg(1000, socket.CMSG_SPACE(_CREDENTIALS.size))
        # Whoever says nothing, too, comes with credentials: the kernel adds them. The end alone has none.
        if not about:
            return
        [(_, _, credentials)] = about
        process, user, _ = _CREDENTIALS.unpack(credentials)
        state = said.decode(errors="replace")
        # A name of no file is open to everybody on the machine.
        if user == os.getuid() and state in {READY, ALIVE} and barrier.passes(state, process):
            tell_manager(state)
