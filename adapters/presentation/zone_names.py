"""Names of time zones as people call them, in the reader's language: `Eastern Time – New York`."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from babel import Locale
from babel.core import get_global

from adapters.presentation.language import spoken
from application.zone_tables import countries

_Names = Mapping[str, Mapping[str, Mapping[str, str]]]
_Cities = Mapping[str, Mapping[str, str]]


def zone_name(zone: str) -> str:
    """The zone's time, else its country, and its city; UTC and what CLDR doesn't know as it is."""
    return zone_name_in(spoken().locale, zone)


def city_of(zone: str) -> str:
    """`New York`."""
    return _city(zone, spoken().locale)


@lru_cache(4096)
def zone_name_in(locale: Locale, zone: str) -> str:
    known = get_global("zone_aliases").get(zone, zone)
    country = cast("dict[str, str]", locale.territories).get(countries().get(zone, ""))
    time, city = _time(known, locale) or country, _city(zone, locale)
    if time is None:
        return zone
    return city if time == city else f"{time} – {city}"


def _time(zone: str, locale: Locale) -> str | None:
    """What the zone's time is called all year round, such as Eastern Time."""
    metazone = cast("_Names", locale.meta_zones).get(get_global("meta_zones").get(zone, ""), {})
    return metazone.get("long", {}).get("generic")


@lru_cache(4096)
def _city(zone: str, locale: Locale) -> str:
    known = get_global("zone_aliases").get(zone, zone)
    return cast("_Cities", locale.time_zones).get(known, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
