"""Connect a host's account at a provider: the trip there, and every way back."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

import msgspec

from application.connections.disconnect_provider import may_revoke
from application.jobs import Due, RetryWaitingBookings
from application.ports.accounts import Astray, Authorization, Authorizations
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
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.errors import NotFound
from domain.ids import HostId
from domain.provider import Provider

GOOD_FOR = timedelta(minutes=10)


class Return(StrEnum):
    """How a trip to the provider ended; each has its own words on the page."""

    CONNECTED = "connected"
    DECLINED = "declined"
    NO_CODE = "no-code"
    NO_STATE = "no-state"
    UNKNOWN_TRIP = "unknown-trip"
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

    async def __call__(self, host_id: HostId, session: str, provider: Provider) -> str:
        """Remember the trip and return where the browser goes.

        Raises:
            NotFound: this server has no settings for the provider.
        """
        if provider not in self.providers:
            raise NotFound("provider-settings")
        state, verifier = self.ids.new_token(), self.ids.new_token() + self.ids.new_token()
        trip = Authorization(state, provider, host_id, session, verifier, self.clock() + GOOD_FOR)
        await self.authorizations.remember(trip)
        return self.providers[provider].authorize_url(state, _challenge(verifier))


@dataclass(frozen=True)
class FinishConnecting:
    """Turn the return from a provider into a connection, or into the reason why there is none."""

    begin: Begin
    providers: Mapping[Provider, AccountClient]
    authorizations: Authorizations
    clock: Clock

    async def __call__(self, host_id: HostId, session: str, provider: Provider, callback: Callback) -> Return:
        """Connect, replacing what was connected before; anything but CONNECTED leaves everything as it was."""
        if not callback.state:
            return Return.NO_STATE
        trip = await self.authorizations.take(callback.state, session)
        if isinstance(trip, Astray):
            return _ASTRAY[trip]
        if trip.host_id != host_id:
            return Return.ELSEWHERE
        if trip.provider != provider:
            return Return.UNKNOWN_TRIP
        if callback.error:
            return _REFUSED.get(callback.error, Return.DECLINED)
        if trip.expires_at <= self.clock():
            return Return.TOO_LATE
        if not callback.code:
            return Return.NO_CODE
        return await self._connect(trip, callback.code)

    async def _connect(self, trip: Authorization, code: str) -> Return:
        client = self.providers[trip.provider]
        try:
            grant = await client.exchange(code, trip.code_verifier)
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
            ended = Return.CONNECTED
        if not client.scopes <= grant.scopes:
            ended = Return.TOO_FEW_SCOPES
        if account is not None and ended is Return.CONNECTED:
            await self._store(trip, account, grant)
        else:
            await self._give_back(trip, client, grant, account)
        return ended

    async def _give_back(
        self, trip: Authorization, client: AccountClient, grant: Grant, account: ProviderAccount | None
    ) -> None:
        """Take the app off an account that isn't connected, which may fail without consequence.

        Where that would end whatever the login has allowed, it is left alone unless the login is known and free.
        """
        relied_on = 0
        if client.capabilities.revocation != "grant":
            relied_on = 1 if account is None else await self._relied_on(trip, account)
        if may_revoke(client, relied_on):
            with suppress(ProviderError):
                await client.revoke(grant)

    async def _relied_on(self, trip: Authorization, account: ProviderAccount) -> int:
        """By how many connections; an older one of this host's own counts, as it was to stay as it is."""
        mine = ProviderConnection(trip.host_id, trip.provider, account, Connected(), self.clock())
        async with self.begin() as uow:
            found = await uow.connections.get(trip.host_id, trip.provider)
            others = await uow.connections.others_on(mine)
        return others + (found is not None and found.account.user_id == account.user_id)

    async def _store(self, trip: Authorization, account: ProviderAccount, grant: Grant) -> None:
        connection = ProviderConnection(trip.host_id, trip.provider, account, Connected(), self.clock())
        async with self.begin() as uow:
            uow.connections.put(connection, grant)
            uow.outbox.enqueue(
                Due(RetryWaitingBookings(trip.host_id, trip.provider, connected=True), connection.connected_at)
            )


def _ended_by(error: ProviderError) -> Return:
    match error:
        case AuthorizationRefused():
            return Return.CODE_REFUSED
        case NeedsAdmin():
            return Return.NEEDS_ADMIN
        case PersonalAccount():
            return Return.PERSONAL_ACCOUNT
        case NotPermitted():
            return Return.NOT_PERMITTED
        case TryLater():
            return Return.TRY_LATER
        case _:
            return Return.MISCONFIGURED


_ASTRAY: dict[Astray, Return] = {
    Astray.UNKNOWN: Return.UNKNOWN_TRIP,
    Astray.USED: Return.USED_BEFORE,
    Astray.ELSEWHERE: Return.ELSEWHERE,
}

# RFC 6749, 4.1.2.1, and OpenID Connect Core, 3.1.2.6; `admin_policy_enforced` is said where an organisation forbids an
# app altogether. Anything else is the person's own no.
_REFUSED: dict[str, Return] = {
    "admin_policy_enforced": Return.NEEDS_ADMIN,
    "consent_required": Return.NEEDS_ADMIN,
    "server_error": Return.TRY_LATER,
    "temporarily_unavailable": Return.TRY_LATER,
    "invalid_request": Return.MISCONFIGURED,
    "invalid_scope": Return.MISCONFIGURED,
    "unauthorized_client": Return.MISCONFIGURED,
    "unsupported_response_type": Return.MISCONFIGURED,
}


def _challenge(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
