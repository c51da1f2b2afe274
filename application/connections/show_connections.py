"""The state of a host's connection to each provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.host_views import HostConnections
from application.ports.oauth import GrantCapabilities, OAuthClient
from domain.connection import ProviderConnection, ProviderStatus, statuses_of
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import ProviderProblem


class ProviderState(msgspec.Struct, frozen=True):
    """A provider and what there is to say about the host's connection to it.

    Attributes:
        problem: why the connection can't be used until somebody acts.
        limited_until: when the passing limit that holds right now ends.
        may_have_ended: the same login was connected later elsewhere, at a provider that keeps only the latest grant.
        can: None where this server has no settings for the provider.
    """

    provider: Provider
    status: ProviderStatus
    connection: ProviderConnection | None = None
    problem: ProviderProblem | None = None
    limited_until: datetime | None = None
    may_have_ended: bool = False
    can: GrantCapabilities | None = None


@dataclass(frozen=True)
class ShowConnections:
    connections: HostConnections
    providers: Mapping[Provider, OAuthClient]
    clock: Clock

    async def __call__(self, actor: HostActor) -> dict[Provider, ProviderState]:
        """Return a state for every provider; no grant is opened. Raises Forbidden."""
        host_id = actor.require("account:read")
        connections = {each.provider: each for each in await self.connections.connections(host_id)}
        statuses = statuses_of(frozenset(self.providers), list(connections.values()))
        superseded = await self.connections.superseded(host_id)
        return {
            each: self._state(each, statuses[each], connections.get(each), superseded=each in superseded)
            for each in PROVIDERS
        }

    def _state(
        self, provider: Provider, status: ProviderStatus, connection: ProviderConnection | None, *, superseded: bool
    ) -> ProviderState:
        client = self.providers.get(provider)
        can = None if client is None else client.capabilities
        if connection is None:
            return ProviderState(provider, status, can=can)
        doubtful = superseded and connection.problem is None and can is not None and can.one_grant_per_login
        limited_until = connection.limit(self.clock())
        return ProviderState(provider, status, connection, connection.problem, limited_until, doubtful, can)
