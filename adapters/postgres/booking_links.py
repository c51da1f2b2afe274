"""Single-use links to booking pages."""

from datetime import datetime

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Row
from adapters.postgres.tables import BOOKING_LINKS
from adapters.postgres.transaction import Transaction
from domain.booking_link import BookingLink, UsedLink
from domain.ids import BookingLinkId, BookingLinkToken, PageId

_ADD = f"""
    insert into booking_links (token_digest, {BOOKING_LINKS.columns})
    values ($1, {BOOKING_LINKS.placeholders(first=2)})
"""

_USED = f"""
    select {BOOKING_LINKS.select}, (
        select count(*) from bookings as b
        where b.link_id = l.id and b.status <> 'cancelled' and (b.held_until is null or b.held_until > $1)
    ) as used
    from booking_links as l where l.page_id = $2
"""

_LOCK = "select id from booking_links where page_id = $1 and token_digest = $2 for no key update"


class PostgresBookingLinks:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, link: BookingLink, token: BookingLinkToken, /) -> None:
        self._transaction.write(_ADD, digest_of(token), *BOOKING_LINKS.args(link))

    async def of_page(self, page_id: PageId, now: datetime, /) -> list[UsedLink]:
        rows = await self._transaction.read_all(f"{_USED} order by l.created_at desc, l.id", now, page_id)
        return [_used(row) for row in rows]

    async def get(self, page_id: PageId, token: BookingLinkToken, now: datetime, /) -> UsedLink | None:
        row = await self._transaction.read(f"{_USED} and l.token_digest = $3", now, page_id, digest_of(token))
        return None if row is None else _used(row)

    async def lock(self, page_id: PageId, token: BookingLinkToken, now: datetime, /) -> UsedLink | None:
        locked = await self._transaction.lock(_LOCK, page_id, digest_of(token))
        # Only a statement of its own sees the bookings as they are after waiting for the lock.
        return None if locked is None else await self.get(page_id, token, now)

    def remove(self, page_id: PageId, link_id: BookingLinkId, /) -> None:
        self._transaction.write("delete from booking_links where page_id = $1 and id = $2", page_id, link_id)


def _used(row: Row) -> UsedLink:
    return UsedLink(BOOKING_LINKS.read(row), row["used"])
