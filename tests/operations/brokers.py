"""Brokers of a drill's own, which can die and come back."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

import redis

from tests.support.machine import redis_server
from tests.support.processes import PATIENCE, Running, free_port, start

_SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
"""Behind the command that everybody calls, which runs as an account of its own and in a folder of its own."""


_HELLO = b"AMQP\x00\x00\x09\x01"


class Broker(Protocol):
    """A server of messages."""

    url: str

    async def start(self) -> None:
        """Return once it takes connections."""

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

    async def kill(self) -> None:
        if self._running is not None:
            await self._running.kill()
            self._running = None

    def _answers(self) -> bool:
        with suppress(redis.ConnectionError), redis.Redis.from_url(self.url) as client:  # pyright: ignore[reportUnknownMemberType] - half typed
            return bool(client.ping())  # pyright: ignore[reportUnknownMemberType] - half typed
        return False


class RabbitMq:
    """Its messages stay where it is, killed or not."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"
        self._folder = folder
        self._names = free_port()
        config = folder / "rabbitmq.conf"
        settings = (f"listeners.tcp.1 = 127.0.0.1:{self.port}", "log.file = false", "log.console.level = warning")
        config.write_text("\n".join(settings) + "\n")
        (folder / "plugins").write_text("[].\n")
        self._environ = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"drill{self.port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            # Erlang's registry of names, without which it doesn't start; one of its own ends with it.
            "ERL_EPMD_PORT": str(self._names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # One scheduler does, and leaves the processor to those that are drilled.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
        }
        self._running: Running | None = None
        self._registry: Running | None = None

    async def start(self) -> None:
        if self._registry is None:
            self._registry = await start(self._folder / "epmd.log", "epmd", environ=self._environ)
        self._running = await start(self._folder / "rabbitmq.log", _SERVER, environ=self._environ)
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(self._answers):
                assert self._running.process.returncode is None, self._running.says()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        if self._running is not None:
            await self._running.kill()
            self._running = None

    async def end(self) -> None:
        await self.kill()
        if self._registry is not None:
            await self._registry.kill()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(_HELLO)
            return bool(line.recv(1))
        return False


@asynccontextmanager
async def rabbitmq_running() -> AsyncGenerator[RabbitMq]:
    folder = Path(tempfile.mkdtemp(prefix="timetuna-rabbitmq-"))
    server = RabbitMq(folder)
    try:
        await server.start()
        yield server
    finally:
        await server.end()
        shutil.rmtree(folder)
