"""Time zones to pick, and the one that a request means."""

from functools import cache, lru_cache
from html import escape
from zoneinfo import available_timezones

from markupsafe import Markup

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
    """The options of a list, one of them selected or none; of what can’t be a zone’s name only the start is shown."""
    return _options(chosen and chosen[:_LONGEST])


@lru_cache(64)
def _options(chosen: str | None) -> Markup:
    """The options of a list with one of them selected; most of a page's bytes, so they aren't made each time.

    Each with its country's code: a script tells the names of countries and of times in the reader's language.
    """
    offered = zones() if chosen is None or chosen in zones() else (chosen, *zones())
    options = (
        f"<option{_country_of(zone)}{' selected' if zone == chosen else ''}>{escape(zone)}</option>" for zone in offered
    )
    return Markup("".join(options))  # noqa: S704 - escaped above


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
