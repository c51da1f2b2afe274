"""Codes, grants, access and refresh tokens, and what ends each of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Final

import msgspec

from adapters.sandbox.codes import CodeUnfit, Unfit
from adapters.sandbox.grants import ACCESS_LIFE, EXPIRES_IN, AnyGrant, AnyGrants
from adapters.sandbox.opaque import digest
from adapters.sandbox.store import Store
from adapters.sandbox.zoom.errors import OAuthError, invalid_grant, invalid_token, newer_authorization
from adapters.sandbox.zoom.opaque import authorization_code, jwt

USER_READ: Final = "user:read:user"
MEETING_WRITE: Final = "meeting:write:meeting"
SCOPES: Final = (MEETING_WRITE, USER_READ)

CODE_LIFE: Final = timedelta(minutes=5)
REFRESH_LIFE: Final = timedelta(days=90)


class End(StrEnum):
    """Why a grant is over."""

    REMOVED = "removed"
    SUPERSEDED = "superseded"


class Grant(AnyGrant, frozen=True, kw_only=True):
    ended: End | None = None

    @property
    def is_over(self) -> bool:
        return self.ended is not None


class Refresh(msgspec.Struct, frozen=True):
    grant_id: str
    expires_at: datetime
    used: bool = False


class TokenPair(msgspec.Struct, frozen=True):
    """What the token endpoint answers."""

    access_token: str
    refresh_token: str
    scope: str
    scheme: str = msgspec.field(default="bearer", name="token_type")
    expires_in: int = EXPIRES_IN
    api_url: str = "https://api.zoom.us"


class Grants(AnyGrants[Grant]):
    """The authorizations of one app.

    Attributes:
        grace: a used refresh token works again.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(store, now, Grant, CODE_LIFE)
        self.grace = False
        self._refresh = store.table("refresh", Refresh)

    def redeem(self, code: str, redirect_uri: str, verifier: str | None) -> TokenPair:
        """Exchange a code, once.

        Raises:
            OAuthError: the code is unknown, used or older than five minutes, or came with another redirect
                URI or verifier than the consent.
        """
        try:
            consent = self._codes.take(code, redirect_uri, verifier)
        except CodeUnfit as unfit:
            raise _refusal(unfit.why, code) from unfit
        return self.grant(consent.user_id, consent.scopes)

    def grant(self, user_id: str, scopes: tuple[str, ...] = SCOPES) -> TokenPair:
        """Authorize the app for a user; every earlier authorization of that user ends."""
        for earlier in self.live():
            if earlier.user_id == user_id:
                self._grants.put(earlier.id, msgspec.structs.replace(earlier, ended=End.SUPERSEDED))
        grant = Grant(id=token_hex(8), user_id=user_id, scopes=scopes, granted_at=self._now())
        self._grants.put(grant.id, grant)
        return self._issue(grant)

    def refresh(self, token: str) -> TokenPair:
        """Give a new pair for a refresh token, once (unless `grace`).

        Raises:
            OAuthError: `invalid_grant`; the token is unknown, used, 90 days old, or its grant is over.
        """
        found = self._refresh.get(digest(token))
        if found is None or (found.used and not self.grace) or self._now() >= found.expires_at:
            raise invalid_grant()
        grant = self._grants[found.grant_id]
        if grant.ended is not None:
            raise invalid_grant()
        self._refresh.put(digest(token), msgspec.structs.replace(found, used=True))
        return self._issue(grant)

    def of(self, access_token: str) -> Grant:
        """Find the grant behind an access token.

        Raises:
            ApiError: 401; the token is unknown, expired, removed, or ended by a newer authorization.
        """
        found = self._access.get(digest(access_token))
        if found is None:
            raise invalid_token()
        grant = self._grants[found.grant_id]
        match grant.ended:
            case End.SUPERSEDED:
                raise newer_authorization()
            case End.REMOVED:
                raise invalid_token()
            case None:
                pass
        if self._now() >= found.expires_at:
            raise invalid_token("Access token is expired.")
        return grant

    def _new_code(self) -> str:
        return authorization_code()

    def _removed(self, grant: Grant) -> Grant:
        return msgspec.structs.replace(grant, ended=End.REMOVED)

    def _issue(self, grant: Grant) -> TokenPair:
        now = self._now()
        access = self._issue_access(grant, jwt(grant.user_id, now, ACCESS_LIFE))
        refresh = self._hand_out(jwt(grant.user_id, now, REFRESH_LIFE))
        self._refresh.put(digest(refresh), Refresh(grant.id, now + REFRESH_LIFE))
        return TokenPair(access, refresh, " ".join(grant.scopes))


def _refusal(why: Unfit, code: str) -> OAuthError:
    match why:
        case Unfit.UNKNOWN:
            return OAuthError(f"Invalid authorization code {code}", "invalid_request")
        case Unfit.EXPIRED:
            return OAuthError(f"Invalid authorization code {code}: expired (4733)", "invalid_request")
        case Unfit.OTHER_REDIRECT_URI:
            return OAuthError("Redirect URI mismatch. (4709)", "invalid_request")
        case Unfit.OTHER_VERIFIER:
            return OAuthError("Invalid code verifier", "invalid_grant")
