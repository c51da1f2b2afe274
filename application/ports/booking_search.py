from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import msgspec

from domain.calendar_entry import CalendarEntry
from domain.ids import BookingId, CalendarId, HostId, PageId
from domain.provider import Provider
from domain.slot import Slot


class BookedEntry(msgspec.Struct, frozen=True):
    """A booking's entry, for who looks after all of a calendar's."""

    booking_id: BookingId
    slot: Slot
    entry: CalendarEntry


class BookingSearch(Protocol):
    """Finds bookings by what they have in common."""

    async def with_old_guests(self, ended_before: datetime, limit: int, /) -> tuple[BookingId, ...]:
        """Bookings that ended at that instant or before and whose guests aren't erased, those of longest ago first."""
        ...

    async def count_starting(self, page_id: PageId, within: Slot, but: BookingId | None, now: datetime, /) -> int:
        """Count the page's bookings that start within a span, held or confirmed, one of them left aside.

        One whose hold has expired by now isn't counted.
        """
        ...

    async def in_calendars(
        self, calendar_ids: Collection[CalendarId], ending_after: datetime, /
    ) -> tuple[BookedEntry, ...]:
        """The entries of calendars, confirmed or cancelled, whose bookings end after an instant; by their ids."""
        ...

    async def of_host(self, host_id: HostId, starting_after: datetime, /) -> frozenset[BookingId]:
        """All bookings of a host that start after an instant, held, confirmed or cancelled."""
        ...

    async def without_link(self, host_id: HostId, provider: Provider, now: datetime, /) -> tuple[BookingId, ...]:
        """The host's coming bookings that wait for a link of this provider, or were given up on, by id."""
        ...
