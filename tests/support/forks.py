"""Starts TimeTuna's commands as forks of one process that has imported everything, in a tenth of the time.

A test that starts processes by the dozen would otherwise do little but import. Run as a module this is that process: it
reads one command a line and answers with the id of the fork, which is a process group of its own.
"""

import asyncio
import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock

import entrypoints
from entrypoints import cli
from tests.support.processes import ROOT, Running


class Fork:
    """A process in a group of its own."""

    def __init__(self, pid: int, status: Path) -> None:
        self.pid = pid
        self._status = status
        self._has_ended = False

    @property
    def returncode(self) -> int | None:
        """None while it lives; who leaves no status has been killed."""
        # Its id is asked for no more once it has ended: another process may have it by then.
        if not self._has_ended:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self._has_ended = True
        if not self._has_ended:
            return None
        return int(self._status.read_text(encoding="ascii")) if self._status.exists() else -signal.SIGKILL

    def send_signal(self, signal: int, /) -> None:
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        while (status := self.returncode) is None:
            await asyncio.sleep(0.005)
        return status


class Forks:
    """Any number of threads and event loops may start forks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._turn = Lock()

    async def start(self, output: Path, *arguments: str, environ: Mapping[str, str]) -> Running:
        """Start a command as `start_timetuna` does."""
        return await asyncio.to_thread(self._start, output, arguments, dict(environ))

    def _start(self, output: Path, arguments: tuple[str, ...], environ: dict[str, str]) -> Running:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        status = output.with_name(f"{output.name}.status")
        status.unlink(missing_ok=True)
        # Whoever reads it at once may be faster than the fork.
        output.touch()
        with self._turn:
            command = json.dumps([str(output), str(status), arguments, environ])
            print(command, file=self._process.stdin, flush=True)
            return Running(Fork(int(self._process.stdout.readline()), status), output)


@contextmanager
def forking() -> Generator[Forks]:
    command, pipe = [sys.executable, "-m", "tests.support.forks"], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, text=True) as process:
        try:
            yield Forks(process)
        finally:
            process.kill()


def serve() -> None:
    # Nobody waits for forks, and none of them stays as a zombie.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for each in pkgutil.iter_modules(entrypoints.__path__):
        import_module(f"entrypoints.{each.name}")
    for line in sys.stdin:
        output, status, arguments, environ = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(Path(output), Path(status), arguments, environ)
        print(pid, flush=True)


def _become(output: Path, status: Path, arguments: list[str], environ: dict[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(environ)
    ended = 1
    try:
        ended = cli.main(arguments)
    finally:
        status.write_text(str(ended), encoding="ascii")
        os._exit(ended)


if __name__ == "__main__":
    serve()
