"""Storage of passkeys, and the WebAuthn ceremonies with browsers."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.host import Host
from domain.ids import HostId, PasskeyId
from domain.passkey import Passkey

Ceremony = Literal["add", "sign-in", "confirm"]


class Challenge(msgspec.Struct, frozen=True):
    """What an authenticator has to sign.

    Attributes:
        value: random, in ASCII.
        browser: a secret of the browser that it was made for.
        host_id: who is signed in there; None where nobody is yet.
    """

    value: str
    browser: str
    ceremony: Ceremony
    host_id: HostId | None
    expires_at: datetime


class Challenges(Protocol):
    """Challenges that were handed out. Only digests of the value and of the browser's secret are stored."""

    def remember(self, challenge: Challenge) -> None: ...

    async def take(self, value: str, browser: str, ceremony: Ceremony, now: datetime, /) -> Challenge | None:
        """Use a challenge up. MUST be one that lasts, for this browser and ceremony, once, in a unit that commits."""
        ...


class Passkeys(Protocol):
    """Passkeys in a unit of work; lock the host first where something is decided by what is read here."""

    def add(self, passkey: Passkey) -> None:
        """Store a new passkey. At the latest at the commit, MUST raise Taken("passkey") for a known credential."""
        ...

    async def of(self, host_id: HostId, /) -> tuple[Passkey, ...]:
        """The host's passkeys, the newest first."""
        ...

    async def find(self, credential_id: bytes, /) -> Passkey | None: ...

    def save(self, passkey: Passkey) -> None:
        """Store how often and when it was used, and its name; one that was removed meanwhile stays so."""
        ...

    def remove(self, passkey_id: PasskeyId) -> None: ...

    def remove_all(self, host_id: HostId) -> None: ...


class NewCredential(msgspec.Struct, frozen=True):
    """What an authenticator has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


class Claim(msgspec.Struct, frozen=True):
    """What the answer of a browser is about, before anything of it is verified."""

    challenge: str
    credential_id: bytes


class NotAccepted(Exception):
    """The answer of a browser isn't one to this challenge by an authenticator that has verified its user."""


class RelyingParty(Protocol):
    """The server's side of WebAuthn, for one domain. Options and answers are JSON, in the forms of WebAuthn Level 3."""

    def options_to_add(self, host: Host, challenge: str, known: Collection[bytes], /) -> str:
        """What `navigator.credentials.create` is called with, for a discoverable credential that verifies its user.

        Args:
            known: credentials of the host, whose authenticators make no other.
        """
        ...

    def options_to_sign(self, challenge: str, /) -> str:
        """What `navigator.credentials.get` is called with, for any credential of this domain."""
        ...

    def claim(self, answer: str, /) -> Claim:
        """Read an answer. Raises NotAccepted for anything but an answer."""
        ...

    def added(self, answer: str, challenge: str, /) -> NewCredential:
        """Verify a new credential.

        MUST raise NotAccepted for another origin, domain, challenge or ceremony, for a user who wasn't verified, and
        for a key that nothing could be verified with.
        """
        ...

    def signed(self, answer: str, challenge: str, passkey: Passkey, /) -> int:
        """Verify a signature, and return how often the authenticator has signed.

        MUST raise NotAccepted like `added`, for another key's signature, and for another host's user handle.
        """
        ...
