"""Hosts' booking pages."""

from datetime import datetime
from typing import Protocol

from domain.booking_page import BookingPage
from domain.ids import HostId, PageId


class Pages(Protocol):
    def add(self, page: BookingPage) -> None:
        """Store a new page; of its schedule only which it is.

        At the latest at the commit, MUST raise Taken("slug") if the host has that slug, and ScheduleGone if they don't
        have that schedule.
        """
        ...

    async def get(self, page_id: PageId, /) -> BookingPage | None: ...

    async def count(self, host_id: HostId, /) -> int:
        """How many pages a host has."""
        ...

    async def lock(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        """Read a page of this host for changing it; another host's page is None."""
        ...

    async def lock_all(self, host_id: HostId, /) -> list[BookingPage]:
        """Lock all pages of a host, in the order of their ids so that no two units wait for each other."""
        ...

    def save(self, page: BookingPage) -> None:
        """Store a page and its event types.

        `page.version` is the one that was read; the stored one is the next. At the latest at the commit, MUST raise
        Conflict if the stored version is another. MUST let the slugs that the page and its event types had until now
        lead to them for `SLUG_KEPT_FOR`. Raises Taken("slug") and ScheduleGone like `add`.
        """
        ...

    def remove(self, host_id: HostId, page_id: PageId) -> None:
        """Take the page away; its bookings stay."""
        ...

    async def may_tell_refusal(self, page_id: PageId, now: datetime, /) -> bool:
        """Note that the host is told of a refused booking; MUST be true at most once an hour for a page."""
        ...
