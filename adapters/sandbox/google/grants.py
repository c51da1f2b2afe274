"""Codes, grants, access and refresh tokens, and what ends each of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

import msgspec

from adapters.sandbox.codes import CodeUnfit, Unfit
from adapters.sandbox.google import opaque
from adapters.sandbox.google.errors import OAuthError, invalid_grant, redirect_uri_mismatch, unauthenticated
from adapters.sandbox.google.scopes import USUAL
from adapters.sandbox.grants import EXPIRES_IN, AnyGrant, AnyGrants
from adapters.sandbox.opaque import digest
from adapters.sandbox.store import Store

CODE_LIFE: Final = timedelta(minutes=10)
IDLE_LIFE: Final = timedelta(days=182)
TESTING_LIFE: Final = timedelta(days=7)
MOST_REFRESH_TOKENS: Final = 100


class Grant(AnyGrant, frozen=True, kw_only=True):
    """One consent of one account. Each has a refresh token of its own, and a later one leaves it alone."""

    used_at: datetime
    refresh: str | None = None
    ended: bool = False

    @property
    def is_over(self) -> bool:
        return self.ended


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the token endpoint answers; a refresh brings no refresh token."""

    access_token: str
    expires_in: int
    scope: str
    token_type: str
    refresh_token: str | None = None
    id_token: str | None = None


class Grants(AnyGrants[Grant]):
    """The authorizations of one project.

    Attributes:
        testing: the app isn't published, so that refresh tokens end after seven days.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(store, now, Grant, CODE_LIFE)
        self.testing = False

    def redeem(self, code: str, redirect_uri: str, verifier: str | None) -> tuple[Tokens, str]:
        """Exchange a code, once; returns whose it was as well.

        Raises:
            OAuthError: the code is unknown, used or too old, or came with another redirect URI or verifier than
                the consent.
        """
        try:
            consent = self._codes.take(code, redirect_uri, verifier)
        except CodeUnfit as unfit:
            raise _refusal(unfit.why, verifier) from unfit
        return self.grant(consent.user_id, consent.scopes, offline=consent.offline), consent.user_id

    def grant(self, user_id: str, scopes: tuple[str, ...] = USUAL, *, offline: bool = True) -> Tokens:
        """Authorize the app for an account, beside whatever it was authorized for before."""
        refresh = self._hand_out(opaque.refresh_token()) if offline else None
        now = self._now()
        kept = None if refresh is None else digest(refresh)
        grant = Grant(id=token_hex(8), user_id=user_id, scopes=scopes, granted_at=now, used_at=now, refresh=kept)
        self._grants.put(grant.id, grant)
        self._forget_the_oldest(user_id)
        return msgspec.structs.replace(self._issue(grant), refresh_token=refresh)

    def refresh(self, token: str) -> Tokens:
        """Give a new access token; the refresh token stays as it is.

        Raises:
            OAuthError: `invalid_grant`; the token is unknown, revoked, or wasn't used for half a year.
        """
        grant = next((grant for grant in self.live() if grant.refresh == digest(token)), None)
        now = self._now()
        if grant is None or now >= grant.used_at + IDLE_LIFE:
            raise invalid_grant()
        if self.testing and now >= grant.granted_at + TESTING_LIFE:
            raise invalid_grant()
        used = msgspec.structs.replace(grant, used_at=now)
        self._grants.put(used.id, used)
        return self._issue(used)

    def again(self, token: str) -> str:
        """Put a new refresh token in a used one's place, as Google may."""
        fresh = self._hand_out(opaque.refresh_token())
        for grant in self.live():
            if grant.refresh == digest(token):
                self._grants.put(grant.id, msgspec.structs.replace(grant, refresh=digest(fresh)))
        return fresh

    def of(self, access_token: str) -> Grant:
        """Find the grant behind an access token.

        Raises:
            ApiError: 401; the token is unknown, expired or revoked.
        """
        found = self._access.get(digest(access_token))
        if found is None:
            raise unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED")
        grant = self._grants[found.grant_id]
        if grant.ended or self._now() >= found.expires_at:
            raise unauthenticated()
        return grant

    def revoke(self, token: str) -> None:
        """End everything that the account behind a token has allowed to this project.

        Raises:
            OAuthError: the token is unknown or dead already.
        """
        key = digest(token)
        access = self._access.get(key)
        is_alive = access is not None and self._now() < access.expires_at
        for grant in self.live():
            if grant.refresh == key or (access is not None and is_alive and grant.id == access.grant_id):
                self.remove(grant.user_id)
                return
        raise OAuthError("invalid_token", "Token expired or revoked")

    def _issue(self, grant: Grant) -> Tokens:
        access = self._issue_access(grant, opaque.access_token())
        return Tokens(access, EXPIRES_IN, " ".join(grant.scopes), "Bearer")

    def _forget_the_oldest(self, user_id: str) -> None:
        mine = [grant for grant in self.live() if grant.user_id == user_id and grant.refresh is not None]
        for grant in mine[:-MOST_REFRESH_TOKENS]:
            self._grants.put(grant.id, self._removed(grant))

    def _new_code(self) -> str:
        return opaque.authorization_code()

    def _removed(self, grant: Grant) -> Grant:
        return msgspec.structs.replace(grant, ended=True)


def _refusal(why: Unfit, verifier: str | None) -> OAuthError:
    match why:
        case Unfit.UNKNOWN:
            return invalid_grant("Malformed auth code.")
        case Unfit.EXPIRED:
            return invalid_grant("Bad Request")
        case Unfit.OTHER_REDIRECT_URI:
            return redirect_uri_mismatch()
        case Unfit.OTHER_VERIFIER:
            return invalid_grant("Missing code verifier." if verifier is None else "Invalid code verifier.")
