"""The suppression list in memory."""

from datetime import datetime

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from domain.mailbox import mailbox_of


class MemorySuppressions:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def holds(self, email: str, /) -> bool:
        return mailbox_of(email) in (await self._transaction.read()).suppressed

    def link(self, token: str, email: str, _at: datetime, /) -> None:
        def change(tables: Tables) -> None:
            tables.unsubscribe_links.setdefault(token, mailbox_of(email))

        self._transaction.stage(change)

    async def is_suppressed(self, token: str, /) -> bool | None:
        tables = await self._transaction.read()
        mailbox = tables.unsubscribe_links.get(token)
        return None if mailbox is None else mailbox in tables.suppressed

    def suppress(self, token: str, at: datetime, /) -> None:
        def change(tables: Tables) -> None:
            if token in tables.unsubscribe_links:
                tables.suppressed.setdefault(tables.unsubscribe_links[token], at)

        self._transaction.stage(change)

    def lift(self, token: str, /) -> None:
        def change(tables: Tables) -> None:
            tables.suppressed.pop(tables.unsubscribe_links.get(token, ""), None)

        self._transaction.stage(change)
