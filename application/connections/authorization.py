"""OAuth authorization requests: sent out bound to a browser session, and taken back once."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

import msgspec

from application.ports.accounts import AuthorizationPurpose, AuthorizationRequest, Authorizations, InvalidState
from application.ports.clock import Clock, Ids
from application.ports.oauth import OAuthClient
from application.ports.provider import (
    AccessTokenExpired,
    AuthorizationRefused,
    NeedsAdmin,
    NotConnected,
    NotPermitted,
    PersonalAccount,
    ProviderError,
    TryLater,
)
from domain.ids import HostId
from domain.provider_problem import (
    AppNotAllowed,
    DailyLimitReached,
    PermissionMissing,
    ProviderProblem,
    UserMoved,
    UserUnknown,
)

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
    ACCOUNT_GONE = "account-gone"
    NEEDS_ADMIN = "needs-admin"
    PERSONAL_ACCOUNT = "personal-account"
    NOT_PERMITTED = "not-permitted"
    TRY_LATER = "try-later"
    DAILY_LIMIT = "daily-limit"
    MISCONFIGURED = "misconfigured"


class Callback(msgspec.Struct, frozen=True):
    """What the provider put into the redirect."""

    state: str | None = None
    code: str | None = None
    error: str | None = None


class Authorized(msgspec.Struct, frozen=True):
    """A callback with a code that can be exchanged."""

    request: AuthorizationRequest
    code: str


@dataclass(frozen=True)
class Authorize:
    """Sends a host's browser to a provider, and tells what its return is worth."""

    authorizations: Authorizations
    clock: Clock
    ids: Ids

    async def begin(
        self,
        host_id: HostId,
        session: str,
        purpose: AuthorizationPurpose,
        client: OAuthClient,
        login_hint: str | None = None,
    ) -> str:
        """Remember a request and return where the browser goes."""
        state, verifier = self.ids.new_token(), self.ids.new_token() + self.ids.new_token()
        expires_at = self.clock() + GOOD_FOR
        await self.authorizations.remember(AuthorizationRequest(state, purpose, host_id, session, verifier, expires_at))
        return client.authorize_url(state, _challenge(verifier), login_hint)

    async def take(self, host_id: HostId, session: str, callback: Callback) -> Authorized | CallbackOutcome:
        """Take the request that a callback belongs to; whoever calls this checks its purpose."""
        if not callback.state:
            return CallbackOutcome.NO_STATE
        request = await self.authorizations.take(callback.state, session)
        if isinstance(request, InvalidState):
            return _INVALID[request]
        if request.host_id != host_id:
            return CallbackOutcome.ELSEWHERE
        if callback.error:
            return _REFUSED.get(callback.error, CallbackOutcome.DECLINED)
        if request.expires_at <= self.clock():
            return CallbackOutcome.TOO_LATE
        if not callback.code:
            return CallbackOutcome.NO_CODE
        return Authorized(request, callback.code)


def ended_by(error: ProviderError) -> CallbackOutcome:
    """What a failing call makes of the request."""
    match error:
        case AuthorizationRefused():
            return CallbackOutcome.CODE_REFUSED
        case NeedsAdmin():
            return CallbackOutcome.NEEDS_ADMIN
        case PersonalAccount():
            return CallbackOutcome.PERSONAL_ACCOUNT
        case NotPermitted():
            return CallbackOutcome.NOT_PERMITTED
        case TryLater(problem=DailyLimitReached()):
            return CallbackOutcome.DAILY_LIMIT
        case TryLater():
            return CallbackOutcome.TRY_LATER
        case NotConnected():
            return _ended_at_once(error.problem)
        case AccessTokenExpired():
            return CallbackOutcome.CODE_REFUSED
        case _:
            return CallbackOutcome.MISCONFIGURED


def _ended_at_once(problem: ProviderProblem) -> CallbackOutcome:
    """What it means that a grant is refused right after it was given."""
    match problem:
        case UserUnknown() | UserMoved():
            return CallbackOutcome.ACCOUNT_GONE
        case PermissionMissing():
            return CallbackOutcome.TOO_FEW_SCOPES
        case AppNotAllowed():
            return CallbackOutcome.NEEDS_ADMIN
        case _:
            return CallbackOutcome.CODE_REFUSED


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
