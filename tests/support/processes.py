"""How a test runs TimeTuna's own processes, and others, on this machine."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import httpx
import redis.asyncio

from tests.support.machine import redis_server

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds: on two busy cores a deployment has taken half of them to start."""

_ESTABLISHED = "01"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Process(Protocol):
    """What asyncio's processes and others have in common."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, signal: int, /) -> None: ...

    async def wait(self) -> int: ...


class Running:
    """A process in a group of its own, its output in a file."""

    def __init__(self, process: Process, output: Path) -> None:
        self.process = process
        self.output = output

    def says(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.ends()

    async def ends(self) -> int:
        """Wait until it has ended, and return its exit status."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def kill(self) -> None:
        """Kill it and all its children, as the kernel would when memory runs out."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


async def start(output: Path, *command: str, environ: Mapping[str, str] | None = None, folder: Path = ROOT) -> Running:
    with output.open("ab") as written:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            cwd=folder,
            env=dict(environ) if environ is not None else None,
            start_new_session=True,
        )
    return Running(process, output)


async def start_timetuna(output: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Running:
    return await start(output, sys.executable, "-m", "entrypoints.cli", *arguments, environ=environ)


async def answers(url: str, running: Running) -> None:
    """Wait until the address answers 200; fail at once if its process has ended."""
    async with httpx.AsyncClient(verify=False) as client, asyncio.timeout(PATIENCE):
        while True:
            assert running.process.returncode is None, running.says()
            try:
                if (await client.get(url)).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether a process is there and hasn't ended; not all machines take those away that have."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return not stat.rpartition(")")[2].startswith(" Z")


def is_connected(pid: int, port: int) -> bool:
    """Whether a process has a connection to this port of this machine."""
    sockets = set(map(os.readlink, _open_files(pid)))
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, state, *others = line.split()
        if state == _ESTABLISHED and int(remote.split(":")[1], 16) == port and f"socket:[{others[5]}]" in sockets:
            return True
    return False


def _open_files(pid: int) -> Iterator[Path]:
    for file in Path(f"/proc/{pid}/fd").iterdir():
        # Some are closed meanwhile.
        if file.is_symlink():
            yield file


@asynccontextmanager
async def redis_running(folder: Path) -> AsyncGenerator[str]:
    """A real Redis of this test's own; yields its URL."""
    binary, port = redis_server(), free_port()
    assert binary is not None
    command = (binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder))
    running = await start(folder / "redis.log", *command)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        client = redis.asyncio.Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType] - half typed
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await client.ping()  # pyright: ignore[reportUnknownMemberType] - half typed
                    break
                except redis.ConnectionError:
                    await asyncio.sleep(0.02)
        await client.aclose()
        yield url
    finally:
        await running.kill()
