"""Hand out tokens for the API, list them, and take them back."""

from dataclasses import dataclass

from application.accounts.ask_for_mail import ask, mail_to
from application.accounts.confirm_identity import ConfirmIdentity
from application.actor import HostActor
from application.people import short_text
from application.ports.accounts import ApiToken, ApiTokens
from application.ports.clock import Clock, Ids
from application.ports.storage import Begin
from domain.errors import Checks, NotFound
from domain.faults import Required, TooMany
from domain.security_events import TokenMade, TokenRevoked

MOST = 50
LONGEST_TOKEN_NAME = 60


@dataclass(frozen=True)
class IssueApiToken:
    begin: Begin
    confirm: ConfirmIdentity
    tokens: ApiTokens
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, name: str, password: str) -> str:
        """Make a token, tell the host by mail, and return it; it is never shown again.

        Raises:
            Forbidden
            InvalidInput: `name` or `password`.
            TooManyRequests: the password was wrong too often.
        """
        host_id, checks = actor.require("account:write"), Checks()
        name = checks.run("", short_text, name, "name", LONGEST_TOKEN_NAME)
        if not name and not checks.faults:
            checks.note("name", Required())
        if len(await self.tokens.of(host_id)) >= MOST:
            checks.note("name", TooMany(MOST))
        host = await self.confirm(actor, password, checks)
        checks.done()
        now = self.clock()
        # Before the token: a trace without a token does no harm.
        async with self.begin() as uow:
            uow.security_log.record(TokenMade(host_id=host_id, at=now, origin=actor.origin, name=name))
            ask(uow, mail_to(host, "api_token_made", self.ids.new_id(), now))
        return await self.tokens.issue(host_id, name, now)


@dataclass(frozen=True)
class ListApiTokens:
    tokens: ApiTokens

    async def __call__(self, actor: HostActor) -> tuple[ApiToken, ...]:
        """Return the host's tokens, the newest first. Raises Forbidden."""
        return await self.tokens.of(actor.require("account:read"))


@dataclass(frozen=True)
class RevokeApiToken:
    begin: Begin
    tokens: ApiTokens
    clock: Clock

    async def __call__(self, actor: HostActor, token_id: str) -> None:
        """Make a token worthless. Raises Forbidden, and NotFound for another host's token too."""
        host_id = actor.require("account:write")
        name = next((each.name for each in await self.tokens.of(host_id) if each.id == token_id), None)
        if name is None or not await self.tokens.revoke(host_id, token_id):
            raise NotFound("api-token")
        async with self.begin() as uow:
            uow.security_log.record(TokenRevoked(host_id=host_id, at=self.clock(), origin=actor.origin, name=name))
