"""The hours that count for a page, in their time zone."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from domain.availability import Availability, DayHours


class WorkingHours(msgspec.Struct, frozen=True):
    """Availability whose local times are read in `zone`."""

    availability: Availability
    zone: ZoneInfo

    def on(self, day: date) -> DayHours:
        return self.availability.on(day)
