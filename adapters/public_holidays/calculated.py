"""Public holidays by the library `holidays`.

It takes 0.3 s and 21 MB, so it is imported in a thread when somebody first asks.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from application.lru_cache import LruCache
from domain.public_holidays import HolidayCalendar

_MOST_YEARS: Final = 2_000

_Key = tuple[HolidayCalendar, int, str | None]


class CalculatedHolidays:
    def __init__(self) -> None:
        self._years = LruCache[_Key, Mapping[date, str]](_MOST_YEARS)

    async def regions(self, country: str, /) -> Mapping[str, str] | None:
        return await asyncio.to_thread(_regions, country)

    async def of_year(self, calendar: HolidayCalendar, year: int, language: str | None, /) -> Mapping[date, str]:
        key = calendar, year, language
        days = self._years.get(key)
        if days is None:
            days = await asyncio.to_thread(_days, calendar, year, language)
            self._years.put(key, days, 1)
        return days


@lru_cache
def _regions(country: str) -> Mapping[str, str] | None:
    from holidays import country_holidays  # noqa: PLC0415

    try:
        found = country_holidays(country)
    except NotImplementedError:
        return None
    # Of several names the longest is the one in full.
    names = {code: name for name, code in sorted(found.subdivisions_aliases.items(), key=lambda each: len(each[0]))}
    named = ((code, names.get(code, code)) for code in found.subdivisions)
    return MappingProxyType(dict(sorted(named, key=lambda region: region[1])))


def _days(calendar: HolidayCalendar, year: int, language: str | None) -> Mapping[date, str]:
    from holidays import country_holidays  # noqa: PLC0415

    try:
        country = country_holidays(calendar.country)
        # Without a language, the library takes that of the process.
        spoken = _named_in(language, country.supported_languages) or country.default_language
        found = country_holidays(calendar.country, subdiv=calendar.region, years=year, language=spoken)
    except NotImplementedError:
        return MappingProxyType({})
    return MappingProxyType({day: found[day] for day in sorted(found)})


def _named_in(language: str | None, known: Iterable[str]) -> str | None:
    """The known name of a language, in any of its regions."""
    wanted = (language or "").partition("-")[0]
    return next((each for each in known if each.partition("_")[0] == wanted), None)
