"""Run a PostgreSQL server that ends when our parent does, killed or not, or when it closes our standard input.

Run by path with `python -I -S`, so only by the standard library: PARENT UID GID LOCK COMMAND…
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1
_PARENT_CHECK_SECONDS = 1
_FAST_SHUTDOWN_SECONDS = 30


def main() -> int:
    parent, uid, gid, lock, *command = sys.argv[1:]
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    server = _serve(command, lock=int(lock))
    threading.Thread(target=_stop_with, args=(int(parent), server), daemon=True).start()
    return server.wait()


def _serve(command: list[str], *, lock: int) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None)
    watchdog = os.getpid()

    def end_with_the_watchdog() -> None:
        if sys.platform == "linux":
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != watchdog:
            os._exit(1)

    # The death signal is bound to the thread that forks, and lost when the account changes: this is the main
    # thread, alone as yet, and the account has been changed.
    return subprocess.Popen(  # noqa: S603 - our parent's own command
        command,
        stdin=subprocess.DEVNULL,
        pass_fds=(lock,),
        preexec_fn=end_with_the_watchdog,  # noqa: PLW1509 - safe with one thread
    )


def _stop_with(parent: int, server: subprocess.Popen[bytes]) -> None:
    # A forked child of our parent may keep our standard input open, so the parent itself is looked at as well.
    while os.getppid() == parent:
        closed, _, _ = select.select([sys.stdin], [], [], _PARENT_CHECK_SECONDS)
        if closed:
            break
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_FAST_SHUTDOWN_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)


if __name__ == "__main__":
    sys.exit(main())
