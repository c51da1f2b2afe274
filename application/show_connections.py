"""How are a host's connections doing, in words?"""

from dataclasses import dataclass

import msgspec

from application.ports.clock import Clock
from application.ports.views import Views
from domain.connection import PROVIDER_NAMES, Provider, ProviderConnection
from domain.ids import HostId

_MAY_HAVE_ENDED = (
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
    clock: Clock

    async def __call__(self, host_id: HostId) -> dict[Provider, ConnectionHealth]:
        superseded = await self.views.superseded(host_id)
        now = self.clock()
        shown: dict[Provider, ConnectionHealth] = {}
        for each in await self.views.connections(host_id):
            limit = each.limit(now)
            notes = (limit,) if limit else ()
            if each.provider in superseded and each.problem is None:
                notes = (*notes, _MAY_HAVE_ENDED.format(name=PROVIDER_NAMES[each.provider]))
            shown[each.provider] = ConnectionHealth(each, each.problem, notes)
        return shown
