"""List the times at which an event type can be booked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from application.booking.host_availability import HostAvailability
from application.booking.offering import asked_days
from application.people import time_zone
from domain.errors import NotFound


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
            raise NotFound("booking-page")
        if not openings.offer.page.active:
            return Slots(timezone, [])
        if openings.unreadable:
            return Slots(timezone, [], "calendar-unreadable")
        return Slots(timezone, openings.free_starts(within))
