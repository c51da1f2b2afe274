"""The read side: what is asked of the store without changing it."""

import asyncio
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from application.ports.metrics_snapshot import MetricsSnapshot
from domain.booking import Booking
from domain.booking_page import BookingPage, EventType
from domain.connection import ProviderConnection, ProviderStatus
from domain.events import Event, Party, what_of
from domain.host import Host
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId
from domain.limits import Limits
from domain.provider import Provider
from domain.slot import Slot

LONGEST_SEARCH = 200
MOST_LISTED = Limits(1, 200)
"""How many bookings one page of a list holds."""

BookingFilter = Literal["upcoming", "past", "cancelled", "needs_attention"]


class PublicPage(msgspec.Struct, frozen=True):
    """A page with what its host has connected; providers that aren't in `connections` aren't connected."""

    host: Host
    page: BookingPage
    connections: dict[Provider, ProviderStatus]


class Offer(msgspec.Struct, frozen=True):
    """All that is needed to offer an event type's times, and to accept one.

    Attributes:
        busy: the host's occupied times that touch the span that was asked for, ascending, buffers included.
        page_starts: where the page has a daily cap, the starts of its confirmed bookings in that span, in no order.
    """

    host: Host
    page: BookingPage
    event_type: EventType
    connections: dict[Provider, ProviderStatus]
    busy: list[Slot]
    page_starts: list[datetime]


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


MailState = Literal["accepted", "unclear", "wanted"]


class Mailed(msgspec.Struct, frozen=True):
    """A revision that one party was mailed, and the start it told.

    `unclear` where the server may have accepted it, `wanted` where it was accepted and shall be sent once more.
    """

    revision: int
    start: datetime
    state: MailState = "accepted"


class Page(msgspec.Struct, frozen=True):
    """Some bookings of a list; `next` is the cursor of those that follow."""

    items: list[BookingView]
    next: str | None


class Views(Protocol):
    async def offer(self, handle: str, page: str, event_type: str | None, within: Slot, /) -> Offer | None:
        """What a guest is offered; None where there is no such page or event type.

        Without an event type it is the page's only one, and None where the page has none or several.
        """
        ...

    async def offer_of(
        self, host_id: HostId, page_id: PageId, event_type_id: EventTypeId, within: Slot, but: BookingId | None, /
    ) -> Offer | None:
        """The same for an event type by its id, one booking left aside; None for another host's too."""
        ...

    async def occupying(self, host_id: HostId, within: Slot, /) -> list[Booking]:
        """The host's confirmed bookings whose occupied times touch a span, ascending."""
        ...

    async def public_page(self, handle: str, page: str, /) -> PublicPage | None: ...

    async def public_pages(self, handle: str, /) -> list[PublicPage]:
        """All pages of the host with this handle, in no order; none where there is no such host."""
        ...

    async def present_handle(self, former: str, now: datetime, /) -> str | None:
        """The handle of the host who had this one, while it still leads to them."""
        ...

    async def booking_for(self, token: GuestToken, /) -> BookingView | None:
        """The booking that a guest's link stands for, with its timeline left out."""
        ...

    async def booking_by_key(self, scope: str, key: str, /) -> tuple[BookingView, str] | None:
        """The booking stored under an idempotency key, and the fingerprint of its submit."""
        ...

    async def booking(self, host_id: HostId, booking_id: BookingId, /) -> BookingView | None:
        """A booking of this host with its timeline; another host's booking is None."""
        ...

    async def bookings(
        self, host_id: HostId, show: BookingFilter, *, now: datetime, cursor: str | None, limit: int, search: str = ""
    ) -> Page:
        """A host's bookings: upcoming and needing attention by start ascending, past and cancelled descending.

        With a `search`, only those whose guest's name or email has it somewhere, in upper or lower case.

        `needs_attention` holds confirmed coming bookings without the link that they should have, and those whose mails
        the server takes for one side no more. A cursor that this
        method didn't make is refused with InvalidInput("cursor").
        """
        ...

    async def mailed(self, booking_id: BookingId, party: Party, /) -> tuple[Mailed, ...]:
        """The revisions that the mail server accepted, or may have, for this party, ascending."""
        ...

    async def pages(self, host_id: HostId, /) -> list[BookingPage]: ...

    async def page(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None: ...

    async def connections(self, host_id: HostId, /) -> list[ProviderConnection]: ...

    async def superseded(self, host_id: HostId, /) -> frozenset[Provider]:
        """Where another host has connected the same account later; the provider may have ended this one."""
        ...

    async def idle_connections(
        self, providers: frozenset[Provider], since: datetime, limit: int, /
    ) -> list[tuple[HostId, Provider]]:
        """Working connections whose tokens were last renewed at `since` or before, those of longest ago first.

        Those are left out whose KeepConnectionJob is in the outbox already.
        """
        ...

    async def metrics_snapshot(self, now: datetime, /) -> MetricsSnapshot:
        """Count the jobs in the outbox, what happened to bookings in the last hour, and connections, over all hosts.

        MUST be cheap enough to be asked every few seconds.
        """
        ...


class BookingChanges(Protocol):
    """Tells those who look at a booking that it has changed, from whichever process changed it."""

    def watching(self, booking_id: BookingId, /) -> AbstractContextManager[asyncio.Event]:
        """Watch a booking: the event is set once the booking has been saved after the watch began.

        A message may get lost, so whoever waits MUST look again after some seconds.
        """
        ...
