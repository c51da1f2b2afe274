"""Connect a host's account at a provider: the authorization request, and every callback."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

import msgspec

from application.actor import HostActor
from application.connections.disconnect_provider import may_revoke
from application.decisions import apply_to_connection
from application.ports.accounts import AuthorizationRequest, Authorizations, InvalidState
from application.ports.clock import Clock, Ids
from application.ports.oauth import AccountClient, Grant
from application.ports.provider import (
    AuthorizationRefused,
    NeedsAdmin,
    NotPermitted,
    PersonalAccount,
    ProviderError,
    TryLater,
)
from application.ports.storage import Begin
from domain.connection import Connected, ProviderAccount, ProviderConnection, connect
from domain.errors import NotFound
from domain.origin import Origin
from domain.provider import Provider

GOOD_FOR = timedelta(minutes=10)


class CallbackOutcome(StrEnum):
    """How an authorization request ended."""

    CONNECTED = "connected"
    DECLINED = "declined"
    NO_CODE = "no-code"
    NO_STATE = "no-state"
    UNKNOWN_STATE = "unknown-state"
    USED_BEFORE = "used-before"
    ELSEWHERE = "elsewhere"
    TOO_LATE = "too-late"
    CODE_REFUSED = "code-refused"
    TOO_FEW_SCOPES = "too-few-scopes"
    NEEDS_ADMIN = "needs-admin"
    PERSONAL_ACCOUNT = "personal-account"
    NOT_PERMITTED = "not-permitted"
    TRY_LATER = "try-later"
    MISCONFIGURED = "misconfigured"


class Callback(msgspec.Struct, frozen=True):
    """What the provider put into the redirect."""

    state: str | None = None
    code: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class StartConnecting:
    """Send a host to the provider, bound to this browser session."""

    providers: Mapping[Provider, AccountClient]
    authorizations: Authorizations
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, session: str, provider: Provider) -> str:
        """Remember the authorization request and return where the browser goes.

        Raises:
            NotFound: this server has no settings for the provider.
            Forbidden
        """
        host_id = actor.require("account:write")
        if provider not in self.providers:
            raise NotFound("provider-settings")
        state, verifier = self.ids.new_token(), self.ids.new_token() + self.ids.new_token()
        request = AuthorizationRequest(state, provider, host_id, session, verifier, self.clock() + GOOD_FOR)
        await self.authorizations.remember(request)
        return self.providers[provider].authorize_url(state, _challenge(verifier))


@dataclass(frozen=True)
class FinishConnecting:
    """Turn the callback from a provider into a connection, or into the reason why there is none."""

    begin: Begin
    providers: Mapping[Provider, AccountClient]
    authorizations: Authorizations
    clock: Clock

    async def __call__(self, actor: HostActor, session: str, provider: Provider, callback: Callback) -> CallbackOutcome:
        """Connect, replacing what was connected before; anything but CONNECTED leaves everything as it was.

        Raises Forbidden.
        """
        host_id = actor.require("account:write")
        if provider not in self.providers:
            raise NotFound("provider-settings")
        if not callback.state:
            return CallbackOutcome.NO_STATE
        request = await self.authorizations.take(callback.state, session)
        if isinstance(request, InvalidState):
            return _INVALID[request]
        if request.host_id != host_id:
            return CallbackOutcome.ELSEWHERE
        if request.provider != provider:
            return CallbackOutcome.UNKNOWN_STATE
        if callback.error:
            return _REFUSED.get(callback.error, CallbackOutcome.DECLINED)
        if request.expires_at <= self.clock():
            return CallbackOutcome.TOO_LATE
        if not callback.code:
            return CallbackOutcome.NO_CODE
        return await self._connect(request, callback.code, actor.origin)

    async def _connect(self, request: AuthorizationRequest, code: str, origin: Origin | None) -> CallbackOutcome:
        client = self.providers[request.provider]
        try:
            grant = await client.exchange(code, request.code_verifier)
        except ProviderError as error:
            return _ended_by(error)
        account = grant.account
        try:
            account = await client.account(grant)
        except NotPermitted as error:
            ended, account = _ended_by(error), error.account or account
        except ProviderError as error:
            ended = _ended_by(error)
        else:
            ended = CallbackOutcome.CONNECTED
        if not client.scopes <= grant.scopes:
            ended = CallbackOutcome.TOO_FEW_SCOPES
        if account is not None and ended is CallbackOutcome.CONNECTED:
            await self._store(request, account, grant, origin)
        else:
            await self._give_back(request, client, grant, account)
        return ended

    async def _give_back(
        self, request: AuthorizationRequest, client: AccountClient, grant: Grant, account: ProviderAccount | None
    ) -> None:
        """Take the app off an account that isn't connected, which may fail without consequence.

        Where that would end whatever the login has allowed, it is left alone unless the login is known and free.
        """
        relied_on = 0
        if client.capabilities.revocation != "grant":
            relied_on = 1 if account is None else await self._relied_on(request, account)
        if may_revoke(client, relied_on):
            with suppress(ProviderError):
                await client.revoke(grant)

    async def _relied_on(self, request: AuthorizationRequest, account: ProviderAccount) -> int:
        """By how many connections; an older one of this host's own counts, as it was to stay as it is."""
        mine = ProviderConnection(request.host_id, request.provider, account, Connected(), self.clock())
        async with self.begin() as uow:
            found = await uow.connections.get(request.host_id, request.provider)
            others = await uow.connections.others_on(mine)
        return others + (found is not None and found.account.user_id == account.user_id)

    async def _store(
        self, request: AuthorizationRequest, account: ProviderAccount, grant: Grant, origin: Origin | None
    ) -> None:
        connected = connect(request.host_id, request.provider, account, self.clock())
        async with self.begin() as uow:
            apply_to_connection(uow, connected, grant, origin=origin)


def _ended_by(error: ProviderError) -> CallbackOutcome:
    match error:
        case AuthorizationRefused():
            return CallbackOutcome.CODE_REFUSED
        case NeedsAdmin():
            return CallbackOutcome.NEEDS_ADMIN
        case PersonalAccount():
            return CallbackOutcome.PERSONAL_ACCOUNT
        case NotPermitted():
            return CallbackOutcome.NOT_PERMITTED
        case TryLater():
            return CallbackOutcome.TRY_LATER
        case _:
            return CallbackOutcome.MISCONFIGURED


_INVALID: dict[InvalidState, CallbackOutcome] = {
    InvalidState.UNKNOWN: CallbackOutcome.UNKNOWN_STATE,
    InvalidState.USED: CallbackOutcome.USED_BEFORE,
    InvalidState.ELSEWHERE: CallbackOutcome.ELSEWHERE,
}

# RFC 6749, 4.1.2.1, and OpenID Connect Core, 3.1.2.6; `admin_policy_enforced` is said where an organisation forbids an
# app altogether. Anything else is the person's own no.
_REFUSED: dict[str, CallbackOutcome] = {
    "admin_policy_enforced": CallbackOutcome.NEEDS_ADMIN,
    "consent_required": CallbackOutcome.NEEDS_ADMIN,
    "server_error": CallbackOutcome.TRY_LATER,
    "temporarily_unavailable": CallbackOutcome.TRY_LATER,
    "invalid_request": CallbackOutcome.MISCONFIGURED,
    "invalid_scope": CallbackOutcome.MISCONFIGURED,
    "unauthorized_client": CallbackOutcome.MISCONFIGURED,
    "unsupported_response_type": CallbackOutcome.MISCONFIGURED,
}


def _challenge(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
