"""Authorization codes: each works once, for a while, for one redirect URI and one verifier."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from hmac import compare_digest

import msgspec

from adapters.sandbox.opaque import digest, s256
from adapters.sandbox.store import Store


class Unfit(Enum):
    """Why a code (the first ones) or a token is refused."""

    UNKNOWN = auto()
    EXPIRED = auto()
    OTHER_REDIRECT_URI = auto()
    NO_VERIFIER = auto()
    OTHER_VERIFIER = auto()
    REFRESH_UNKNOWN = auto()
    REFRESH_USED = auto()
    REFRESH_EXPIRED = auto()
    REFRESH_REMOVED = auto()
    ACCESS_UNKNOWN = auto()
    ACCESS_EXPIRED = auto()
    ACCESS_REMOVED = auto()
    ACCESS_SUPERSEDED = auto()


class CodeUnfit(Exception):
    def __init__(self, why: Unfit) -> None:
        super().__init__(why)
        self.why = why


class Consent(msgspec.Struct, frozen=True):
    """What a person has said yes to; `offline` asks for a refresh token, where that is a choice."""

    user_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str | None
    challenge_method: str
    offline: bool = True


class _Code(msgspec.Struct, frozen=True):
    consent: Consent
    expires_at: datetime
    used: bool = False


class Codes:
    """The codes of one app; they are kept as digests."""

    def __init__(self, store: Store, now: Callable[[], datetime], life: timedelta) -> None:
        self._now = now
        self._life = life
        self._codes = store.table("code", _Code)

    def put(self, code: str, consent: Consent) -> None:
        self._codes.put(digest(code), _Code(consent, self._now() + self._life))

    def narrow(self, code: str, *, without: str) -> None:
        """Take a scope out of a consent that wasn't redeemed yet."""
        found = self._codes.get(digest(code))
        if found is not None:
            left = tuple(scope for scope in found.consent.scopes if scope != without)
            consent = msgspec.structs.replace(found.consent, scopes=left)
            self._codes.put(digest(code), msgspec.structs.replace(found, consent=consent))

    def take(self, code: str, redirect_uri: str, verifier: str | None) -> Consent:
        """Spend a code.

        Raises:
            CodeUnfit: the code is unknown, used or too old, or came with another redirect URI or verifier than
                the consent.
        """
        found = self._codes.get(digest(code))
        if found is None or found.used:
            raise CodeUnfit(Unfit.UNKNOWN)
        # A code that was shown once is spent, whatever comes of it.
        self._codes.put(digest(code), msgspec.structs.replace(found, used=True))
        if self._now() >= found.expires_at:
            raise CodeUnfit(Unfit.EXPIRED)
        if redirect_uri != found.consent.redirect_uri:
            raise CodeUnfit(Unfit.OTHER_REDIRECT_URI)
        if not _proves(found.consent, verifier):
            raise CodeUnfit(Unfit.NO_VERIFIER if verifier is None else Unfit.OTHER_VERIFIER)
        return found.consent


def _proves(consent: Consent, verifier: str | None) -> bool:
    if consent.challenge is None:
        return True
    if verifier is None:
        return False
    shown = s256(verifier) if consent.challenge_method == "S256" else verifier
    return compare_digest(shown.encode(), consent.challenge.encode())
