"""The time zones of the IANA database, as its tables describe them."""

from functools import cache
from importlib.resources import files


def country_of(zone: str) -> str | None:
    """The country of a zone under any of its names, as two letters; None for one that belongs to none, such as UTC."""
    return countries().get(names_of_today().get(zone, zone))


@cache
def countries() -> dict[str, str]:
    """The country of each zone, as two letters."""
    rows = (line.split("\t") for line in _table("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@cache
def names_of_today() -> dict[str, str]:
    """Old names, which browsers still report: Asia/Calcutta is Asia/Kolkata."""
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {old: now for _, now, old in links if now in countries()}


def _table(name: str) -> list[str]:
    return (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
