"""Which time zones can be picked, and which one does a request mean?"""

from functools import cache, lru_cache
from html import escape
from zoneinfo import available_timezones

from markupsafe import Markup

from application.people import time_zone
from domain.errors import InvalidInput

_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
_LONGEST = 64


@cache
def zones() -> tuple[str, ...]:
    """What a list offers: named after places, and UTC."""
    return (*sorted(zone for zone in available_timezones() if zone.partition("/")[0] in _REGIONS), "UTC")


@lru_cache(64)
def zone_options(chosen: str) -> Markup:
    """The options of a list with one of them selected; most of a page's bytes, so they aren't made each time."""
    offered = zones() if chosen in zones() else (chosen, *zones())
    options = (f"<option{' selected' if zone == chosen else ''}>{escape(zone)}</option>" for zone in offered)
    return Markup("".join(options))  # noqa: S704 - escaped above


def zone_or(wished: str | None, otherwise: str) -> str:
    """The zone that was asked for, if there is such a zone."""
    if not wished or len(wished) > _LONGEST:
        return otherwise
    try:
        return time_zone(wished, "timezone").key
    except InvalidInput:
        return otherwise
