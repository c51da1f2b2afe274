"""Preview what disconnecting a provider will do."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from application.actor import HostActor
from application.connections.revoking import FindRelying, Revoked, revocation
from application.ports.clock import Clock
from application.ports.host_views import HostViews
from application.ports.oauth import OAuthClient
from application.ports.unit_of_work import Begin
from domain.conference import Pending, Ready
from domain.connection import ProviderConnection, statuses_of
from domain.disconnecting import FallsBack, StopsBookings, after_disconnecting
from domain.errors import NotFound
from domain.ids import HostId
from domain.provider import Provider

AT_ONCE = 200


class AfterDisconnect(msgspec.Struct, frozen=True):
    """The pages that are touched, and what becomes of coming bookings.

    Attributes:
        already: the connection can't be used as it is, so that the pages do by now what is said of them.
        bookings_waiting: how many have no link yet, and are decided anew.
    """

    fall_back: tuple[FallsBack, ...]
    stop: tuple[StopsBookings, ...]
    already: bool
    bookings_keeping_links: int
    bookings_waiting: int
    revoked: Revoked


@dataclass(frozen=True)
class PreviewDisconnect:
    begin: Begin
    views: HostViews
    providers: Mapping[Provider, OAuthClient]
    find_relying: FindRelying
    clock: Clock

    async def __call__(self, actor: HostActor, provider: Provider) -> AfterDisconnect:
        """Look ahead, changing nothing. Raises Forbidden, and NotFound where nothing is connected."""
        host_id = actor.require("account:read")
        connections = await self.views.connections(host_id)
        connection = next((each for each in connections if each.provider == provider), None)
        if connection is None:
            raise NotFound("provider")
        now = statuses_of(frozenset(self.providers), connections)
        touched = after_disconnecting(provider, await self.views.pages(host_id), now)
        links, waiting = await self._bookings(host_id, provider)
        return AfterDisconnect(
            tuple(each for each in touched if isinstance(each, FallsBack)),
            tuple(each for each in touched if isinstance(each, StopsBookings)),
            now[provider] != "connected",
            links,
            waiting,
            await self._revoked(connection),
        )

    async def _bookings(self, host_id: HostId, provider: Provider) -> tuple[int, int]:
        """Count the coming bookings whose link is this provider's, and those that wait for one."""
        links, waiting, cursor = 0, 0, None
        while True:
            page = await self.views.bookings(host_id, "upcoming", now=self.clock(), cursor=cursor, limit=AT_ONCE)
            for view in page.items:
                match view.booking.conference:
                    case Ready(provider=whose) if whose == provider:
                        links += 1
                    case Pending(provider=whose) if whose == provider:
                        waiting += 1
                    case _:
                        pass
            cursor = page.next
            if cursor is None:
                return links, waiting

    async def _revoked(self, connection: ProviderConnection) -> Revoked:
        host_id, provider = connection.host_id, connection.provider
        async with self.begin() as uow:
            relying = await self.find_relying.besides_meetings(uow, provider, connection.account.user_id, host_id)
        return revocation(self.providers.get(provider), relying, host_id)
