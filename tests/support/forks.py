"""Starts TimeTuna's commands as forks of one process that has imported everything, in a tenth of the time.

A test that starts processes by the dozen would otherwise do little but import. Run as a module this is that process: it
reads one command a line and answers with the id of the fork, which is a process group of its own.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from entrypoints import cli
from tests.support.processes import PATIENCE, ROOT, Running


class Fork:
    """A process in a group of its own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._has_ended = False

    @property
    def returncode(self) -> int | None:
        """None while it lives; how it ended is not known."""
        # Its id is asked for no more once it has ended: another process may have it by then.
        if not self._has_ended:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self._has_ended = True
        return -signal.SIGKILL if self._has_ended else None

    def send_signal(self, signal: int, /) -> None:
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        while (status := self.returncode) is None:
            await asyncio.sleep(0.005)
        return status


class Forks:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def start(self, output: Path, *arguments: str, environ: Mapping[str, str]) -> Running:
        """Start a command as `start_timetuna` does."""
        # Whoever reads it at once may be faster than the fork.
        await asyncio.to_thread(output.touch)
        command = json.dumps([str(output), arguments, dict(environ)])
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn, asyncio.timeout(PATIENCE):
            self._process.stdin.write(command.encode() + b"\n")
            return Running(Fork(int(await self._process.stdout.readline())), output)


@asynccontextmanager
async def forking() -> AsyncGenerator[Forks]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.forks", stdin=pipe, stdout=pipe, cwd=ROOT
    )
    try:
        yield Forks(process)
    finally:
        process.kill()
        await process.wait()


def serve() -> None:
    # Nobody waits for forks, and none of them stays as a zombie.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        output, arguments, environ = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(Path(output), arguments, environ)
        print(pid, flush=True)


def _become(output: Path, arguments: list[str], environ: dict[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(environ)
    status = 1
    try:
        status = cli.main(arguments)
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve()
