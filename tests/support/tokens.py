"""API tokens for tests, made without being asked for anything."""

from datetime import datetime
from secrets import token_urlsafe

from application.ports.api_tokens import BearerTokens
from application.ports.unit_of_work import Begin
from domain.api_token import ApiToken, GrantedScope
from domain.ids import ApiTokenId, HostId


async def an_api_token(
    begin: Begin,
    host_id: HostId,
    now: datetime,
    *scopes: GrantedScope,
    name: str = "test",
    expires_at: datetime | None = None,
) -> str:
    """Store a token and return its secret; it may do everything unless told."""
    secret = token_urlsafe()
    token = ApiToken(ApiTokenId(token_urlsafe()), host_id, name, scopes or ("*",), now, expires_at)
    async with begin() as uow:
        uow.api_tokens.add(token, secret)
    return secret


async def host_of(tokens: BearerTokens, secret: str, now: datetime) -> HostId | None:
    """Whose token this is."""
    found = await tokens.find(secret, now)
    return found and found.host_id
