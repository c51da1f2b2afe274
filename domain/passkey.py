"""A passkey with which a host signs in instead of typing a password."""

from datetime import datetime

import msgspec

from domain.ids import HostId, PasskeyId
from domain.limits import check_text

LONGEST_PASSKEY_NAME = 60
MOST_PASSKEYS = 20


class Passkey(msgspec.Struct, frozen=True):
    """A discoverable WebAuthn credential.

    Attributes:
        credential_id: what the authenticator calls it.
        public_key: in the COSE format.
        sign_count: how often the authenticator has signed; always 0 at those that don't count.
        name: what the host calls it.
    """

    id: PasskeyId
    host_id: HostId
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    added_at: datetime
    last_used_at: datetime | None = None

    def __post_init__(self) -> None:
        check_text(self.name, LONGEST_PASSKEY_NAME, "name")
        if self.sign_count < 0:
            raise ValueError("signatures are counted from 0")

    def may_be_copied(self, sign_count: int) -> bool:
        """Whether an authenticator that counts has gone back, so that two have the key (WebAuthn, 6.1.1)."""
        return (sign_count or self.sign_count) > 0 and sign_count <= self.sign_count

    def was_used(self, sign_count: int, at: datetime) -> "Passkey":
        return msgspec.structs.replace(self, sign_count=sign_count, last_used_at=at)

    def renamed(self, name: str) -> "Passkey":
        return msgspec.structs.replace(self, name=name)
