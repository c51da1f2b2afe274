"""Public holidays of countries and their regions."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from domain.public_holidays import HolidayCalendar


class PublicHolidays(Protocol):
    """Works out public holidays. MUST NOT hold up the event loop, and MUST take nothing while nobody asks."""

    async def regions(self, country: str, /) -> Mapping[str, str] | None:
        """The regions whose holidays differ, by code, with their names; None for a country that isn't known."""
        ...

    async def of_year(self, calendar: HolidayCalendar, year: int, language: str | None, /) -> Mapping[date, str]:
        """The holidays of a year with their names, ascending; those of a country that isn't known are none.

        Args:
            language: as in BCP 47; what it has no names for, and None, is named as in the country itself.
        """
        ...
