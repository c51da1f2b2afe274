"""The hours that count for a page, in their time zone."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from domain.availability import Availability, DayHours


class WorkingHours(msgspec.Struct, frozen=True):
    """Availability whose local times are read in `zone`.

    Attributes:
        holidays: the public holidays that are days off.
    """

    availability: Availability
    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def on(self, day: date) -> DayHours:
        return () if self.is_off_for_holiday(day) else self.availability.on(day)

    def is_off_for_holiday(self, day: date) -> bool:
        return day in self.holidays and day not in self.availability.overrides
