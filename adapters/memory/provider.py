"""A provider of online meetings in memory, with a switch for every way in which one can fail."""

import asyncio
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from types import MappingProxyType
from typing import Literal, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from application.ports.clock import Clock
from application.ports.meetings import Meeting, MeetingRequest
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import AccessTokenExpired, AuthorizationRefused, NotConnected, ProviderError
from domain.calendar_problem import CalendarPermission
from domain.connection import ProviderAccount
from domain.provider import Provider
from domain.provider_problem import AccessTokenRefused, CodeRefused, GrantEnded

Operation = Literal["exchange", "account", "refresh", "revoke", "create"]

TOKEN_LIVES_FOR = timedelta(hours=1)

STRICT = GrantCapabilities(
    rotation="strict",
    revocation="login",
    revokes_access_tokens=True,
    one_grant_per_login=True,
    pushes_deauthorization=True,
)
"""The most that a provider demands of who uses it."""

_T = TypeVar("_T")


class _Granted(msgspec.Struct, frozen=True):
    account: ProviderAccount
    scopes: frozenset[str]


class _Consent(msgspec.Struct, frozen=True):
    granted: _Granted
    code_challenge: str


class MemoryProvider:
    """A strict provider: codes, refresh tokens and grants are good for what they are good for, and no more.

    It behaves as its `capabilities` say; without any, as the strictest provider there is.

    Connecting goes as with a real one. `consent` is the click in the browser, and gives the code:

        code = provider.consent(provider.authorize_url(state, challenge), account)
        grant = await provider.exchange(code, verifier)

    or, where connecting isn't the point, `grant = provider.grant_to(account)`.

    Failing is asked for by operation, once or several times in a row:

        provider.fail("create", TryLater(RateLimited("zoom")), times=2)

    An error that has `left_behind` set comes after the deed: the meeting is made, or the refresh token used up, and
    only the answer is lost. An expired access token and a dead grant need no script: see `expire_access_tokens` and
    `kill_grants`.

    Attributes:
        calls: how often each operation was called, failing ones included.
        meetings: every request that a meeting was made for, in order, lost answers included.
        revoked: the accounts that were told that we are done, in order.
    """

    def __init__(
        self,
        provider: Provider,
        clock: Clock,
        scopes: frozenset[str] = frozenset({"meeting:write"}),
        capabilities: GrantCapabilities = STRICT,
        *,
        idempotent_creation: bool = False,
        permissions: Mapping[str, CalendarPermission] = MappingProxyType({}),
    ) -> None:
        self.provider: Provider = provider
        self.scopes = scopes
        self.capabilities = capabilities
        self.idempotent_creation = idempotent_creation
        self.permissions = permissions
        self.calls: Counter[Operation] = Counter()
        self.meetings: list[MeetingRequest] = []
        self.revoked: list[ProviderAccount] = []
        self._clock = clock
        self._serial = count(1)
        self._errors: dict[Operation, list[ProviderError]] = {}
        self._codes: dict[str, _Consent] = {}
        self._access: dict[str, tuple[ProviderAccount, datetime]] = {}
        self._refresh: dict[str, _Granted] = {}
        self._made: dict[str, Meeting] = {}

    def consent(self, authorize_url: str, account: ProviderAccount, scopes: frozenset[str] | None = None) -> str:
        """Say yes at the provider, to all that is asked for or to some; returns the code that the redirect carries."""
        challenge = parse_qs(urlsplit(authorize_url).query)["code_challenge"][0]
        code = self._secret("code")
        self._codes[code] = _Consent(self._granted(account, scopes), challenge)
        return code

    def grant_to(self, account: ProviderAccount, scopes: frozenset[str] | None = None) -> Grant:
        return self._new_grant(self._granted(account, scopes))

    def _granted(self, account: ProviderAccount, scopes: frozenset[str] | None) -> _Granted:
        return _Granted(account, self.scopes.union(self.permissions) if scopes is None else scopes)

    def fail(self, operation: Operation, error: ProviderError, times: int = 1) -> None:
        """Answer the next calls of this operation with an error."""
        self._errors.setdefault(operation, []).extend([error] * times)

    def works(self) -> None:
        """Forget the errors that were still to come."""
        self._errors.clear()

    def expire_access_tokens(self) -> None:
        """End every access token now, earlier than was said; the refresh tokens stay good."""
        self._access.clear()

    def kill_grants(self, account: ProviderAccount) -> None:
        """End all grants of an account, as when its owner removes the app."""
        self._access = {token: held for token, held in self._access.items() if held[0] != account}
        self._refresh = {token: granted for token, granted in self._refresh.items() if granted.account != account}

    def authorize_url(self, state: str, code_challenge: str, login_hint: str | None = None, /) -> str:
        query = urlencode(
            {
                "state": state,
                "code_challenge": code_challenge,
                "code_challenge_method": "S256",
                **({} if login_hint is None else {"login_hint": login_hint}),
            }
        )
        return f"https://{self.provider}.example/authorize?{query}"

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        def trade() -> Grant:
            consent = self._codes.pop(code, None)
            if consent is None or consent.code_challenge != _s256(code_verifier):
                raise AuthorizationRefused(CodeRefused(self.provider))
            return self._new_grant(consent.granted)

        return await self._answer("exchange", trade)

    async def account(self, grant: Grant, /) -> ProviderAccount:
        return await self._answer("account", lambda: self._account_of(grant))

    async def refresh(self, grant: Grant, /) -> Grant:
        def renew() -> Grant:
            granted = self._refresh.get(grant.refresh_token)
            if granted is None:
                raise NotConnected(GrantEnded(self.provider))
            self._access.pop(grant.access_token, None)
            match self.capabilities.rotation:
                case "strict":
                    del self._refresh[grant.refresh_token]
                    return self._new_grant(granted)
                case "soft":
                    return self._new_grant(granted)
                case "none":
                    return self._new_grant(granted, grant.refresh_token)

        return await self._answer("refresh", renew)

    async def revoke(self, grant: Grant, /) -> None:
        def end() -> None:
            granted = self._refresh.get(grant.refresh_token)
            if granted is not None and self.capabilities.revocation is not None:
                self.kill_grants(granted.account)
                self.revoked.append(granted.account)

        await self._answer("revoke", end)

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        def make() -> Meeting:
            self._account_of(grant)
            if self.idempotent_creation and request.key in self._made:
                return self._made[request.key]
            self.meetings.append(request)
            meeting_id = f"{next(self._serial):011}"
            made = Meeting(f"https://{self.provider}.example/j/{meeting_id}", meeting_id, "tuna")
            self._made[request.key] = made
            return made

        return await self._answer("create", make)

    async def _answer(self, operation: Operation, do: Callable[[], _T]) -> _T:
        self.calls[operation] += 1
        await asyncio.sleep(0)
        errors = self._errors.get(operation)
        if not errors:
            return do()
        error = errors.pop(0)
        if error.left_behind:
            do()
        raise error

    def _new_grant(self, granted: _Granted, kept: str | None = None) -> Grant:
        access_token, refresh_token = self._secret("access"), kept or self._secret("refresh")
        expires_at = self._clock() + TOKEN_LIVES_FOR
        self._access[access_token] = (granted.account, expires_at)
        self._refresh[refresh_token] = granted
        return Grant(access_token, refresh_token, expires_at, granted.scopes)

    def _account_of(self, grant: Grant) -> ProviderAccount:
        held = self._access.get(grant.access_token)
        if held is None or held[1] <= self._clock():
            raise AccessTokenExpired(AccessTokenRefused(self.provider))
        return held[0]

    def _secret(self, kind: str) -> str:
        return f"{self.provider}-{kind}-{next(self._serial):06}"


def _s256(code_verifier: str) -> str:
    return urlsafe_b64encode(sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
