"""Hand out tokens for the API, list them, and take them back."""

from dataclasses import dataclass

from application.actor import HostActor
from application.people import short_text
from application.ports.accounts import ApiToken, ApiTokens
from application.ports.clock import Clock
from domain.errors import InvalidInput, NotFound
from domain.faults import Required, TooMany

MOST = 50
LONGEST_TOKEN_NAME = 60


@dataclass(frozen=True)
class IssueApiToken:
    tokens: ApiTokens
    clock: Clock

    async def __call__(self, actor: HostActor, name: str) -> str:
        """Make a token, and return it; it is never shown again. Raises Forbidden or InvalidInput."""
        host_id = actor.require("account:write")
        name = short_text(name, "name", LONGEST_TOKEN_NAME)
        if not name:
            raise InvalidInput.at("name", Required())
        if len(await self.tokens.of(host_id)) >= MOST:
            raise InvalidInput.at("name", TooMany(MOST))
        return await self.tokens.issue(host_id, name, self.clock())


@dataclass(frozen=True)
class ListApiTokens:
    tokens: ApiTokens

    async def __call__(self, actor: HostActor) -> tuple[ApiToken, ...]:
        """Return the host's tokens, the newest first. Raises Forbidden."""
        return await self.tokens.of(actor.require("account:read"))


@dataclass(frozen=True)
class RevokeApiToken:
    tokens: ApiTokens

    async def __call__(self, actor: HostActor, token_id: str) -> None:
        """Make a token worthless. Raises Forbidden, and NotFound for another host's token too."""
        if not await self.tokens.revoke(actor.require("account:write"), token_id):
            raise NotFound("api-token")
