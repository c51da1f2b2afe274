"""The public holidays that hours can keep free."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from msgspec import UnsetType

from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.public_holidays import PublicHolidays
from domain.availability import Availability
from domain.errors import InvalidInput
from domain.faults import Fault, NotOneOf
from domain.public_holidays import HolidayCalendar
from domain.why_not import PublicHoliday, Reason

_AHEAD = timedelta(days=365)


class ComingHolidays(msgspec.Struct, frozen=True):
    """A country's public holidays of the coming year, ascending, and its regions by code, where those differ."""

    regions: Mapping[str, str]
    days: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class ShowHolidays:
    holidays: PublicHolidays
    clock: Clock

    async def __call__(
        self, actor: HostActor, calendar: HolidayCalendar, language: str | None = None
    ) -> ComingHolidays:
        """List the holidays of a year from today on, by the days of UTC.

        Args:
            language: for their names, as in BCP 47.

        Raises:
            Forbidden
            InvalidInput: there is no such country, or it has no such region.
        """
        actor.require("pages:read")
        regions = await self.holidays.regions(calendar.country)
        faults = _faults(calendar, regions, "")
        if regions is None or faults:
            raise InvalidInput(*faults)
        today = self.clock().date()
        last = today + _AHEAD
        years = [await self.holidays.of_year(calendar, year, language) for year in range(today.year, last.year + 1)]
        days = tuple((day, name) for year in years for day, name in year.items() if today <= day < last)
        return ComingHolidays(regions, days)


@dataclass(frozen=True)
class NameHolidays:
    holidays: PublicHolidays

    async def __call__(self, reasons: Iterable[Reason], language: str) -> Mapping[date, str]:
        """The names of the public holidays among reasons against a time, by day.

        Args:
            language: the reader's, as in BCP 47.
        """
        years = {
            each.day: await self.holidays.of_year(each.calendar, each.day.year, language)
            for each in reasons
            if isinstance(each, PublicHoliday)
        }
        return {day: names[day] for day, names in years.items()}


@dataclass(frozen=True)
class CheckHolidays:
    holidays: PublicHolidays

    async def __call__(self, availability: Availability | UnsetType) -> tuple[Fault, ...]:
        """Find out whether there are the country and the region that hours name."""
        if isinstance(availability, UnsetType) or isinstance(availability.public_holidays, UnsetType):
            return ()
        calendar = availability.public_holidays
        regions = await self.holidays.regions(calendar.country)
        return _faults(calendar, regions, "availability.public_holidays.")


def _faults(calendar: HolidayCalendar, regions: Mapping[str, str] | None, path: str) -> tuple[Fault, ...]:
    if regions is None:
        return (Fault(f"{path}country", NotOneOf()),)
    if calendar.region is None or calendar.region in regions:
        return ()
    return (Fault(f"{path}region", NotOneOf(tuple(regions))),)
