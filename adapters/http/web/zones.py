"""Time zones to pick, and the one that a request means."""

from functools import cache, lru_cache
from html import escape
from zoneinfo import available_timezones

from babel import Locale
from markupsafe import Markup

from adapters.presentation.language import spoken
from adapters.presentation.zone_names import zone_name_in
from application.people import time_zone
from application.zone_tables import countries, names_of_today
from domain.errors import InvalidInput

ZONE_COOKIE = "timetuna_timezone"
"""Holds the zone that somebody chose, so that the next page is right at once. Scripts write it too."""

_LONGEST = 64


@cache
def zones() -> tuple[str, ...]:
    """What a list offers: the zones of tzdata's `zone.tab`, one a place under its name of today, and UTC."""
    return (*sorted(countries().keys() & available_timezones()), "UTC")


def zone_options(chosen: str | None) -> Markup:
    """The options of a list in the reader's language, one of them selected or none.

    Of what can't be a zone's name only the start is shown.
    """
    chosen = chosen and chosen[:_LONGEST]
    locale = spoken().locale
    offered = _offered(locale)
    if chosen is None:
        return Markup("".join(offered.values()))  # noqa: S704 - escaped below
    # One that no list offers comes first.
    first = {} if chosen in offered else {chosen: ""}
    marked = {**first, **offered, chosen: _option(locale, chosen, " selected")}
    return Markup("".join(marked.values()))  # noqa: S704 - escaped below


@lru_cache(16)
def _offered(locale: Locale) -> dict[str, str]:
    """Most of a page's bytes, so they aren't made each time."""
    in_order = sorted(zones(), key=lambda each: (each == "UTC", zone_name_in(locale, each)))
    return {zone: _option(locale, zone) for zone in in_order}


def _option(locale: Locale, zone: str, selected: str = "") -> str:
    """With the country's code: a script tells the names of countries in the reader's language."""
    name = zone_name_in(locale, zone) if zone in zones() else zone
    return f'<option value="{escape(zone)}"{_country_of(zone)}{selected}>{escape(name)}</option>'


def zone_or(wished: str | None, otherwise: str) -> str:
    """The zone that was asked for, under its name of today, if there is such a zone."""
    return known_zone(wished) or otherwise


def known_zone(wished: str | None) -> str | None:
    """The zone under its name of today; None where there is no such zone."""
    if not wished or len(wished) > _LONGEST:
        return None
    try:
        zone = time_zone(wished, "timezone").key
    except InvalidInput:
        return None
    return zone if zone in zones() else names_of_today().get(zone, zone)


def _country_of(zone: str) -> str:
    code = countries().get(zone)
    return f' data-in="{code}"' if code else ""
