"""Tells processes of changes by LISTEN and NOTIFY."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Generator
from types import TracebackType
from typing import Self

import structlog

from adapters.postgres.pool import AWAY, SERVER_SETTINGS, connect
from application.ports.changes import Watched

CHANNEL = "changed"

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_HEARTBEAT_SECONDS = 30.0
_TIMEOUT_SECONDS = 10.0

_log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


class PostgresChanges:
    """Listens on one connection of its own for as long as the `async with` lasts; a lost one is made again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start listening. A database that is away for now is no reason to wait."""
        self._task = asyncio.create_task(self._listen_forever(), name="changes")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.contextmanager
    def watching(self, watched: Watched, /) -> Generator[asyncio.Event]:
        changed = asyncio.Event()
        watchers = self._watchers[watched]
        watchers.add(changed)
        try:
            yield changed
        finally:
            watchers.discard(changed)
            if not watchers:
                self._watchers.pop(watched, None)

    async def listening(self) -> None:
        """Wait until changes are heard of."""
        await self._listening.wait()

    async def _listen_forever(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._listen()
            except AWAY as error:
                # The class alone: the text of a failed connection can hold parts of the URL.
                _log.warning("changes_not_heard", kind=type(error).__name__)
            if self._listening.is_set():
                self._listening.clear()
                pause = _FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _listen(self) -> None:
        """Pass on what is heard until the connection is lost."""
        lost = asyncio.Event()
        connection = await connect(self._url, command_timeout=_TIMEOUT_SECONDS, server_settings=SERVER_SETTINGS)
        try:

            def lose(_connection: object) -> None:
                lost.set()

            connection.add_termination_listener(lose)
            await connection.add_listener(CHANNEL, self._heard)
            # Whatever happened while nobody listened went unheard.
            self._wake(*self._watchers)
            self._listening.set()
            while not lost.is_set():
                # A connection can be gone without a word, such as behind a firewall that forgot it.
                with contextlib.suppress(TimeoutError):
                    # Not by `wait_for`, which up to Python 3.11 loses a cancellation that comes with the event.
                    async with asyncio.timeout(_HEARTBEAT_SECONDS):
                        await lost.wait()
                    return
                await connection.execute("select")
        finally:
            connection.terminate()

    def _heard(self, _connection: object, _process: int, _channel: str, changed_id: object) -> None:
        self._wake(str(changed_id))

    def _wake(self, *changed_ids: str) -> None:
        for changed_id in changed_ids:
            for changed in self._watchers.get(changed_id, ()):
                changed.set()
