"""Messages to the operator in memory, and pictures that are taken as they are."""

import msgspec

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.support import Screenshot, SupportRequest, UnreadableScreenshot


class MemorySupportRequests:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, request: SupportRequest) -> None:
        self._transaction.stage(lambda tables: tables.support_requests.update({request.id: request}))

    async def get(self, request_id: str, /) -> SupportRequest | None:
        return (await self._transaction.read()).support_requests.get(request_id)

    def drop_screenshot(self, request_id: str) -> None:
        def change(tables: Tables) -> None:
            request = tables.support_requests.get(request_id)
            if request is not None:
                tables.support_requests[request_id] = msgspec.structs.replace(request, screenshot=None)

        self._transaction.stage(change)

    def remove(self, request_id: str) -> None:
        def change(tables: Tables) -> None:
            tables.support_requests.pop(request_id, None)

        self._transaction.stage(change)


class MemoryScreenshots:
    """Takes for a PNG whatever begins like one, and draws nothing."""

    async def cleaned(self, upload: bytes, /) -> Screenshot:
        if not upload.startswith(b"\x89PNG"):
            raise UnreadableScreenshot("not-a-picture")
        return Screenshot(upload, "png")
