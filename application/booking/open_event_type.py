"""Open an event type as its guest sees it: the page, how people can meet, and the free times."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from application.booking.host_availability import HostAvailability, Openings
from application.booking.offering import asked_days, days
from application.people import time_zone
from application.ports.offers import Offer
from application.ports.public_pages import PublicPage
from domain.errors import NotFound
from domain.slot import Slot


@dataclass(frozen=True)
class Opened:
    """An event type with its free times; `known` is the span whose starts can be told without asking again."""

    openings: Openings
    known: Slot

    @property
    def offer(self) -> Offer:
        return self.openings.offer

    @property
    def public(self) -> PublicPage:
        return PublicPage(self.offer.host, self.offer.page, self.offer.connections, self.offer.confirmed)


@dataclass(frozen=True)
class OpenEventType:
    """Read all that a public page shows at once, because somebody waits for it."""

    availability: HostAvailability

    async def __call__(self, handle: str, page: str, event_type: str | None, first: date, last: date) -> Opened | None:
        """Open an event type, or with None the only one of its page, with the times of some days in UTC.

        None where there is no such thing, or where the page has more than one to choose from.
        """
        known = days(first, last, ZoneInfo("UTC"))
        openings = await self.availability.of_event_type(handle, page, event_type, known)
        return Opened(openings, known) if openings else None

    async def free_times(self, opened: Opened, first: date, last: date, timezone: str) -> list[datetime]:
        """The free starts of some days in a zone, both included; days that aren't at hand are read.

        Raises:
            NotFound: the event type is gone meanwhile.
            InvalidInput: an unknown zone, days in the wrong order, or too many of them.
        """
        within = asked_days(first, last, time_zone(timezone, "timezone"))
        openings = opened.openings
        if within.start < opened.known.start or opened.known.end < within.end:
            offer = opened.offer
            host, page, event_type = offer.host.handle, offer.page.slug, offer.event_type.slug
            read = await self.availability.of_event_type(host, page, event_type, within)
            if read is None:
                raise NotFound("booking-page")
            openings = read
        return openings.free_starts(within)


def today(now: datetime) -> date:
    """The day in UTC; elsewhere it can be the one before or after."""
    return now.astimezone(UTC).date()
