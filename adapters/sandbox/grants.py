"""Codes, grants and access tokens that every sandbox keeps."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import msgspec

from adapters.sandbox.codes import Codes, Consent
from adapters.sandbox.opaque import digest
from adapters.sandbox.store import Store

ACCESS_LIFE: Final = timedelta(hours=1)
EXPIRES_IN: Final = 3599


class AnyGrant(msgspec.Struct, frozen=True, kw_only=True):
    """One consent of one account."""

    id: str
    user_id: str
    scopes: tuple[str, ...]
    granted_at: datetime

    @property
    def is_over(self) -> bool:
        raise NotImplementedError


class Access(msgspec.Struct, frozen=True):
    grant_id: str
    expires_at: datetime


G = TypeVar("G", bound=AnyGrant)


class AnyGrants(ABC, Generic[G]):
    """The authorizations of one app, and what is left of them.

    Tokens are kept as digests; `handed_out` holds the plain ones of this process, for tests that look for them
    where they must not be.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], type_: type[G], code_life: timedelta) -> None:
        self.handed_out: list[str] = []
        self._now = now
        self._codes = Codes(store, now, code_life)
        self._grants = store.table("grant", type_)
        self._access = store.table("access", Access)

    def live(self) -> list[G]:
        """List the grants in force, oldest first."""
        return [grant for grant in self._grants.values() if not grant.is_over]

    def approve(self, consent: Consent) -> str:
        """Note a person's consent and return the authorization code for it."""
        code = self._hand_out(self._new_code())
        self._codes.put(code, consent)
        return code

    def narrow(self, code: str, *, without: str) -> None:
        """Take a scope out of a consent that wasn't redeemed yet."""
        self._codes.narrow(code, without=without)

    def remove(self, user_id: str) -> bool:
        """Take the app off an account; False where it wasn't on it."""
        mine = [grant for grant in self.live() if grant.user_id == user_id]
        for grant in mine:
            self._grants.put(grant.id, self._removed(grant))
        return bool(mine)

    def expire_access_tokens(self) -> None:
        """Let every access token issued so far run out now."""
        for key, access in list(self._access.items()):
            self._access.put(key, msgspec.structs.replace(access, expires_at=self._now()))

    @abstractmethod
    def _new_code(self) -> str:
        """Make a code of the provider's looks."""

    @abstractmethod
    def _removed(self, grant: G) -> G:
        """Say that a grant is over."""

    def _issue_access(self, grant: G, token: str) -> str:
        self._access.put(digest(token), Access(grant.id, self._now() + ACCESS_LIFE))
        return self._hand_out(token)

    def _hand_out(self, secret: str) -> str:
        self.handed_out.append(secret)
        return secret
