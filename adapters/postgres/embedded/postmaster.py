"""Reads postmaster.pid.

The lines of that file: process id, data folder, start time, port, socket folder, address, shared memory, status.
"""

import os
import subprocess
from pathlib import Path

_STATUS_LINE = 7
_PROCESSES = Path("/proc")


def is_ready(data: Path) -> bool:
    lines = _lines(data)
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def running_server(data: Path) -> int | None:
    """The process id of the server that runs on `data`; None if none does, whatever a dead one left behind."""
    lines = _lines(data)
    # A crash of the machine may leave the file empty, or full of zeros.
    if not lines or not lines[0].strip().isdecimal():
        return None
    process_id = int(lines[0])
    # Its name is looked at because a restarted machine or container gives a dead server's number to somebody else.
    return process_id if _name_of(process_id) == "postgres" else None


def forget(data: Path) -> None:
    """Remove what a dead server left behind. Only for who knows that it is dead."""
    (data / "postmaster.pid").unlink(missing_ok=True)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _name_of(process_id: int) -> str | None:
    if (_PROCESSES / "self").exists():
        try:
            return (_PROCESSES / str(process_id) / "comm").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, ProcessLookupError):
            return None
    answer = subprocess.run(  # noqa: S603 - only a number goes in
        ["/bin/ps", "-o", "comm=", "-p", str(process_id)], capture_output=True, text=True, check=False
    )
    return Path(answer.stdout.strip()).name
