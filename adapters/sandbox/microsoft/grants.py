"""Codes, grants, access and refresh tokens, and what ends each of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

import msgspec

from adapters.sandbox.codes import CodeUnfit, Unfit
from adapters.sandbox.grants import EXPIRES_IN, AnyGrant, AnyGrants
from adapters.sandbox.microsoft import opaque
from adapters.sandbox.microsoft.errors import OAuthError, invalid_grant, unauthenticated
from adapters.sandbox.microsoft.scopes import OFFLINE, USUAL, answered
from adapters.sandbox.opaque import digest
from adapters.sandbox.store import Store

CODE_LIFE: Final = timedelta(minutes=10)
REFRESH_LIFE: Final = timedelta(days=90)


class Grant(AnyGrant, frozen=True, kw_only=True):
    """One consent of one account; a later one leaves it alone."""

    ended: bool = False

    @property
    def is_over(self) -> bool:
        return self.ended


class Refresh(msgspec.Struct, frozen=True):
    grant_id: str
    expires_at: datetime


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the token endpoint answers."""

    token_type: str
    scope: str
    expires_in: int
    ext_expires_in: int
    access_token: str
    refresh_token: str | None = None
    id_token: str | None = None


class Grants(AnyGrants[Grant]):
    """The authorizations of one app. A refresh brings a new refresh token, and the one before stays good."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(store, now, Grant, CODE_LIFE)
        self._refresh = store.table("refresh", Refresh)

    def redeem(self, code: str, redirect_uri: str, verifier: str | None) -> tuple[Tokens, Grant]:
        """Exchange a code, once.

        Raises:
            OAuthError: the code is unknown, used or too old, or came with another redirect URI or verifier than
                the consent.
        """
        try:
            consent = self._codes.take(code, redirect_uri, verifier)
        except CodeUnfit as unfit:
            raise _refusal(unfit.why) from unfit
        return self.grant(consent.user_id, consent.scopes)

    def grant(self, user_id: str, scopes: tuple[str, ...] = USUAL) -> tuple[Tokens, Grant]:
        """Authorize the app for an account, beside whatever it was authorized for before."""
        grant = Grant(id=token_hex(8), user_id=user_id, scopes=scopes, granted_at=self._now())
        self._grants.put(grant.id, grant)
        return self._issue(grant), grant

    def refresh(self, token: str) -> tuple[Tokens, Grant]:
        """Give a new pair for a refresh token, as often as it is shown.

        Raises:
            OAuthError: `invalid_grant`; the token is unknown, 90 days old, or its grant is over.
        """
        found = self._refresh.get(digest(token))
        if found is None:
            raise invalid_grant(9002313, "Invalid request. Request is malformed or invalid.")
        if self._now() >= found.expires_at:
            raise invalid_grant(700082, "The refresh token has expired due to inactivity.")
        grant = self._grants[found.grant_id]
        if grant.is_over:
            raise invalid_grant(50173, "The provided grant has expired due to it being revoked.")
        return self._issue(grant), grant

    def of(self, access_token: str) -> Grant:
        """Find the grant behind an access token.

        Raises:
            ApiError: 401; the token is unknown, expired, or its grant is over.
        """
        found = self._access.get(digest(access_token))
        if found is None:
            raise unauthenticated("IDX14100: JWT is not well formed, there are no dots (.).")
        grant = self._grants[found.grant_id]
        if grant.is_over or self._now() >= found.expires_at:
            raise unauthenticated()
        return grant

    def _issue(self, grant: Grant) -> Tokens:
        access = self._issue_access(grant, opaque.access_token())
        refresh = None
        if OFFLINE in grant.scopes:
            refresh = self._hand_out(opaque.refresh_token())
            self._refresh.put(digest(refresh), Refresh(grant.id, self._now() + REFRESH_LIFE))
        return Tokens("Bearer", answered(grant.scopes), EXPIRES_IN, EXPIRES_IN, access, refresh)

    def _new_code(self) -> str:
        return opaque.authorization_code()

    def _removed(self, grant: Grant) -> Grant:
        return msgspec.structs.replace(grant, ended=True)


def _refusal(why: Unfit) -> OAuthError:
    match why:
        case Unfit.UNKNOWN:
            return invalid_grant(54005, "OAuth2 Authorization code was already redeemed, please retry with a new one.")
        case Unfit.EXPIRED:
            return invalid_grant()
        case Unfit.OTHER_REDIRECT_URI:
            text = "The 'redirect_uri' specified in the request doesn't match the one used before."
            return invalid_grant(500112, text)
        case Unfit.OTHER_VERIFIER:
            return invalid_grant(501481, "The Code_Verifier does not match the code_challenge.")
