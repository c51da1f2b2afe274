"""Locks a folder for one server.

Whoever holds the lock on its file `lock`. The server and all its children inherit the lock, so that it is free
only once the last of them has ended, and the kernel frees it however they end.
"""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from adapters.postgres.embedded.errors import FolderInUseError
from adapters.postgres.embedded.postmaster import is_alive

# How long the server of an ended process may take to notice and to shut down.
_PATIENCE_SECONDS = 40
_PAUSE_SECONDS = 0.02


@contextmanager
def locked(folder: Path) -> Generator[int]:
    """Hold the lock on `folder`; yields the descriptor that hands it on to child processes.

    Raises:
        FolderInUseError: a running process holds it.
    """
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, folder)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def wait_until_free(folder: Path) -> None:
    """Wait until the last process of our server on this folder has ended."""
    try:
        lock = os.open(folder / "lock", os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _taken(lock) and _holder(lock) == os.getpid() and time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)
    finally:
        os.close(lock)


def _take(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _taken(lock):
        holder = _holder(lock)
        if (holder is not None and is_alive(holder)) or time.monotonic() > deadline:
            raise FolderInUseError(f"The database in {folder} is already in use by process {holder}.")
        time.sleep(_PAUSE_SECONDS)


def _holder(lock: int) -> int | None:
    written = os.pread(lock, 20, 0)
    return int(written) if written else None


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
