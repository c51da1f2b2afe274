"""Hand out tokens for the API, list them, and take them back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec

from application.accounts.ask_for_mail import ask, mail_to
from application.accounts.confirm_identity import ConfirmIdentity
from application.actor import HostActor, Program
from application.effects import carry_out, token_made, token_removed
from application.people import short_text
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from application.still_in import check_still_in
from domain.api_token import LONGEST_TOKEN_NAME, MOST_TOKENS, ApiToken, GrantedScope
from domain.budgets import TOKENS_MADE
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import NoRoom, OutlivesToken, Required, TimeOver
from domain.ids import ApiTokenId
from domain.security_events import TokenMade, TokenRevoked


class NewApiToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token that is wanted; `expires_at` left out means as late as possible."""

    name: str
    scopes: tuple[GrantedScope, ...]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class IssuedApiToken(msgspec.Struct, frozen=True):
    """A token with its secret, which is never shown again."""

    token: ApiToken
    secret: str


@dataclass(frozen=True)
class IssueApiToken:
    begin: Begin
    confirm: ConfirmIdentity
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, new: NewApiToken, password: str = "") -> IssuedApiToken:
        """Make a token, and tell the host by mail.

        A program's token may do no more than its own, and lasts no longer. A host in person is asked for the password.

        Raises:
            Forbidden: names a scope that the program itself doesn't have.
            InvalidInput: `name`, `scopes`, `expires_at` or `password`.
            NotFound: the account is gone.
            TooManyRequests: the password was wrong too often, or too many tokens were made.
            Unauthorized: who asks was locked out meanwhile.
        """
        host_id, now = actor.require("account:write"), self.clock()
        clean = await self.check(actor, new, password)
        token = ApiToken(ApiTokenId(self.ids.new_id()), host_id, clean.name, clean.scopes, now, clean.expires_at)
        secret = self.ids.new_token()
        async with self.begin() as uow:
            # Locked, so that requests at once count one another.
            host = await uow.hosts.lock(host_id)
            if host is None:
                raise NotFound("account")
            await check_still_in(uow, actor)
            others = await uow.api_tokens.of(host_id)
            lasting = [each for each in others if not each.has_expired(now)]
            if len(lasting) >= MOST_TOKENS:
                raise InvalidInput.at("name", NoRoom("api-tokens", MOST_TOKENS))
            await self.spend.within(uow, TOKENS_MADE.of(host_id))
            expired = [each for each in others if each not in lasting]
            for each in expired[MOST_TOKENS - 1 - len(lasting) :]:
                uow.api_tokens.remove(host_id, each.id)
            uow.api_tokens.add(token, secret)
            uow.security_log.record(TokenMade(host_id=host_id, at=now, origin=actor.origin, name=token.name))
            ask(uow, mail_to(host, "api_token_made", self.ids.new_id(), now))
            carry_out(uow, token_made(token))
        return IssuedApiToken(token, secret)

    async def check(self, actor: HostActor, new: NewApiToken, password: str = "") -> NewApiToken:
        """Return the token as it would be made. Raises like a call."""
        checks = Checks()
        for scope in new.scopes:
            actor.require(scope)
        name = checks.run("", _named, new.name)
        if not new.scopes:
            checks.note("scopes", Required())
        expires_at = checks.run(None, _expiry, new.expires_at, actor.program, self.clock())
        if actor.program is None:
            await self.confirm(actor, password, checks)
        checks.done()
        # Each once.
        return NewApiToken(name, tuple(dict.fromkeys(new.scopes)), expires_at)


@dataclass(frozen=True)
class ListApiTokens:
    begin: Begin

    async def __call__(self, actor: HostActor) -> tuple[ApiToken, ...]:
        """Return the host's tokens, the newest first. Raises Forbidden."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            return await uow.api_tokens.of(host_id)


@dataclass(frozen=True)
class RevokeApiToken:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, token_id: ApiTokenId) -> None:
        """Make a token worthless. Raises Forbidden, and NotFound for another host's token too."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            await uow.hosts.lock(host_id)
            token = next((each for each in await uow.api_tokens.of(host_id) if each.id == token_id), None)
            if token is None:
                raise NotFound("api-token")
            uow.api_tokens.remove(host_id, token_id)
            carry_out(uow, token_removed(token))
            revoked = TokenRevoked(host_id=host_id, at=self.clock(), origin=actor.origin, name=token.name)
            uow.security_log.record(revoked)


def _named(text: str) -> str:
    name = short_text(text, "name", LONGEST_TOKEN_NAME)
    if not name:
        raise InvalidInput.at("name", Required())
    return name


def _expiry(wished: datetime | None, maker: Program | None, now: datetime) -> datetime | None:
    """When a new token expires: with its maker, unless that is to be earlier."""
    last = None if maker is None else maker.until
    if wished is None:
        return last
    if wished <= now:
        raise InvalidInput.at("expires_at", TimeOver())
    if last is not None and wished > last:
        raise InvalidInput.at("expires_at", OutlivesToken(last))
    return wished
