"""The effect of disconnecting a provider on booking pages."""

from collections.abc import Iterable, Mapping

import msgspec

from domain.booking_page import BookingPage
from domain.connection import ProviderStatus
from domain.meeting_type import MeetingType, MeetingTypeName, name_of, offered, provider_of
from domain.provider import Provider


class FallsBack(msgspec.Struct, frozen=True):
    """Every event type of the page can still be booked; `to` are the meeting types that come first then."""

    page: BookingPage
    to: tuple[MeetingTypeName, ...]


class StopsBookings(msgspec.Struct, frozen=True):
    """At least one event type can't be booked any more; `titles` are those that can't."""

    page: BookingPage
    titles: tuple[str, ...]


def after_disconnecting(
    provider: Provider, pages: Iterable[BookingPage], now: Mapping[Provider, ProviderStatus]
) -> list[FallsBack | StopsBookings]:
    """Compare with a connection that works; pages that wouldn't offer the provider's meetings even so are left out.

    So a connection that has died tells of the pages that it has left already, too.
    """
    while_connected: dict[Provider, ProviderStatus] = {**now, provider: "connected"}
    then: dict[Provider, ProviderStatus] = {**now, provider: "not_connected"}
    found = (_after(page, provider, while_connected, then) for page in pages)
    return [each for each in found if each is not None]


def _after(
    page: BookingPage,
    provider: Provider,
    now: Mapping[Provider, ProviderStatus],
    then: Mapping[Provider, ProviderStatus],
) -> FallsBack | StopsBookings | None:
    touched = [
        (title, offered(order, then))
        for title, order in _orders(page)
        if any(provider_of(each) == provider for each in offered(order, now))
    ]
    if not touched:
        return None
    stopped = tuple(title for title, left in touched if not left)
    if stopped:
        return StopsBookings(page, stopped)
    return FallsBack(page, tuple(dict.fromkeys(name_of(left[0]) for _, left in touched)))


def _orders(page: BookingPage) -> list[tuple[str, tuple[MeetingType, ...]]]:
    """What can be booked, and its meeting types; a page without event types is looked at as a whole."""
    return [(each.title, page.meeting_types_of(each)) for each in page.event_types] or [
        (page.title, page.meeting_types)
    ]
