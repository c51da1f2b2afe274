"""Time zones to pick, and the one that a request means."""

from functools import cache, lru_cache
from html import escape
from importlib.resources import files
from zoneinfo import available_timezones

from markupsafe import Markup

from application.people import time_zone
from domain.errors import InvalidInput

ZONE_COOKIE = "timetuna_timezone"
"""Holds the zone that somebody chose, so that the next page is right at once. Scripts write it too."""

_LONGEST = 64


@cache
def zones() -> tuple[str, ...]:
    """What a list offers: the zones of tzdata's `zone.tab`, one a place under its name of today, and UTC."""
    return (*sorted(_countries().keys() & available_timezones()), "UTC")


def zone_options(chosen: str) -> Markup:
    """The options of a list with one of them selected; of what can't be a zone's name only the start is shown."""
    return _options(chosen[:_LONGEST])


@lru_cache(64)
def _options(chosen: str) -> Markup:
    """The options of a list with one of them selected; most of a page's bytes, so they aren't made each time.

    Each with its country's code: a script tells the names of countries and of times in the reader's language.
    """
    offered = zones() if chosen in zones() else (chosen, *zones())
    options = (
        f"<option{_country_of(zone)}{' selected' if zone == chosen else ''}>{escape(zone)}</option>" for zone in offered
    )
    return Markup("".join(options))  # noqa: S704 - escaped above


def zone_or(wished: str | None, otherwise: str) -> str:
    """The zone that was asked for, under its name of today, if there is such a zone."""
    if not wished or len(wished) > _LONGEST:
        return otherwise
    try:
        zone = time_zone(wished, "timezone").key
    except InvalidInput:
        return otherwise
    return zone if zone in zones() else _names_of_today().get(zone, zone)


def _country_of(zone: str) -> str:
    code = _countries().get(zone)
    return f' data-in="{code}"' if code else ""


@cache
def _countries() -> dict[str, str]:
    """The country of each zone, as two letters."""
    rows = (line.split("\t") for line in _table("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@cache
def _names_of_today() -> dict[str, str]:
    """Old names, which browsers still report: Asia/Calcutta is Asia/Kolkata."""
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {old: now for _, now, old in links if now in zones()}


def _table(name: str) -> list[str]:
    return (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
