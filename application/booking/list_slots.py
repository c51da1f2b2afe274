"""List the times at which an event type can be booked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from application.actor import HostActor
from application.booking.host_availability import HostAvailability, Openings
from application.booking.offering import asked_days
from application.people import time_zone
from domain.errors import NotFound
from domain.host import no_page_of
from domain.ids import EventTypeId, PageId
from domain.slot import Slot


class Slots(msgspec.Struct, frozen=True):
    """Starts in UTC, ascending; `timezone` is the one whose days were asked for.

    Attributes:
        unavailable: why there are none, where it isn't known whether the host is free.
    """

    timezone: str
    slots: list[datetime]
    unavailable: Literal["calendar-unreadable"] | None = None


@dataclass(frozen=True)
class ListSlots:
    """List an event type's free starts on some days of the guest's time zone."""

    availability: HostAvailability

    async def __call__(self, handle: str, page: str, event_type: str, first: date, last: date, timezone: str) -> Slots:
        """List the free starts from `first` to `last`, both included; none on a page that is turned off.

        Raises:
            NotFound: no such page or event type.
            InvalidInput: an unknown zone, days in the wrong order, or too many of them.
        """
        zone: ZoneInfo = time_zone(timezone, "timezone")
        within = asked_days(first, last, zone)
        openings = await self.availability.of_event_type(handle, page, event_type, within)
        if openings is None:
            raise no_page_of(handle)
        return _free(openings, within, timezone)

    async def for_host(
        self, actor: HostActor, page_id: PageId, event_type_id: EventTypeId, first: date, last: date, timezone: str
    ) -> Slots:
        """List what guests are offered, to the host, by ids.

        Raises:
            Forbidden, NotFound, InvalidInput
        """
        host_id = actor.require("pages:read")
        within = asked_days(first, last, time_zone(timezone, "timezone"))
        openings = await self.availability.of_ids(host_id, page_id, event_type_id, within)
        if openings is None:
            raise NotFound("event-type")
        return _free(openings, within, timezone)


def _free(openings: Openings, within: Slot, timezone: str) -> Slots:
    if not openings.offer.page.active:
        return Slots(timezone, [])
    if openings.unreadable:
        return Slots(timezone, [], "calendar-unreadable")
    return Slots(timezone, openings.free_starts(within))
