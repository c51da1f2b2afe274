"""Storage of API tokens. Only a digest of each secret is stored."""

from datetime import datetime
from typing import Protocol

from domain.api_token import ApiToken
from domain.ids import ApiTokenId, HostId


class ApiTokens(Protocol):
    """Tokens in a unit of work; lock the host first where something is decided by what is read here."""

    def add(self, token: ApiToken, secret: str) -> None:
        """Store a new token, found from then on by its secret."""
        ...

    async def of(self, host_id: HostId, /) -> tuple[ApiToken, ...]:
        """The host's tokens, expired ones too, the newest first."""
        ...

    def remove(self, host_id: HostId, token_id: ApiTokenId) -> None:
        """Make a token worthless; MUST leave another host's alone."""
        ...


class BearerTokens(Protocol):
    async def find(self, secret: str, now: datetime, /) -> ApiToken | None:
        """The token with this secret, in one round trip, an expired one too. MUST be None for a closed account.

        One that lasts counts as used now; that is noted at most once an hour.
        """
        ...
