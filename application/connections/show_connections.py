"""How a host's connections are doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.ports.clock import Clock
from application.ports.oauth import OAuthClient
from application.ports.views import Views
from domain.connection import ProviderConnection
from domain.ids import HostId
from domain.provider import Provider
from domain.provider_problem import ProviderProblem


class ConnectionHealth(msgspec.Struct, frozen=True):
    """A connection and what there is to say about it.

    Attributes:
        limited_until: when the passing limit that holds right now ends.
        may_have_ended: the same login was connected later elsewhere, at a provider that keeps only the latest grant.
    """

    connection: ProviderConnection
    problem: ProviderProblem | None
    limited_until: datetime | None
    may_have_ended: bool


@dataclass(frozen=True)
class ShowConnections:
    views: Views
    providers: Mapping[Provider, OAuthClient]
    clock: Clock

    async def __call__(self, host_id: HostId) -> dict[Provider, ConnectionHealth]:
        superseded = await self.views.superseded(host_id)
        now = self.clock()
        shown: dict[Provider, ConnectionHealth] = {}
        for each in await self.views.connections(host_id):
            doubtful = each.provider in superseded and each.problem is None and self._ends_older_grants(each.provider)
            shown[each.provider] = ConnectionHealth(each, each.problem, each.limit(now), doubtful)
        return shown

    def _ends_older_grants(self, provider: Provider) -> bool:
        client = self.providers.get(provider)
        return client is not None and client.capabilities.one_grant_per_login
