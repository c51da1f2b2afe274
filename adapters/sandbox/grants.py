"""Codes, grants, access and refresh tokens of every stand-in, and what ends each of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from secrets import token_hex
from typing import Final

import msgspec

from adapters.sandbox.codes import Codes, CodeUnfit, Consent, Unfit
from adapters.sandbox.opaque import digest
from adapters.sandbox.refused import Refused
from adapters.sandbox.store import Store

ACCESS_LIFE: Final = timedelta(hours=1)
EXPIRES_IN: Final = 3599


class Rotation(Enum):
    """What a refresh does to the refresh token that was shown."""

    KEPT = auto()
    """It stays the only one, and lives on from then."""
    RENEWED = auto()
    """A new one comes, and the one before stays good."""
    ONCE = auto()
    """A new one comes, and the one before is used up."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider's grants and tokens differ from the next's.

    Attributes:
        supersedes: a new grant ends the account's earlier ones.
        most_refresh_tokens: how many of one account are good at a time; a newer one ends the oldest.
        testing_life: how long refresh tokens of an app live that isn't published.
        new_access, new_refresh: make a token of the provider's looks for an account at an instant.
        refusal: says no in the provider's words; it is told what was shown.
    """

    code_life: timedelta
    refresh_life: timedelta
    rotation: Rotation
    supersedes: bool = False
    most_refresh_tokens: int | None = None
    testing_life: timedelta | None = None
    new_code: Callable[[], str]
    new_access: Callable[[str, datetime], str]
    new_refresh: Callable[[str, datetime], str]
    refusal: Callable[[Unfit, str], Refused]


class End(StrEnum):
    """Why a grant is over."""

    REMOVED = "removed"
    SUPERSEDED = "superseded"


class IssuedGrant(msgspec.Struct, frozen=True, kw_only=True):
    """One consent of one account."""

    id: str
    user_id: str
    scopes: tuple[str, ...]
    granted_at: datetime
    ended: End | None = None


class Access(msgspec.Struct, frozen=True):
    grant_id: str
    expires_at: datetime


class Refresh(msgspec.Struct, frozen=True):
    grant_id: str
    expires_at: datetime
    used: bool = False


class Issued(msgspec.Struct, frozen=True):
    """What was given out for a code or a refresh token."""

    grant: IssuedGrant
    access: str
    refresh: str | None


class Grants:
    """The authorizations of one app, and what is left of them.

    Tokens are kept as digests; `handed_out` holds the plain ones of this process, for tests that look for them
    where they must not be.

    Attributes:
        grace: a used refresh token works again.
        testing: the app isn't published, so that refresh tokens end sooner where the provider says so.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], terms: Terms) -> None:
        self.handed_out: list[str] = []
        self.grace = False
        self.testing = False
        self._now = now
        self._terms = terms
        self._codes = Codes(store, now, terms.code_life)
        self._grants = store.table("grant", IssuedGrant)
        self._access = store.table("access", Access)
        self._refresh = store.table("refresh", Refresh)

    def live(self) -> list[IssuedGrant]:
        """List the grants in force, oldest first."""
        return [grant for grant in self._grants.values() if grant.ended is None]

    def approve(self, consent: Consent) -> str:
        """Note a person's consent and return the authorization code for it."""
        code = self._hand_out(self._terms.new_code())
        self._codes.put(code, consent)
        return code

    def narrow(self, code: str, *, without: str) -> None:
        """Take a scope out of a consent that wasn't redeemed yet."""
        self._codes.narrow(code, without=without)

    def redeem(self, code: str, redirect_uri: str, verifier: str | None) -> Issued:
        """Exchange a code, once.

        Raises:
            Refused: the code is unknown, used or too old, or came with another redirect URI or verifier than the
                consent.
        """
        try:
            consent = self._codes.take(code, redirect_uri, verifier)
        except CodeUnfit as unfit:
            raise self._terms.refusal(unfit.why, code) from unfit
        return self.grant(consent.user_id, consent.scopes, offline=consent.offline)

    def grant(self, user_id: str, scopes: tuple[str, ...], *, offline: bool = True) -> Issued:
        """Authorize the app for an account, beside or instead of whatever it was authorized for before."""
        if self._terms.supersedes:
            self._end(user_id, End.SUPERSEDED)
        now = self._now()
        grant = IssuedGrant(id=token_hex(8), user_id=user_id, scopes=scopes, granted_at=now)
        self._grants.put(grant.id, grant)
        issued = self._issue(grant, offline=offline)
        self._forget_the_oldest(user_id)
        return issued

    def refresh(self, token: str) -> Issued:
        """Give new tokens for a refresh token.

        Raises:
            Refused: the token is unknown, used or too old, or its grant is over.
        """
        found = self._refresh.get(digest(token))
        if found is None:
            raise self._terms.refusal(Unfit.REFRESH_UNKNOWN, token)
        grant = self._grants[found.grant_id]
        if found.used and not self.grace:
            raise self._terms.refusal(Unfit.REFRESH_USED, token)
        if self._now() >= self._end_of(found, grant):
            raise self._terms.refusal(Unfit.REFRESH_EXPIRED, token)
        if grant.ended is not None:
            raise self._terms.refusal(Unfit.REFRESH_REMOVED, token)
        match self._terms.rotation:
            case Rotation.KEPT:
                self._refresh.put(digest(token), Refresh(grant.id, self._now() + self._terms.refresh_life))
                return self._issue(grant, offline=False)
            case Rotation.RENEWED:
                return self._issue(grant, offline=True)
            case Rotation.ONCE:
                self._use_up(token)
                return self._issue(grant, offline=True)

    def again(self, token: str) -> str:
        """Put a new refresh token in a used one's place."""
        found = self._refresh[digest(token)]
        self._use_up(token)
        return self._issue_refresh(self._grants[found.grant_id])

    def of(self, access_token: str) -> IssuedGrant:
        """Find the grant behind an access token.

        Raises:
            Refused: the token is unknown or expired, or its grant is over.
        """
        found = self._access.get(digest(access_token))
        if found is None:
            raise self._terms.refusal(Unfit.ACCESS_UNKNOWN, access_token)
        grant = self._grants[found.grant_id]
        match grant.ended:
            case End.SUPERSEDED:
                raise self._terms.refusal(Unfit.ACCESS_SUPERSEDED, access_token)
            case End.REMOVED:
                raise self._terms.refusal(Unfit.ACCESS_REMOVED, access_token)
            case None:
                pass
        if self._now() >= found.expires_at:
            raise self._terms.refusal(Unfit.ACCESS_EXPIRED, access_token)
        return grant

    def behind(self, token: str) -> IssuedGrant | None:
        """Find the grant behind a refresh token or an access token that is still good."""
        access, refresh = self._access.get(digest(token)), self._refresh.get(digest(token))
        if access is not None and self._now() < access.expires_at:
            grant = self._grants[access.grant_id]
        elif refresh is not None and not refresh.used:
            grant = self._grants[refresh.grant_id]
        else:
            return None
        return grant if grant.ended is None else None

    def remove(self, user_id: str) -> bool:
        """Take the app off an account; False where it wasn't on it."""
        return self._end(user_id, End.REMOVED)

    def expire_access_tokens(self) -> None:
        """Let every access token issued so far run out now."""
        for key, access in list(self._access.items()):
            self._access.put(key, msgspec.structs.replace(access, expires_at=self._now()))

    def _end(self, user_id: str, why: End) -> bool:
        mine = [grant for grant in self.live() if grant.user_id == user_id]
        for grant in mine:
            self._grants.put(grant.id, msgspec.structs.replace(grant, ended=why))
        return bool(mine)

    def _end_of(self, refresh: Refresh, grant: IssuedGrant) -> datetime:
        testing_life = self._terms.testing_life
        if testing_life is None or not self.testing:
            return refresh.expires_at
        return min(refresh.expires_at, grant.granted_at + testing_life)

    def _forget_the_oldest(self, user_id: str) -> None:
        most = self._terms.most_refresh_tokens
        if most is None:
            return
        refreshable = {refresh.grant_id for refresh in self._refresh.values()}
        mine = [grant for grant in self.live() if grant.user_id == user_id and grant.id in refreshable]
        for grant in mine[:-most]:
            self._grants.put(grant.id, msgspec.structs.replace(grant, ended=End.REMOVED))

    def _use_up(self, token: str) -> None:
        self._refresh.put(digest(token), msgspec.structs.replace(self._refresh[digest(token)], used=True))

    def _issue(self, grant: IssuedGrant, *, offline: bool) -> Issued:
        access = self._hand_out(self._terms.new_access(grant.user_id, self._now()))
        self._access.put(digest(access), Access(grant.id, self._now() + ACCESS_LIFE))
        return Issued(grant, access, self._issue_refresh(grant) if offline else None)

    def _issue_refresh(self, grant: IssuedGrant) -> str:
        token = self._hand_out(self._terms.new_refresh(grant.user_id, self._now()))
        self._refresh.put(digest(token), Refresh(grant.id, self._now() + self._terms.refresh_life))
        return token

    def _hand_out(self, secret: str) -> str:
        self.handed_out.append(secret)
        return secret
