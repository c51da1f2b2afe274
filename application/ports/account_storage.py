"""Storage of accounts: proofs, links in mails, mails that are still to be sent."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.host import Host
from domain.ids import HostId, SessionId

Purpose = Literal["reset", "confirm"]

AccountMailKind = Literal[
    "confirm_sign_up",
    "confirm_change",
    "sign_up_with_known_address",
    "reset",
    "password_changed",
    "api_token_made",
    "passkey_added",
    "passkey_removed",
    "webhooks_paused",
    "email_change_asked",
    "email_changed",
    "account_deleted",
    "account_deleted_by_operator",
]


class Account(msgspec.Struct, frozen=True):
    """A host's account.

    Attributes:
        password_hash: None where the account is for the API only, or being deleted.
        email_confirmed_at: when it was proven that mail reaches the host; None: not yet.
        closed_at: when the host asked for the account to be deleted.
    """

    host: Host
    password_hash: str | None
    email_confirmed_at: datetime | None
    closed_at: datetime | None


class MailToken(msgspec.Struct, frozen=True):
    """What a link in a mail is good for, once.

    Attributes:
        email: where the mail went: whoever has the link reads mail there.
    """

    host_id: HostId
    purpose: Purpose
    email: str
    expires_at: datetime


class AccountMail(msgspec.Struct, frozen=True):
    """A mail about an account that somebody asked for; what it says is settled when it is sent.

    Attributes:
        host_id: None where only the address is known, and maybe no account has it.
        email: where it goes, or whose account it is about.
    """

    id: str
    kind: AccountMailKind
    host_id: HostId | None
    email: str
    name: str
    language: str
    asked_at: datetime


class Accounts(Protocol):
    """Accounts in a unit of work; lock the host first where something is decided by what is read here."""

    async def get(self, host_id: HostId, /) -> Account | None: ...

    async def find(self, email: str, /) -> Account | None:
        """The account with this address, compared without case. MUST find none for letters beyond ASCII.

        Addresses have none, and what lower case makes of some differs between programs.
        """
        ...

    def confirm_email(self, host_id: HostId, at: datetime | None) -> None:
        """Note when the host's present address was confirmed; None: it no longer is."""
        ...

    def set_password(self, host_id: HostId, password_hash: str) -> None: ...

    def confirm_session(self, host_id: HostId, session_id: SessionId, at: datetime) -> None:
        """Note that a passkey has proved for a session of this host that it is them."""
        ...

    def end_sessions(self, host_id: HostId, *, but: SessionId | None = None) -> None:
        """Sign the host out of every browser, or of every other one."""
        ...

    async def end_session(self, host_id: HostId, session_id: SessionId, /) -> bool:
        """Sign the host out of one browser, and say whether there was that session; MUST leave another host's alone."""
        ...

    async def has_session(self, host_id: HostId, session_id: SessionId, /) -> bool:
        """Whether this host has that session, and nobody has ended it."""
        ...

    def revoke_api_tokens(self, host_id: HostId, *, made_before: datetime | None = None) -> None:
        """Make all tokens of a host worthless, or those that are older than an instant."""
        ...

    def close(self, host_id: HostId, at: datetime) -> None:
        """Let nobody in any more: the password, all sessions, API tokens and mail tokens are gone."""
        ...

    async def has_mails_to_send(self, host_id: HostId, /) -> bool:
        """Whether mails about bookings of this host are still in the outbox."""
        ...

    def erase(self, host_id: HostId, handles_end_at: datetime) -> None:
        """Delete the host and everything stored about them.

        MUST keep the host's handles from being taken until then; they lead nowhere.
        """
        ...


class MailTokens(Protocol):
    """Links in mails. Only a digest of each token is stored."""

    def remember(self, token: str, means: MailToken) -> None: ...

    async def find(self, token: str, purpose: Purpose, now: datetime, /) -> MailToken | None:
        """What the token is good for now; it stays so."""
        ...

    async def take(self, token: str, purpose: Purpose, now: datetime, /) -> MailToken | None:
        """Use the token up. MUST be its meaning once, in a unit that commits."""
        ...

    def forget(self, host_id: HostId, purpose: Purpose) -> None:
        """Make all of a host's tokens for this purpose worthless."""
        ...


class AccountMails(Protocol):
    """Mails about accounts that are still to be sent."""

    def ask(self, mail: AccountMail) -> None: ...

    async def get(self, mail_id: str, /) -> AccountMail | None: ...

    def forget(self, mail_id: str) -> None: ...

    def withdraw(self, host_id: HostId, kind: AccountMailKind) -> None:
        """Forget all of a kind that are still to be sent to a host."""
        ...
