"""How are a host's connections doing, in words?"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from application.ports.clock import Clock
from application.ports.provider import ConferenceProvider
from application.ports.views import Views
from domain.connection import ProviderConnection
from domain.ids import HostId
from domain.provider import PROVIDER_NAMES, Provider
from domain.words import Words, marked

_MAY_HAVE_ENDED = marked(
    "The same {name} login has since been connected by another TimeTuna account. {name} keeps only the latest "
    "connection of a login, so this one may have ended: reconnect {name} to use it here."
)


class ConnectionHealth(msgspec.Struct, frozen=True):
    """A connection and what there is to say about it.

    Attributes:
        problem: why it can't be used until somebody acts.
        notes: what is worth knowing while it can be used.
    """

    connection: ProviderConnection
    problem: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ShowConnections:
    views: Views
    providers: Mapping[Provider, ConferenceProvider]
    clock: Clock

    async def __call__(self, host_id: HostId) -> dict[Provider, ConnectionHealth]:
        superseded = await self.views.superseded(host_id)
        now = self.clock()
        shown: dict[Provider, ConnectionHealth] = {}
        for each in await self.views.connections(host_id):
            limit = each.limit(now)
            notes = (limit,) if limit else ()
            if each.provider in superseded and each.problem is None and self._ends_older_grants(each.provider):
                notes = (*notes, Words(_MAY_HAVE_ENDED, name=PROVIDER_NAMES[each.provider]))
            shown[each.provider] = ConnectionHealth(each, each.problem, notes)
        return shown

    def _ends_older_grants(self, provider: Provider) -> bool:
        client = self.providers.get(provider)
        return client is not None and client.capabilities.one_grant_per_login
