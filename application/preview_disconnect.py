"""What would disconnecting a provider do: said before it is done."""

from dataclasses import dataclass

import msgspec

from application.offering import statuses_of
from application.ports.clock import Clock
from application.ports.views import Views
from domain.conference import Ready
from domain.connection import Provider
from domain.disconnecting import FallsBack, StopsBookings, after_disconnecting
from domain.ids import HostId

AT_ONCE = 200


class AfterDisconnect(msgspec.Struct, frozen=True):
    """The pages that are touched, and how many coming bookings keep their links."""

    fall_back: tuple[FallsBack, ...]
    stop: tuple[StopsBookings, ...]
    bookings_keeping_links: int


@dataclass(frozen=True)
class PreviewDisconnect:
    views: Views
    configured: frozenset[Provider]
    clock: Clock

    async def __call__(self, host_id: HostId, provider: Provider) -> AfterDisconnect:
        """Look ahead; nothing is changed."""
        now = statuses_of(self.configured, await self.views.connections(host_id))
        touched = after_disconnecting(provider, await self.views.pages(host_id), now)
        return AfterDisconnect(
            tuple(each for each in touched if isinstance(each, FallsBack)),
            tuple(each for each in touched if isinstance(each, StopsBookings)),
            await self._links(host_id, provider),
        )

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
