"""Providers of online meetings: how a host's account is connected, and how a meeting is made."""

from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import msgspec

from domain.connection import ProviderAccount
from domain.ids import BookingId
from domain.provider import Provider
from domain.provider_problem import ProviderProblem


class Grant(msgspec.Struct, frozen=True):
    """What a host has allowed us to do; never logged, so its repr says nothing.

    Attributes:
        expires_at: when the access token ends, as an absolute instant.
        account: who allowed it, where the provider tells that together with the tokens.
    """

    access_token: str
    refresh_token: str
    expires_at: datetime
    scopes: frozenset[str]
    account: ProviderAccount | None = None

    def __repr__(self) -> str:
        return "Grant(…)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider differs from the next; use cases and pages ask this, never which provider it is.

    Attributes:
        rotation: what a refresh does to the refresh token. "strict": each brings a new one, and the one before is dead;
            "soft": each brings a new one, and the one before lives on; "none": there is only ever the first.
        idempotent_creation: `create` with the same `MeetingRequest.key` makes one meeting, however often it is called.
        revocation: what `revoke` ends. None: the provider has no way to be told, and `revoke` MUST do nothing.
            "grant": this grant alone; "login": every grant of this login to our app, other hosts' too; "project":
            also what the login has allowed to other apps that this server's operator runs in the same project.
        revokes_access_tokens: `revoke` needs an access token that still lives; False: any refresh token will do.
        one_grant_per_login: connecting a login anew ends the grant that it gave before, also another host's.
        pushes_deauthorization: the provider tells us when its user removes the app; else we find out by a refused call.
        needs_admin: the user's organisation may demand that an administrator approves the app before anybody connects.
        personal_accounts: people without an organisation can connect; False: `account` MUST refuse them by
            PersonalAccount, or the provider keeps them from getting that far.
    """

    rotation: Literal["strict", "soft", "none"]
    idempotent_creation: bool
    revocation: Literal["grant", "login", "project"] | None
    revokes_access_tokens: bool = False
    one_grant_per_login: bool = False
    pushes_deauthorization: bool = False
    needs_admin: bool = False
    personal_accounts: bool = True


class MeetingRequest(msgspec.Struct, frozen=True):
    """A meeting to be made: `start` is UTC, `timezone` the host's IANA zone."""

    booking_id: BookingId
    topic: str
    agenda: str
    start: datetime
    duration: timedelta
    timezone: str

    @property
    def key(self) -> str:
        """The same for each repeat of one wish; another one once the booking has moved to another time."""
        return f"{self.booking_id}-{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}"


class Meeting(msgspec.Struct, frozen=True):
    """A meeting that exists; `join_url` is used exactly as the provider gave it."""

    join_url: str
    meeting_id: str
    passcode: str | None = None


class ProviderError(Exception):
    """A call to a provider failed, for the reason that `problem` states.

    Attributes:
        left_behind: the request may have arrived, so a meeting may exist that nobody knows of.
    """

    def __init__(self, problem: ProviderProblem, *, left_behind: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.left_behind = left_behind


class NotConnected(ProviderError):
    """The grant is dead or too narrow; the host has to connect again."""


class NotPermitted(ProviderError):
    """The account may not do this, until its administrator or its plan changes; `account` is whose, where known."""

    def __init__(
        self, problem: ProviderProblem, *, account: ProviderAccount | None = None, left_behind: bool = False
    ) -> None:
        super().__init__(problem, left_behind=left_behind)
        self.account = account


class NeedsAdmin(NotPermitted):
    """An administrator of the user's organisation has to allow the app first."""


class PersonalAccount(NotPermitted):
    """The account belongs to no organisation, and the provider makes meetings for members of one only."""


class AccessTokenExpired(ProviderError):
    """The access token isn't accepted; a refresh decides whether the grant still lives."""


class TryLater(ProviderError):
    """Busy, broken, slow or unintelligible for now; `at` is the provider's own wish, if it told one."""

    def __init__(self, problem: ProviderProblem, *, at: datetime | None = None, left_behind: bool = False) -> None:
        super().__init__(problem, left_behind=left_behind)
        self.at = at


class OurFault(ProviderError):
    """A bug or a wrong setting on our side: alarm the operator, keep the host's credentials."""


class AuthorizationRefused(ProviderError):
    """The code was refused (used, expired, made for somebody else); connecting starts again."""


class ConferenceProvider(Protocol):
    """One provider. Every call MUST end within 10 seconds and MUST NOT follow redirects or log a secret.

    What differs between providers is said by `capabilities`, and the calls MUST behave as those say.
    Every failure MUST be one of the errors above: nothing of a provider's own gets through.
    """

    provider: Provider
    scopes: frozenset[str]
    """What a grant has to hold to be of use; a grant with less counts as none."""

    capabilities: Capabilities

    def authorize_url(self, state: str, code_challenge: str) -> str:
        """Where to send the host's browser; PKCE S256."""
        ...

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        """Trade the code from the redirect for a grant.

        Raises:
            AuthorizationRefused: the code isn't good any more, or was never good.
            NeedsAdmin: an administrator doesn't allow this app.
            TryLater, OurFault
        """
        ...

    async def account(self, grant: Grant, /) -> ProviderAccount:
        """Read who has connected; `user_id` and `account_id` MUST stay the same when the email address changes.

        Raises:
            PersonalAccount: only where `personal_accounts` is False.
            NotPermitted: this account can't make meetings.
            NotConnected, AccessTokenExpired, TryLater, OurFault
        """
        ...

    async def refresh(self, grant: Grant, /) -> Grant:
        """Trade the refresh token for a grant that works, which MUST be used instead of this one from then on.

        By `rotation`: "strict" MUST return a new refresh token, and the one before is dead; "soft" MUST return the
        newest there is; "none" MUST return the one that was given.

        Raises:
            NotConnected: the grant is dead.
            TryLater: anything else that isn't a clear no; `left_behind` where the answer may have been lost.
            OurFault: the client settings are wrong; the grant may be fine.
        """
        ...

    async def revoke(self, grant: Grant, /) -> None:
        """Tell the provider that we are done with this grant; what else ends with it is said by `revocation`.

        MUST do nothing where `revocation` is None.

        Raises:
            ProviderError: it couldn't be told.
        """
        ...

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        """Create one meeting and return where to join it.

        MUST NOT be called inside a transaction. With `idempotent_creation` it MUST answer a repeated `request.key` with
        the meeting that is there; without, a lost answer may leave a meeting behind.

        Args:
            request: `start` is UTC; `duration` is whole minutes, rounded up; `topic` is cut to what the provider takes.

        Raises:
            NotConnected, NotPermitted, AccessTokenExpired, OurFault
            TryLater: with `left_behind` where the request may have arrived, or the answer had no link to join by.
        """
        ...
