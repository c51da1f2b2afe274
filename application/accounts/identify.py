"""Find out who calls: by the session of a browser, or by an API token."""

from dataclasses import dataclass

from application.actor import HostActor
from application.ports.accounts import ApiTokens, Sessions
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.errors import Unauthorized
from domain.host import Host


@dataclass(frozen=True)
class IdentifySession:
    begin: Begin
    sessions: Sessions
    clock: Clock

    async def __call__(self, token: str) -> Host | None:
        """Return the host who is signed in with this session, while it lasts."""
        host_id = await self.sessions.host_of(token, self.clock())
        if host_id is None:
            return None
        async with self.begin() as uow:
            return await uow.hosts.get(host_id)


@dataclass(frozen=True)
class IdentifyToken:
    api_tokens: ApiTokens
    clock: Clock

    async def __call__(self, token: str) -> HostActor:
        """Return whom this API token lets act, and how far; it counts as used now.

        Raises:
            Unauthorized: no host has it, or has it any more.
        """
        host_id = await self.api_tokens.host_of(token, self.clock())
        if host_id is None:
            raise Unauthorized("token-unknown")
        return HostActor(host_id)


@dataclass(frozen=True)
class SignOut:
    sessions: Sessions

    async def __call__(self, token: str) -> None:
        """End a session; one that ended before is fine."""
        await self.sessions.close(token)
