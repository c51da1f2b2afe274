"""Single-use links, and how often they were used."""

from datetime import datetime
from typing import Protocol

from domain.booking_link import BookingLink, UsedLink
from domain.ids import BookingLinkId, BookingLinkToken, PageId


class BookingLinks(Protocol):
    """A use is a booking by the link, held or confirmed; nothing else is counted.

    MUST store tokens as digests only. Links end with their page.
    """

    def add(self, link: BookingLink, token: BookingLinkToken, /) -> None: ...

    async def of_page(self, page_id: PageId, now: datetime, /) -> list[UsedLink]:
        """Those of a page, the latest first."""
        ...

    async def get(self, page_id: PageId, token: BookingLinkToken, now: datetime, /) -> UsedLink | None:
        """The page's link with this token."""
        ...

    async def lock(self, page_id: PageId, token: BookingLinkToken, now: datetime, /) -> UsedLink | None:
        """The same, and nobody else locks it until the unit ends; MUST count what others have stored before that."""
        ...

    def remove(self, page_id: PageId, link_id: BookingLinkId, /) -> None:
        """Bookings by it stay; removing what isn't there changes nothing."""
        ...
