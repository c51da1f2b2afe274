"""A host's account at a provider: what state it is in, and what that permits."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.ids import HostId

Provider = Literal["zoom", "google", "microsoft"]
PROVIDERS: tuple[Provider, ...] = ("zoom", "google", "microsoft")
PROVIDER_NAMES: dict[Provider, str] = {"zoom": "Zoom", "google": "Google", "microsoft": "Microsoft"}

ProviderStatus = Literal["not_configured", "not_connected", "connected", "needs_reconnect", "blocked"]


class ProviderAccount(msgspec.Struct, frozen=True):
    """Who is connected; `user_id` and `account_id` are the provider's and compare case-sensitively."""

    user_id: str
    account_id: str
    email: str
    name: str


class Connected(msgspec.Struct, frozen=True, tag_field="state", tag="connected"):
    pass


class NeedsReconnect(msgspec.Struct, frozen=True, tag_field="state", tag="needs_reconnect"):
    """The grant is dead or too narrow; only the host can mend it, by connecting again."""

    reason: str


class Blocked(msgspec.Struct, frozen=True, tag_field="state", tag="blocked"):
    """The account may not create meetings; its administrator or its plan decides."""

    reason: str


ConnectionState = Connected | NeedsReconnect | Blocked


class ProviderConnection(msgspec.Struct, frozen=True):
    """One host's connection to one provider; the tokens are kept apart, sealed."""

    host_id: HostId
    provider: Provider
    account: ProviderAccount
    state: ConnectionState
    connected_at: datetime
    last_meeting_at: datetime | None = None

    @property
    def status(self) -> ProviderStatus:
        match self.state:
            case Connected():
                return "connected"
            case NeedsReconnect():
                return "needs_reconnect"
            case Blocked():
                return "blocked"

    def grant_died(self, reason: str) -> "ProviderConnection":
        return msgspec.structs.replace(self, state=NeedsReconnect(reason))

    def was_blocked(self, reason: str) -> "ProviderConnection":
        return msgspec.structs.replace(self, state=Blocked(reason))

    def made_a_meeting(self, at: datetime) -> "ProviderConnection":
        """A meeting is the proof that the account works, whatever went wrong before."""
        return msgspec.structs.replace(self, state=Connected(), last_meeting_at=at)
