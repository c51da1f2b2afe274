"""Disconnect a host's account at a provider."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from application.grants import SKEW
from application.ports.clock import Clock
from application.ports.provider import ConferenceProvider, Grant, ProviderError
from application.ports.storage import Begin
from application.waiting_bookings import decide_anew
from domain.connection import Provider
from domain.ids import HostId


@dataclass(frozen=True)
class DisconnectProvider:
    """Delete the stored tokens at once, then tell the provider, which may fail without consequence."""

    begin: Begin
    providers: Mapping[Provider, ConferenceProvider]
    clock: Clock

    async def __call__(self, host_id: HostId, provider: Provider) -> None:
        """Forget the connection; there being none is fine."""
        async with self.begin() as uow:
            found = await uow.connections.lock(host_id, provider)
            if found is None:
                return
            connection, grant = found
            # Revoking uninstalls the app for that login, so it would end another host's connection too.
            relied_on = await uow.connections.others_on(connection)
            uow.connections.remove(host_id, provider)
            await decide_anew(uow, host_id, provider, self.clock())
        client = self.providers.get(provider)
        if client is not None and not relied_on:
            with suppress(ProviderError):
                await client.revoke(await self._alive(client, grant))

    async def _alive(self, client: ConferenceProvider, grant: Grant) -> Grant:
        """An expired access token can't be revoked; its successor lives in memory only."""
        return grant if self.clock() < grant.expires_at - SKEW else await client.refresh(grant)
