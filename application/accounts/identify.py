"""Find out who calls: by the session of a browser, or by an API token."""

from dataclasses import dataclass

from application.actor import HostActor, Program
from application.ports.accounts import OpenSession, Sessions
from application.ports.api_tokens import BearerTokens
from application.ports.clock import Clock
from domain.errors import Unauthorized
from domain.origin import Origin


@dataclass(frozen=True)
class IdentifySession:
    sessions: Sessions
    clock: Clock

    async def __call__(self, token: str, origin: Origin | None = None) -> OpenSession | None:
        """Return the session and the host who is signed in with it, while it lasts; it counts as used now."""
        return await self.sessions.find(token, self.clock(), origin)


@dataclass(frozen=True)
class IdentifyToken:
    tokens: BearerTokens
    clock: Clock

    async def __call__(self, token: str, origin: Origin | None = None) -> HostActor:
        """Return whom this API token lets act, and how far; it counts as used now.

        Raises:
            Unauthorized: no host has it, or has it any more, or it has expired.
        """
        now = self.clock()
        found = await self.tokens.find(token, now)
        if found is None:
            raise Unauthorized("token-unknown")
        if found.has_expired(now):
            raise Unauthorized("token-expired")
        program = Program(found.id, found.expires_at)
        return HostActor(found.host_id, frozenset(found.scopes), origin, program=program)


@dataclass(frozen=True)
class SignOut:
    sessions: Sessions

    async def __call__(self, token: str) -> None:
        """End a session; one that ended before is fine."""
        await self.sessions.close(token)
