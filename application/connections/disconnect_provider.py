"""Disconnect a host's account at a provider."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from application.actor import HostActor, System
from application.connections.grants import SKEW
from application.decisions import apply_to_connection
from application.ports.clock import Clock
from application.ports.oauth import Grant, OAuthClient
from application.ports.provider import ProviderError
from application.ports.storage import Begin, UnitOfWork
from application.ports.vault import Unopenable
from domain.ids import HostId
from domain.origin import Origin
from domain.provider import Provider


@dataclass(frozen=True)
class DisconnectProvider:
    """Delete the stored tokens at once, then tell the provider, which may fail without consequence."""

    begin: Begin
    providers: Mapping[Provider, OAuthClient]
    clock: Clock

    async def __call__(self, actor: HostActor, provider: Provider) -> None:
        """Forget the connection; there being none is fine. Raises Forbidden."""
        await self._forget(actor.require("account:write"), provider, actor.origin)

    async def of(self, _actor: System, host_id: HostId, provider: Provider) -> None:
        """Do the same for a host whose account is being deleted."""
        await self._forget(host_id, provider, None)

    async def _forget(self, host_id: HostId, provider: Provider, origin: Origin | None) -> None:
        async with self.begin() as uow:
            connection = await uow.connections.lock(host_id, provider)
            if connection is None:
                return
            grant = await _opened(uow, host_id, provider)
            relied_on = await uow.connections.others_on(connection)
            apply_to_connection(uow, connection.was_dropped(self.clock()), origin=origin)
        client = self.providers.get(provider)
        if client is not None and grant is not None and may_revoke(client, relied_on):
            with suppress(ProviderError):
                await client.revoke(await self._revocable(client, grant))

    async def _revocable(self, client: OAuthClient, grant: Grant) -> Grant:
        """An access token that has to live is renewed where it has expired; its successor lives in memory only."""
        if not client.capabilities.revokes_access_tokens or self.clock() < grant.expires_at - SKEW:
            return grant
        return await client.refresh(grant)


async def _opened(uow: UnitOfWork, host_id: HostId, provider: Provider) -> Grant | None:
    """The grant to revoke; one that can't be opened any more is deleted all the same."""
    try:
        return await uow.connections.grant(host_id, provider)
    except Unopenable:
        return None


def may_revoke(client: OAuthClient, relied_on: int) -> bool:
    """Whether the provider can be told without ending the connection of another host on the same login."""
    match client.capabilities.revocation:
        case None:
            return False
        case "grant":
            return True
        case "login" | "project":
            return not relied_on
