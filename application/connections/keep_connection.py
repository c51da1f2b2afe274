"""Keep connections alive that nobody uses: a refresh token that isn't used ends by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.connections.grants import UseGrant
from application.ports.clock import Clock
from application.ports.oauth import OAuthClient
from application.ports.owed import Claim, Work
from application.ports.provider import NotConnected, NotPermitted, ProviderError
from application.ports.storage import Begin
from application.ports.views import Views
from domain.connection import KEEP_AFTER
from domain.ids import HostId
from domain.provider import Provider
from domain.retry import next_try_at

BATCH = 50
EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class OweKeeping:
    """Owe a refresh of the connections that were idle the longest; to be called once in `EVERY`.

    At most `BATCH` at a time, spread over the time until the next ones: ten thousand hosts who connected in one week
    don't come back in one minute.
    """

    begin: Begin
    views: Views
    configured: frozenset[Provider]
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self) -> int:
        """Returns how many were found."""
        now = self.clock()
        idle = await self.views.idle_connections(self.configured, now - KEEP_AFTER, BATCH)
        if idle:
            async with self.begin() as uow:
                uow.owed.owe(*(self._work(host_id, provider) for host_id, provider in idle))
        return len(idle)

    def _work(self, host_id: HostId, provider: Provider) -> Work:
        return Work("keep_connection", f"{host_id}/{provider}", self.clock() + EVERY * self.jitter())


@dataclass(frozen=True)
class KeepConnection:
    """Refresh one connection, if it is still idle by now."""

    begin: Begin
    providers: Mapping[Provider, OAuthClient]
    use_grant: UseGrant
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        host_id, provider = _subject(claim)
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
            found = await uow.connections.get(host_id, provider)
        client = self.providers.get(provider)
        try:
            if client is not None and found is not None and found.is_idle(self.clock()):
                # Tokens this old have expired, so using them is renewing them.
                await self.use_grant(host_id, client)
        except (NotConnected, NotPermitted):
            # Noted on the connection, and told to the host.
            pass
        except ProviderError:
            async with self.begin() as uow:
                uow.owed.postpone(claim, next_try_at(claim.attempts + 1, self.clock(), jitter=self.jitter()))
            return
        async with self.begin() as uow:
            uow.owed.settle(claim)


def _subject(claim: Claim) -> tuple[HostId, Provider]:
    host_id, _, name = claim.subject.partition("/")
    return HostId(host_id), msgspec.convert(name, Provider)
