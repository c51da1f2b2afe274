"""Support conversations in memory, and pictures that are taken as they are."""

from datetime import datetime

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.conflicts import Conflict
from application.ports.pictures import UnreadableUpload
from application.ports.support import Screenshot
from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import SupportThread


class MemorySupportThreads:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, thread: SupportThread, screenshot: Screenshot | None = None) -> None:
        if thread.token is None:
            raise ValueError("a new conversation has a token")

        def change(tables: Tables) -> None:
            tables.support_threads[thread.id] = thread
            _keep(screenshot, thread, tables)

        self._transaction.stage(change)

    async def get(self, thread_id: SupportThreadId, /) -> SupportThread | None:
        return (await self._transaction.read()).support_threads.get(thread_id)

    async def lock(self, thread_id: SupportThreadId, /) -> SupportThread | None:
        await self._transaction.lock(_row(thread_id))
        return await self.get(thread_id)

    async def of_visitor(self, token: SupportToken, /) -> SupportThread | None:
        threads = (await self._transaction.read()).support_threads.values()
        return next((each for each in threads if each.token == token), None)

    async def lock_of_visitor(self, token: SupportToken, /) -> SupportThread | None:
        thread = await self.of_visitor(token)
        return None if thread is None else await self.lock(thread.id)

    def save(self, thread: SupportThread, screenshot: Screenshot | None = None) -> None:
        def change(tables: Tables) -> None:
            stored = tables.support_threads.get(thread.id)
            if stored is None or stored.version != thread.version:
                raise Conflict
            tables.support_threads[thread.id] = msgspec.structs.replace(thread, version=thread.version + 1)
            _keep(screenshot, thread, tables)

        self._transaction.stage(change, _row(thread.id))
        self._transaction.wake(thread.id)

    async def waiting(self, active_after: datetime, limit: int, /) -> tuple[SupportThread, ...]:
        threads = (await self._transaction.read()).support_threads.values()
        waiting = [(each.waiting_since, each.id, each) for each in threads if each.last_at > active_after]
        found = sorted((since, thread_id, each) for since, thread_id, each in waiting if since is not None)
        return tuple(each for _, _, each in found[:limit])

    async def screenshot(self, thread_id: SupportThreadId, number: int, /) -> Screenshot | None:
        return (await self._transaction.read()).screenshots.get((thread_id, number))

    def drop_screenshot(self, thread_id: SupportThreadId, number: int) -> None:
        self._transaction.stage(lambda tables: _drop(tables, thread_id, number))


class MemoryScreenshots:
    """Takes for a PNG whatever begins like one, and draws nothing."""

    async def cleaned(self, upload: bytes, /) -> Screenshot:
        if not upload.startswith(b"\x89PNG"):
            raise UnreadableUpload("not-a-picture")
        return Screenshot(upload, "png")


def _row(thread_id: SupportThreadId) -> RowKey:
    return ("support_threads", thread_id)


def _keep(screenshot: Screenshot | None, thread: SupportThread, tables: Tables) -> None:
    if screenshot is not None:
        tables.screenshots[thread.id, len(thread.messages) - 1] = screenshot


def _drop(tables: Tables, thread_id: SupportThreadId, number: int) -> None:
    tables.screenshots.pop((thread_id, number), None)
