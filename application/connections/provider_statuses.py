"""Read whether a host's meetings can be made at each provider."""

from dataclasses import dataclass

from application.actor import HostActor
from application.ports.host_views import HostConnections
from domain.connection import ProviderStatus, statuses_of
from domain.provider import Provider


@dataclass(frozen=True)
class ShowProviderStatuses:
    connections: HostConnections
    configured: frozenset[Provider]

    async def __call__(self, actor: HostActor) -> dict[Provider, ProviderStatus]:
        """Return a status for every provider. Raises Forbidden."""
        return statuses_of(self.configured, await self.connections.connections(actor.require("account:read")))
