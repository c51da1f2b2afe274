"""Pages as everybody can see them."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.booking_page import BookingPage
from domain.connection import ProviderStatus
from domain.host import Host
from domain.provider import Provider


class PublicPage(msgspec.Struct, frozen=True):
    """A page with what its host has connected; providers that aren't in `connections` aren't connected.

    Attributes:
        confirmed: whether the host has confirmed their email address.
    """

    host: Host
    page: BookingPage
    connections: dict[Provider, ProviderStatus]
    confirmed: bool


class PublicPages(Protocol):
    """Finds pages by the addresses that people type."""

    async def public_page(self, handle: str, page: str, /) -> PublicPage | None: ...

    async def public_pages(self, handle: str, /) -> list[PublicPage]:
        """All pages of the host with this handle, in no order; none where there is no such host."""
        ...

    async def present_handle(self, former: str, now: datetime, /) -> str | None:
        """The handle of the host who had this one, while it still leads to them."""
        ...

    async def present_slugs(
        self, handle: str, page: str, event_type: str | None, now: datetime, /
    ) -> tuple[str, ...] | None:
        """The slugs today of the page and the event type with these slugs, or else of those that had them.

        None where there is no such page of this host; an event type that there isn't keeps its slug.
        """
        ...
