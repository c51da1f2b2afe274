"""Hand out tokens for the API."""

from dataclasses import dataclass

from application.people import short_text
from application.ports.accounts import ApiTokens
from application.ports.clock import Clock
from domain.errors import InvalidInput
from domain.ids import HostId

MOST = 50
LONGEST_NAME = 60


@dataclass(frozen=True)
class IssueApiToken:
    tokens: ApiTokens
    clock: Clock

    async def __call__(self, host_id: HostId, name: str) -> str:
        """Make a token, and return it; it is never shown again. Raises InvalidInput."""
        name = short_text(name, "name", LONGEST_NAME)
        if not name:
            raise InvalidInput("name", "Please say what the token is for.")
        if len(await self.tokens.of(host_id)) >= MOST:
            raise InvalidInput("name", "You have 50 tokens. Please revoke one that you no longer need first.")
        return await self.tokens.issue(host_id, name, self.clock())
