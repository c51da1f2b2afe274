"""A host's account at a provider: what state it is in, and what that permits."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from domain.connection_events import (
    ConnectionBroke,
    ConnectionDropped,
    ConnectionEvent,
    ConnectionMade,
    ConnectionRevoked,
)
from domain.ids import HostId
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import ProviderProblem

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

    problem: ProviderProblem


class Blocked(msgspec.Struct, frozen=True, tag_field="state", tag="blocked"):
    """The account may not create meetings; its administrator or its plan decides."""

    problem: ProviderProblem


ConnectionState = Connected | NeedsReconnect | Blocked


KEEP_AFTER = timedelta(days=30)
"""A refresh token that nobody uses ends after 90 days at Zoom and at Microsoft, and after half a year at Google.

This leaves two months for whatever comes in between.
"""


class ProviderConnection(msgspec.Struct, frozen=True):
    """One host's connection to one provider; the tokens are kept apart, sealed.

    Attributes:
        refreshed_at: when the tokens were last renewed; None since they were first given.
        limited_until: the provider makes no more meetings until then, and the connection is fine.
        meetings_on: where a provider makes only so many a day, the day of UTC on which one was last asked for, and
            `meetings_made` how many were made on that day, are under way, or may have been made.
    """

    host_id: HostId
    provider: Provider
    account: ProviderAccount
    state: ConnectionState
    connected_at: datetime
    last_meeting_at: datetime | None = None
    refreshed_at: datetime | None = None
    limited_until: datetime | None = None
    meetings_on: date | None = None
    meetings_made: int = 0

    def __post_init__(self) -> None:
        if self.meetings_made < 0 or (self.meetings_on is None and self.meetings_made):
            raise ValueError("meetings are counted from 0, on a day")

    @property
    def status(self) -> ProviderStatus:
        match self.state:
            case Connected():
                return "connected"
            case NeedsReconnect():
                return "needs_reconnect"
            case Blocked():
                return "blocked"

    @property
    def problem(self) -> ProviderProblem | None:
        """Why it can't be used until somebody acts."""
        match self.state:
            case Connected():
                return None
            case NeedsReconnect(problem) | Blocked(problem):
                return problem

    def limit(self, now: datetime) -> datetime | None:
        """When the passing limit that holds right now ends."""
        if self.problem is not None or self.limited_until is None or self.limited_until <= now:
            return None
        return self.limited_until

    def grant_died(self, problem: ProviderProblem, at: datetime) -> "ConnectionDecision":
        """The first problem stays: whatever a dead grant fails with afterwards follows from it."""
        return self._needs_host(NeedsReconnect(problem), at)

    def was_blocked(self, problem: ProviderProblem, at: datetime) -> "ConnectionDecision":
        """A grant that is dead as well needs the host first."""
        return self._needs_host(Blocked(problem), at)

    def was_dropped(self, at: datetime) -> "ConnectionDecision":
        return ConnectionDecision(self, (ConnectionDropped(self.host_id, self.provider, at),), is_kept=False)

    def was_revoked(self, at: datetime) -> "ConnectionDecision":
        return ConnectionDecision(self, (ConnectionRevoked(self.host_id, self.provider, at),), is_kept=False)

    def tried_again(self) -> "ProviderConnection":
        """Whether an account may create meetings by now shows only when it is asked to."""
        return msgspec.structs.replace(self, state=Connected()) if isinstance(self.state, Blocked) else self

    def made_a_meeting(self, at: datetime) -> "ProviderConnection":
        """A meeting is the proof that the account works, whatever went wrong before."""
        return msgspec.structs.replace(
            self,
            state=Connected(),
            last_meeting_at=at,
            limited_until=None,
        )

    def asked_for_a_meeting(self, at: datetime) -> "ProviderConnection":
        """A meeting counts before it is there, so that any number may be asked for at the same time."""
        return msgspec.structs.replace(self, meetings_on=day_of(at), meetings_made=self.meetings_today(at) + 1)

    def got_no_meeting(self, asked_at: datetime) -> "ProviderConnection":
        """Take back the count of a meeting that certainly wasn't made."""
        if not self.meetings_today(asked_at):
            return self
        return msgspec.structs.replace(self, meetings_made=self.meetings_made - 1)

    def meetings_today(self, now: datetime) -> int:
        """How many meetings count for this day of UTC."""
        return self.meetings_made if self.meetings_on == day_of(now) else 0

    def reached_limit(self, until: datetime) -> "ProviderConnection":
        """The provider makes no more meetings until then; that passes by itself."""
        return msgspec.structs.replace(self, limited_until=until)

    def was_refreshed(self, at: datetime) -> "ProviderConnection":
        return msgspec.structs.replace(self, refreshed_at=at)

    def is_idle(self, now: datetime) -> bool:
        """Whether the tokens are so old that they have to be renewed just to stay alive."""
        return self.problem is None and (self.refreshed_at or self.connected_at) <= now - KEEP_AFTER

    def is_ended_by(self, removed_at: datetime) -> bool:
        """Whether the removal of the app at the provider is about this connection, and not about one before it."""
        return self.connected_at <= removed_at

    def _needs_host(self, state: NeedsReconnect | Blocked, at: datetime) -> "ConnectionDecision":
        if isinstance(self.state, NeedsReconnect):
            return ConnectionDecision(self)
        broke = (ConnectionBroke(self.host_id, self.provider, at),) if self.problem is None else ()
        return ConnectionDecision(msgspec.structs.replace(self, state=state), broke)


def day_of(at: datetime) -> date:
    """The day that providers count by."""
    return at.astimezone(UTC).date()


class ConnectionDecision(NamedTuple):
    """The next state of a connection, and what has happened to it; unless it `is_kept` it goes with its grant."""

    connection: ProviderConnection
    events: tuple[ConnectionEvent, ...] = ()
    is_kept: bool = True


def connect(host_id: HostId, provider: Provider, account: ProviderAccount, at: datetime) -> ConnectionDecision:
    """Connect an account, whatever was connected before."""
    connection = ProviderConnection(host_id, provider, account, Connected(), at)
    return ConnectionDecision(connection, (ConnectionMade(host_id, provider, at),))


def statuses(
    configured: frozenset[Provider], stored: Mapping[Provider, ProviderStatus]
) -> dict[Provider, ProviderStatus]:
    """Every provider's status: what this server has no settings for can't be used, whatever is stored."""
    return {each: stored.get(each, "not_connected") if each in configured else "not_configured" for each in PROVIDERS}


def statuses_of(
    configured: frozenset[Provider], connections: Sequence[ProviderConnection]
) -> dict[Provider, ProviderStatus]:
    return statuses(configured, {each.provider: each.status for each in connections})
