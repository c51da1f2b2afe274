"""Brokers of a drill's own, which can die and come back."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import redis

from adapters.jobs.broker import make_broker
from tests.support.machine import redis_server
from tests.support.processes import PATIENCE, Running, free_port, start

_SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
"""Behind the command that everybody calls, which runs as an account of its own and in a folder of its own."""


_STARTS_WITHIN = 180.0
"""Seconds: it takes three where nothing else runs, and a minute on a busy machine."""

_HELLO = b"AMQP\x00\x00\x09\x01"


class Broker(Protocol):
    """A server of messages."""

    url: str

    async def start(self) -> None:
        """Return once it takes connections."""

    async def flush(self) -> None:
        """Drop all messages."""

    async def kill(self) -> None: ...


class Redis:
    """What it holds dies with it."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._folder = folder
        self._running: Running | None = None

    async def start(self) -> None:
        binary = redis_server()
        assert binary is not None
        options = ("--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder))
        self._running = await start(self._folder / "redis.log", binary, *options)
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(self._answers):
                await asyncio.sleep(0.02)

    async def flush(self) -> None:
        await asyncio.to_thread(flush, self.url)

    async def kill(self) -> None:
        if self._running is not None:
            await self._running.kill()
            self._running = None

    def _answers(self) -> bool:
        with suppress(redis.ConnectionError), redis.Redis.from_url(self.url) as client:  # pyright: ignore[reportUnknownMemberType] - half typed
            return bool(client.ping())  # pyright: ignore[reportUnknownMemberType] - half typed
        return False


class RabbitMq:
    """Its messages stay where they are, killed or not."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}/%2F"
        self._folder = folder
        config = folder / "rabbitmq.conf"
        settings = (f"listeners.tcp.1 = 127.0.0.1:{self._port}", "log.file = false", "log.console.level = warning")
        config.write_text("\n".join(settings) + "\n")
        (folder / "plugins").write_text("[].\n")
        self._environ = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"drill{self._port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            # Erlang's registry of names, without which it doesn't start; one of its own ends with it.
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # One scheduler does, and leaves the processor to those that are drilled.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._registry: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        await asyncio.to_thread(self.run)

    async def flush(self) -> None:
        await asyncio.to_thread(flush, self.url)

    async def kill(self) -> None:
        await asyncio.to_thread(self.end_server)

    def run(self) -> None:
        """Return once it takes connections."""
        self._registry = self._registry or self._spawn("epmd")
        self._server = self._spawn(_SERVER)
        deadline = time.monotonic() + _STARTS_WITHIN
        while not self._answers():
            assert self._server.poll() is None, (self._folder / "output").read_text()
            assert time.monotonic() < deadline, "RabbitMQ doesn't answer"
            time.sleep(0.05)

    def end_server(self) -> None:
        _end(self._server)
        self._server = None

    def end(self) -> None:
        self.end_server()
        _end(self._registry)

    def _spawn(self, command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "output").open("ab") as output:
            return subprocess.Popen(
                [command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environ,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as line:
            line.sendall(_HELLO)
            return bool(line.recv(1))
        return False


def flush(url: str) -> None:
    broker = make_broker(url)
    broker.flush_all()
    broker.close()


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def rabbitmq_running() -> Generator[RabbitMq]:
    folder = Path(tempfile.mkdtemp(prefix="timetuna-rabbitmq-"))
    server = RabbitMq(folder)
    try:
        server.run()
        yield server
    finally:
        server.end()
        shutil.rmtree(folder)
