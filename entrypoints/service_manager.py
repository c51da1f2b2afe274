"""What a process tells the service manager that started it: that it is ready, and that it is alive.

The protocol is systemd's, which others speak too: datagrams to the socket that `NOTIFY_SOCKET` names (sd_notify(3)).
Without that variable nothing is told.
"""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from entrypoints.supervise import kept_running

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def tell(state: str) -> None:
    """Tell how this process is; a service manager that isn't there any more is no matter."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # A name that begins with @ is one of no file.
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
        try:
            told.connect(name)
            told.send(state.encode())
        except OSError:
            return


@asynccontextmanager
async def said_to_be_alive() -> AsyncGenerator[None]:
    """Tell beside the block that this event loop turns, twice in the time that `WATCHDOG_USEC` gives it.

    A loop that hangs tells nothing, and its process is killed. `WATCHDOG_PID` isn't looked at: what works in a worker's
    unit is a child of the process that was started.
    """
    allowed = int(os.environ.get("WATCHDOG_USEC", "0")) / 1_000_000
    async with AsyncExitStack() as stack:
        if allowed:
            await stack.enter_async_context(kept_running("watchdog", lambda: _tell_again_and_again(allowed / 2)))
        yield


async def _tell_again_and_again(pause: float) -> None:
    while True:
        tell(ALIVE)
        await asyncio.sleep(pause)
