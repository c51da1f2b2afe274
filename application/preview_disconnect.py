"""What would disconnecting a provider do: said before it is done."""

from dataclasses import dataclass

import msgspec

from application.offering import statuses_of
from application.ports.clock import Clock
from application.ports.views import Views
from domain.booking_page import BookingPage
from domain.conference import Ready
from domain.connection import Provider, ProviderStatus
from domain.ids import HostId
from domain.meeting_type import MeetingType, offered, provider_of

AT_ONCE = 200


class AfterDisconnect(msgspec.Struct, frozen=True):
    """The pages that are touched, and how many coming bookings keep their links.

    Attributes:
        fall_back: pages whose every event type can still be booked, by another meeting type.
        stop: pages where at least one event type can't be booked any more.
    """

    fall_back: tuple[BookingPage, ...]
    stop: tuple[BookingPage, ...]
    bookings_keeping_links: int


@dataclass(frozen=True)
class PreviewDisconnect:
    views: Views
    configured: frozenset[Provider]
    clock: Clock

    async def __call__(self, host_id: HostId, provider: Provider) -> AfterDisconnect:
        """Look ahead; nothing is changed."""
        now = statuses_of(self.configured, await self.views.connections(host_id))
        then: dict[Provider, ProviderStatus] = {**now, provider: "not_connected"}
        fall_back: list[BookingPage] = []
        stop: list[BookingPage] = []
        for page in await self.views.pages(host_id):
            touched = [
                order for order in _orders(page) if any(provider_of(each) == provider for each in offered(order, now))
            ]
            if touched:
                (fall_back if all(offered(order, then) for order in touched) else stop).append(page)
        return AfterDisconnect(tuple(fall_back), tuple(stop), await self._links(host_id, provider))

    async def _links(self, host_id: HostId, provider: Provider) -> int:
        """Count the coming bookings whose link is this provider's."""
        found, cursor = 0, None
        while True:
            page = await self.views.bookings(host_id, "upcoming", now=self.clock(), cursor=cursor, limit=AT_ONCE)
            conferences = (view.booking.conference for view in page.items)
            found += sum(isinstance(each, Ready) and each.provider == provider for each in conferences)
            cursor = page.next
            if cursor is None:
                return found


def _orders(page: BookingPage) -> list[tuple[MeetingType, ...]]:
    return [page.meeting_types_of(each) for each in page.event_types] or [page.meeting_types]
