"""The last meetings that a provider makes on a day are kept for guests who are known to be somebody."""

from datetime import UTC, datetime, time, timedelta

from domain.connection import day_of
from domain.provider import Provider, about

KEPT = 10
"""So many meetings of a day one visitor with made-up addresses can't use up."""


def are_kept(provider: Provider, made_today: int) -> bool:
    """Whether only the last meetings of the day are left, so that an address has to be known or confirmed."""
    first = first_kept(provider)
    return first is not None and made_today >= first


def first_kept(provider: Provider) -> int | None:
    """After how many meetings of a day only the last are left; None where a provider makes as many as are wanted."""
    most = about(provider).meetings_a_day
    return None if most is None else most - KEPT


def until_next_day(now: datetime) -> timedelta:
    """How long it takes until the provider makes meetings for everybody again."""
    return known_since(now) + timedelta(days=1) - now


def known_since(now: datetime) -> datetime:
    """The instant before which a guest has to have booked: the start of the provider's day.

    What came in today may be a part of the flood.
    """
    return datetime.combine(day_of(now), time(), UTC)
