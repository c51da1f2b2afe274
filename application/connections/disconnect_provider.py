"""Disconnect a host's account at a provider."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.actor import HostActor, System
from application.connections.revoking import FindRelying, Revoked, revocation, revoke
from application.decisions import apply_to_connection
from application.ports.clock import Clock
from application.ports.oauth import Grant, OAuthClient
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.vault import Unopenable
from domain.ids import HostId
from domain.origin import Origin
from domain.provider import Provider


@dataclass(frozen=True)
class DisconnectProvider:
    """Delete the stored tokens at once, then tell the provider, which may fail without consequence."""

    begin: Begin
    providers: Mapping[Provider, OAuthClient]
    find_relying: FindRelying
    clock: Clock

    async def __call__(self, actor: HostActor, provider: Provider) -> Revoked:
        """Forget the connection; there being none is fine. Returns what the provider was told. Raises Forbidden."""
        return await self._forget(actor.require("account:write"), provider, actor.origin)

    async def of(self, _actor: System, host_id: HostId, provider: Provider) -> None:
        """Do the same for a host whose account is being deleted."""
        await self._forget(host_id, provider, None)

    async def _forget(self, host_id: HostId, provider: Provider, origin: Origin | None) -> Revoked:
        client = self.providers.get(provider)
        async with self.begin() as uow:
            connection = await uow.connections.lock(host_id, provider)
            if connection is None:
                return "nothing"
            grant = await _opened(uow, host_id, provider)
            relying = await self.find_relying.besides_meetings(uow, provider, connection.account.user_id, host_id)
            await apply_to_connection(uow, connection.was_dropped(self.clock()), origin=origin)
        revoked = revocation(client, relying, host_id)
        await revoke(client, grant, revoked, self.clock())
        return revoked


async def _opened(uow: UnitOfWork, host_id: HostId, provider: Provider) -> Grant | None:
    """The grant to revoke; one that can't be opened any more is deleted all the same."""
    try:
        return await uow.connections.grant(host_id, provider)
    except Unopenable:
        return None
