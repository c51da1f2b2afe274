"""Providers of online meetings: how a host's account is connected, and how a meeting is made."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from domain.connection import Provider, ProviderAccount
from domain.ids import BookingId


class Grant(msgspec.Struct, frozen=True):
    """What a host has allowed us to do; never logged, so its repr says nothing.

    Attributes:
        expires_at: when the access token ends, as an absolute instant.
    """

    access_token: str
    refresh_token: str
    expires_at: datetime
    scopes: frozenset[str]

    def __repr__(self) -> str:
        return "Grant(…)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class MeetingRequest(msgspec.Struct, frozen=True):
    """A meeting to be made: `start` is UTC, `timezone` the host's IANA zone."""

    booking_id: BookingId
    topic: str
    agenda: str
    start: datetime
    duration: timedelta
    timezone: str


class Meeting(msgspec.Struct, frozen=True):
    """A meeting that exists; `join_url` is used exactly as the provider gave it."""

    join_url: str
    meeting_id: str
    passcode: str | None = None


class ProviderError(Exception):
    """A call to a provider failed.

    Attributes:
        reason: in words for the host; never a token, never an answer's text as it came.
        left_behind: the request may have arrived, so a meeting may exist that nobody knows of.
    """

    def __init__(self, reason: str, *, left_behind: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.left_behind = left_behind


class NotConnected(ProviderError):
    """The grant is dead or too narrow; the host has to connect again."""


class NotPermitted(ProviderError):
    """The account may not do this, until its administrator or its plan changes."""


class AccessTokenExpired(ProviderError):
    """The access token isn't accepted; a refresh decides whether the grant still lives."""


class TryLater(ProviderError):
    """Busy, broken, slow or unintelligible for now; `at` is the provider's own wish, if it told one."""

    def __init__(
        self, reason: str, *, at: datetime | None = None, daily_limit: bool = False, left_behind: bool = False
    ) -> None:
        super().__init__(reason, left_behind=left_behind)
        self.at = at
        self.daily_limit = daily_limit


class OurFault(ProviderError):
    """A bug or a wrong setting on our side: alarm the operator, keep the host's credentials."""


class AuthorizationRefused(ProviderError):
    """The code was refused (used, expired, made for somebody else); connecting starts again."""


class ConferenceProvider(Protocol):
    """One provider. Every call MUST end within 10 seconds and MUST NOT follow redirects or log a secret."""

    provider: Provider
    scopes: frozenset[str]

    def authorize_url(self, state: str, code_challenge: str) -> str:
        """Where to send the host's browser; PKCE S256."""
        ...

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        """Trade the code from the redirect for a grant.

        Raises:
            AuthorizationRefused: the code isn't good any more.
            TryLater, OurFault
        """
        ...

    async def account(self, grant: Grant, /) -> ProviderAccount:
        """Read who has connected.

        Raises:
            NotConnected, NotPermitted, AccessTokenExpired, TryLater, OurFault
        """
        ...

    async def refresh(self, grant: Grant, /) -> Grant:
        """Trade the refresh token for a new pair; the old refresh token is dead from then on.

        Raises:
            NotConnected: the grant is dead.
            TryLater: anything else that isn't a clear no; `left_behind` where the answer may have been lost.
            OurFault: the client settings are wrong; the grant may be fine.
        """
        ...

    async def revoke(self, grant: Grant, /) -> None:
        """Tell the provider that we are done with this grant.

        Raises:
            ProviderError: it couldn't be told.
        """
        ...

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        """Create one scheduled meeting and return where to join it.

        MUST NOT be called inside a transaction. Not idempotent: a lost answer may leave a meeting behind.

        Args:
            request: `start` is UTC; `duration` is whole minutes, rounded up; `topic` is cut to what the provider takes.

        Raises:
            NotConnected, NotPermitted, AccessTokenExpired, TryLater, OurFault
        """
        ...
