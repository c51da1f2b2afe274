"""Reads what a guest can be offered on a page, and what keeps a time from being offered."""

from datetime import datetime
from typing import NewType, Protocol

import msgspec

from domain.booking import Booking
from domain.booking_page import BookingPage, EventType
from domain.calendar import CalendarKind
from domain.connection import ProviderStatus
from domain.host import Host
from domain.ids import BookingId, CalendarId, EventTypeId, HostId, PageId
from domain.provider import Provider
from domain.slot import Slot

OfferMark = NewType("OfferMark", tuple[object, ...])
"""What a store compares to tell whether an offer is still as it was read; it means nothing to anybody else."""


class CalendarTimes(msgspec.Struct, frozen=True):
    """A calendar that blocks a page.

    Attributes:
        readable_until: until when its last reading counts; None where there is none.
        kind: None where it was deleted.
        read_at: when it was last read well; None where its host has moved to another time zone since.
        revision: of `blocked`: the same one means the same times; None where the calendar was deleted.
        blocked: the times that nobody can book, as far as they touch the span that was asked for, ascending.
    """

    id: CalendarId
    readable_until: datetime | None
    blocked: tuple[Slot, ...] = ()
    kind: CalendarKind | None = None
    read_at: datetime | None = None
    revision: int | None = None


class Offer(msgspec.Struct, frozen=True):
    """All that is needed to offer an event type's times, and to accept one.

    Attributes:
        confirmed: whether the host has confirmed their email address.
        meetings_today: by provider, how many meetings were made for the host on the present day of UTC.
        busy: the host's occupied times that touch the span that was asked for, ascending, buffers included.
        calendars: those that block the page, one that was deleted meanwhile too.
        blocked: what they block together, ascending, without overlaps.
        records_events: whether somebody listens to what happens to the host's bookings.
        page_starts: where the page has a daily cap, the starts of its bookings in that span, in no order.
        mark: of all that but occupied times and numbers of meetings.
    """

    host: Host
    page: BookingPage
    event_type: EventType
    connections: dict[Provider, ProviderStatus]
    confirmed: bool
    meetings_today: dict[Provider, int]
    busy: list[Slot]
    page_starts: list[datetime]
    calendars: tuple[CalendarTimes, ...] = ()
    blocked: tuple[Slot, ...] = ()
    records_events: bool = False
    mark: OfferMark | None = None


class Offers(Protocol):
    """Reads what decides about times, in one round trip each.

    Held and confirmed bookings occupy their time; one whose hold has expired by `now` doesn't.
    """

    async def offer(
        self, handle: str, page: str, event_type: str | None, within: Slot, now: datetime, /
    ) -> Offer | None:
        """What a guest is offered; None where there is no such page or event type.

        Without an event type it is the page's only one, and None where the page has none or several.
        """
        ...

    def last_offer(self, handle: str, page: str, event_type: str | None, /) -> Offer | None:
        """What a guest was offered when this store was last asked, as if nothing were booked; it may be old.

        None where there is more to a time being free than hours and other bookings: calendars, or a daily cap.
        """
        ...

    async def offer_of(
        self,
        host_id: HostId,
        page_id: PageId,
        event_type_id: EventTypeId,
        within: Slot,
        but: BookingId | None,
        now: datetime,
        /,
    ) -> Offer | None:
        """The same for an event type by its id, one booking left aside; None for another host's too."""
        ...

    async def occupying(self, host_id: HostId, within: Slot, now: datetime, /) -> list[Booking]:
        """The host's bookings, held or confirmed, whose occupied times touch a span, ascending."""
        ...
