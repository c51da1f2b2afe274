"""The last meetings that a provider makes on a day are kept for guests who are known to be somebody."""

from datetime import UTC, datetime, time, timedelta

from domain.connection import day_of
from domain.events import Booked, Event, Held, HostAsked, MeetingRetried, MeetingSwitched, Rescheduled
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


def makes_known(event: Event) -> bool:
    """Whether a guest with a confirmed booking to which this has happened is known to its host.

    Either the address was proved, or the host has made, moved or otherwise seen to the booking. That a booking is old,
    or even over, says nothing: anybody brings that about, with any address, on the day before.
    """
    match event:
        case Held() | MeetingSwitched():
            return True
        case Booked(by=by) | Rescheduled(by=by):
            return by == "host"
        case MeetingRetried(cause=cause):
            return isinstance(cause, HostAsked)
        case _:
            return False


def next_day(now: datetime) -> datetime:
    """When the provider makes meetings for everybody again."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), UTC)
