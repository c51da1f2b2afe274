"""Storage of the proofs by which hosts sign in."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from application.ports.account_storage import Account
from domain.calendar import CalendarKind
from domain.host import Host
from domain.ids import CalendarConnectionId, HostId, SessionId
from domain.origin import Origin
from domain.provider import Provider
from domain.session import Session


class Passwords(Protocol):
    """Hashing is slow on purpose, so whatever anybody can ask for does it inside `queued`."""

    def queued(self) -> AbstractContextManager[None]:
        """Hold a place in the queue for hashing.

        Raises:
            Overloaded: at once, where no place is free.
        """
        ...

    async def hash(self, password: str, /) -> str: ...

    async def matches(self, password: str, password_hash: str | None, /) -> bool:
        """Compare; MUST take as long without a hash as with one, so that nobody learns who has an account."""
        ...


class PasswordBlocklist(Protocol):
    def covers(self, password: str, words: Collection[str], /) -> bool:
        """Whether attackers try a password early.

        MUST be so for the commonly used ones, for runs of keys and repetitions, and for what is made of `words`.
        """
        ...


class OpenSession(msgspec.Struct, frozen=True):
    """A session that somebody has shown the token of.

    Attributes:
        confirmed_at: when a passkey last proved for it that it is the host.
    """

    id: SessionId
    host: Host
    confirmed_at: datetime | None = None


class Sessions(Protocol):
    """Browser sessions. Only a digest of the token is stored."""

    async def open(
        self, host_id: HostId, now: datetime, origin: Origin | None = None, /, *, confirmed: bool = False
    ) -> str:
        """Begin a session and return its token. It ends as `domain/session.py` says.

        Args:
            confirmed: a passkey has just proved that it is the host.
        """
        ...

    async def find(self, token: str, now: datetime, origin: Origin | None = None, /) -> OpenSession | None:
        """Whose session this is, while it lasts, in one round trip. MUST be None for a closed account.

        That it is in use, and from where, is noted, at most every five minutes.
        """
        ...

    async def of(self, host_id: HostId, now: datetime, /) -> tuple[Session, ...]:
        """The host's sessions that aren't over, the last active first."""
        ...

    async def close(self, token: str, /) -> None: ...


class Devices(Protocol):
    """Browsers that have signed in before, told by what they keep in a cookie. It MUST hold nothing about anybody."""

    def recognized(self, cookie: str, account: Account, now: datetime, /) -> str | None:
        """The device's id, where its browser was signed in to this account with its present password, not long ago."""
        ...

    def remembered(self, cookie: str, account: Account, now: datetime, /) -> str:
        """What the browser is to keep after signing in: a new entry for this account, beside those for others."""
        ...


class ForMeetings(msgspec.Struct, frozen=True, tag="meetings"):
    provider: Provider


class ForCalendars(msgspec.Struct, frozen=True, tag="calendars"):
    """To connect an account's calendars; `reconnects` is the connection that this is to heal."""

    kind: CalendarKind
    reconnects: CalendarConnectionId | None = None


AuthorizationPurpose = ForMeetings | ForCalendars


class AuthorizationRequest(msgspec.Struct, frozen=True):
    """An OAuth authorization request under way; bound to one browser session, good for one callback."""

    state: str
    purpose: AuthorizationPurpose
    host_id: HostId
    session: str
    code_verifier: str
    expires_at: datetime


class InvalidState(StrEnum):
    """Why the state of a callback belongs to no request of this session; one that is long over is unknown."""

    UNKNOWN = "unknown"
    USED = "used"
    ELSEWHERE = "elsewhere"


class Authorizations(Protocol):
    """Authorization requests under way. The state and the session are stored as digests only."""

    async def remember(self, request: AuthorizationRequest, /) -> None: ...

    async def take(self, state: str, session: str, /) -> AuthorizationRequest | InvalidState:
        """Hand out a request of this session once, expired or not; else say what is wrong, changing nothing."""
        ...
