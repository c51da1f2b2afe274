"""Run a PostgreSQL server that ends when our parent does, killed or not, or when it closes our standard input.

Once our parent has written there that the server is to be kept, one that ends by itself is started again: PostgreSQL
gives up where its disk is full, and recovers as soon as there is room.

Run by path with `python -I -S`, so only by the standard library: PARENT UID GID LOCK COMMAND…
"""

import ctypes
import os
import select
import signal
import subprocess
import sys

KEEP = b"k"

_PR_SET_PDEATHSIG = 1
_PARENT_CHECK_SECONDS = 1
_FAST_SHUTDOWN_SECONDS = 30
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1, 16


def main() -> int:
    parent, uid, gid, lock, *command = sys.argv[1:]
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    from_parent = ParentCommands(int(parent))
    server = _serve(command, lock=int(lock))
    pause = _FIRST_PAUSE_SECONDS
    while True:
        while server.poll() is None and not from_parent.to_stop:
            from_parent.listen(_PARENT_CHECK_SECONDS)
        if from_parent.to_stop or not from_parent.to_keep:
            return _ended(server)
        # A server that has just come back may go again at once.
        from_parent.listen(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        if not from_parent.to_stop:
            server = _serve(command, lock=int(lock))


class ParentCommands:
    """The commands that our parent has sent by now."""

    def __init__(self, parent: int) -> None:
        self.to_keep = False
        self.to_stop = False
        self._parent = parent
        # A child that ends is heard of at once.
        self._woken, wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def listen(self, seconds: float) -> None:
        """Wait for a word, or for a child that ends, and for no longer than this."""
        ready, _, _ = select.select([sys.stdin, self._woken], [], [], seconds)
        if self._woken in ready:
            os.read(self._woken, 1000)
        if sys.stdin in ready:
            word = os.read(sys.stdin.fileno(), 1)
            self.to_keep |= word == KEEP
            self.to_stop |= not word
        # A forked child of our parent may keep our standard input open, so the parent itself is looked at as well.
        self.to_stop |= os.getppid() != self._parent


def _serve(command: list[str], *, lock: int) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None)
    watchdog = os.getpid()

    def end_with_the_watchdog() -> None:
        if sys.platform == "linux":
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != watchdog:
            os._exit(1)

    # The death signal is bound to the thread that forks, and lost when the account changes: this is the only thread,
    # and the account has been changed.
    return subprocess.Popen(  # noqa: S603 - our parent's own command
        command,
        stdin=subprocess.DEVNULL,
        pass_fds=(lock,),
        preexec_fn=end_with_the_watchdog,  # noqa: PLW1509 - safe with one thread
    )


def _ended(server: subprocess.Popen[bytes]) -> int:
    """End it if it lives, and return its exit status."""
    server.send_signal(signal.SIGINT)
    try:
        return server.wait(_FAST_SHUTDOWN_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        return server.wait()


if __name__ == "__main__":
    sys.exit(main())
