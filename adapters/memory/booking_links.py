"""Single-use links in memory."""

from datetime import datetime

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from domain.booking_link import BookingLink, UsedLink
from domain.ids import BookingLinkId, BookingLinkToken, PageId


class MemoryBookingLinks:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, link: BookingLink, token: BookingLinkToken, /) -> None:
        def change(tables: Tables) -> None:
            tables.booking_links[token] = link

        self._transaction.stage(change)

    async def of_page(self, page_id: PageId, now: datetime, /) -> list[UsedLink]:
        tables = await self._transaction.read()
        found = [each for each in tables.booking_links.values() if each.page_id == page_id]
        return [_used(each, tables, now) for each in sorted(found, key=lambda each: each.created_at, reverse=True)]

    async def get(self, page_id: PageId, token: BookingLinkToken, now: datetime, /) -> UsedLink | None:
        tables = await self._transaction.read()
        link = tables.booking_links.get(token)
        return None if link is None or link.page_id != page_id else _used(link, tables, now)

    async def lock(self, page_id: PageId, token: BookingLinkToken, now: datetime, /) -> UsedLink | None:
        await self._transaction.lock(("booking link", token))
        return await self.get(page_id, token, now)

    def remove(self, page_id: PageId, link_id: BookingLinkId, /) -> None:
        def change(tables: Tables) -> None:
            for token, link in tuple(tables.booking_links.items()):
                if (link.page_id, link.id) == (page_id, link_id):
                    del tables.booking_links[token]

        self._transaction.stage(change)


def _used(link: BookingLink, tables: Tables, now: datetime) -> UsedLink:
    return UsedLink(link, sum(each.link_id == link.id and each.occupies(now) for each in tables.bookings.values()))
