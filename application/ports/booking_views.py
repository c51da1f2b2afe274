"""Bookings with what belongs to them, for guests and hosts."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.booking import Booking
from domain.events import Event, what_of
from domain.host import Host
from domain.ids import BookingId, GuestToken, HostId

LONGEST_SEARCH = 200
BookingFilter = Literal["upcoming", "past", "cancelled", "needs_attention"]


class UnknownEvent(msgspec.Struct, frozen=True):
    """Something that another version of this program has stored in a shape that this one can't read."""

    what: str


class TimelineEntry(msgspec.Struct, frozen=True):
    """What happened to a booking, and when."""

    at: datetime
    event: Event | UnknownEvent

    @classmethod
    def of(cls, event: Event) -> "TimelineEntry":
        return cls(event.at, event)

    @property
    def what(self) -> str:
        """A stable name for programs."""
        return self.event.what if isinstance(self.event, UnknownEvent) else what_of(self.event)


class BookingView(msgspec.Struct, frozen=True):
    """A booking and whom it is with; the page's and event type's slugs are None once they are gone."""

    booking: Booking
    host: Host
    page_slug: str | None
    event_type_slug: str | None
    timeline: tuple[TimelineEntry, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """Some bookings of a list; `next` is the cursor of those that follow."""

    items: list[BookingView]
    next: str | None


class GuestBookingViews(Protocol):
    """Finds the bookings of guests, who have no account."""

    async def booking_for(self, token: GuestToken, /) -> BookingView | None:
        """The booking that a guest's link stands for, with its timeline left out."""
        ...

    async def booking_by_key(self, scope: str, key: str, /) -> tuple[BookingView, str] | None:
        """The booking stored under an idempotency key, and the fingerprint of its submit."""
        ...

    async def is_known(self, host_id: HostId, mailbox: str, /) -> bool:
        """Whether a mailbox has a confirmed booking on one of the host's pages with an event that `makes_known`."""
        ...


class HostBookingViews(Protocol):
    """Shows hosts their own bookings."""

    async def booking(self, host_id: HostId, booking_id: BookingId, /) -> BookingView | None:
        """A booking of this host with its timeline; another host's booking is None, and so is one that is held."""
        ...

    async def bookings(
        self, host_id: HostId, show: BookingFilter, *, now: datetime, cursor: str | None, limit: int, search: str = ""
    ) -> Page:
        """A host's bookings: upcoming and needing attention by start ascending, past and cancelled descending.

        Held ones are in none of the lists.

        With a `search`, only those where the guest's name or email has it somewhere, or the email of an additional
        guest, also of one who has left, in upper or lower case.

        `needs_attention` holds confirmed coming bookings without the link that they should have, those whose mails the
        server takes for one side no more, and those that an event of the host's overlaps. A cursor that this method
        didn't make is refused with InvalidInput("cursor").
        """
        ...

    async def changed_since(self, host_id: HostId, since: datetime, most: int, /) -> list[BookingView]:
        """A host's bookings that something has happened to after an instant, with their timelines; no held ones.

        Of more than `most`, those that the latest has happened to; in any order.
        """
        ...
