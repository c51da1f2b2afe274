"""OAuth connections of a host's account at a provider: grants, who gave them, and what ends them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from domain.calendar_problem import CalendarPermission
from domain.connection import ProviderAccount
from domain.provider import Provider

SKEW = timedelta(seconds=60)
"""An access token that ends this soon may end on its way."""


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

    def works_at(self, now: datetime) -> bool:
        """Whether the access token should work, as far as its end tells."""
        return now < self.expires_at - SKEW

    def __repr__(self) -> str:
        return "Grant(…)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class GrantCapabilities(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider's grants differ from the next's; use cases and pages ask this, never which provider it is.

    Attributes:
        rotation: what a refresh does to the refresh token. "strict": each brings a new one, and the one before is dead;
            "soft": each brings a new one, and the one before lives on; "none": there is only ever the first.
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
    revocation: Literal["grant", "login", "project"] | None
    revokes_access_tokens: bool = False
    one_grant_per_login: bool = False
    pushes_deauthorization: bool = False
    needs_admin: bool = False
    personal_accounts: bool = True


class OAuthClient(Protocol):
    """One provider's grants. Every call MUST end within 10 seconds and MUST NOT follow redirects or log a secret.

    Every failure MUST be a ProviderError: nothing of a provider's own gets through.
    """

    provider: Provider
    scopes: frozenset[str]
    """What a grant has to hold to be of use; a grant with less counts as none."""

    capabilities: GrantCapabilities

    def authorize_url(self, state: str, code_challenge: str, login_hint: str | None = None, /) -> str:
        """Return where to send the host's browser; PKCE S256.

        Args:
            login_hint: the address of the account that is expected to say yes, where the provider takes a hint.
        """
        ...

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        """Trade the code from the callback for a grant.

        Raises:
            AuthorizationRefused: the code isn't good any more, or was never good.
            NeedsAdmin: an administrator doesn't allow this app.
            TryLater, OurFault
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


class AccountReader(Protocol):
    async def account(self, grant: Grant, /) -> ProviderAccount:
        """Read who has connected; `user_id` and `account_id` MUST stay the same when the email address changes.

        Raises:
            PersonalAccount: only where `personal_accounts` is False.
            NotPermitted: this account can't do what it is connected for.
            NotConnected, AccessTokenExpired, TryLater, OurFault
        """
        ...


class AccountClient(OAuthClient, AccountReader, Protocol):
    """What connecting an account takes."""


class CalendarAccountClient(AccountClient, Protocol):
    """What connecting an account's calendars takes; `scopes` are those without which they can't be read."""

    permissions: Mapping[str, CalendarPermission]
    """What each scope that is asked for allows: its user may leave some of them out."""
