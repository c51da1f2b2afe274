"""A whole store in memory: what PostgreSQL is to the product, for tests that want none."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from adapters.memory.accounts import MemoryAuthorizations
from adapters.memory.api_tokens import MemoryBearerTokens
from adapters.memory.backlog import MemoryBacklog
from adapters.memory.changes import MemoryChanges
from adapters.memory.rate_limiter import MemoryRateLimiter
from adapters.memory.sessions import MemorySessions
from adapters.memory.state import State
from adapters.memory.unit_of_work import beginning
from adapters.memory.views import MemoryViews
from application.ports.clock import Clock
from domain.security_events import SecurityEvent


class MemoryStore:
    """Everything that is stored, behind the same ports as in PostgreSQL and held to the same contract tests.

        store = MemoryStore()
        async with store.begin() as uow:
            uow.hosts.add(host, None)
        page = await store.views.public_page("ana", "intro")

    It keeps what a database keeps: a unit is stored whole or not at all, locked rows make others wait, two bookings
    can't overlap, a lease ends. It differs where tests gain by it: everything is gone with the object, nothing is
    encrypted, and it serves one event loop only. Two units that wait for each other's rows wait forever.

    Args:
        clock: says when work is due and a lease has ended, as the database's own clock does there.
        watch: called with each security event after the commit that stored it.
    """

    def __init__(
        self,
        clock: Clock = lambda: datetime.now(UTC),
        watch: Callable[[SecurityEvent], None] = lambda _event: None,
    ) -> None:
        state = State(clock, watch)
        self._state = state
        self.begin = beginning(state)
        self.backlog = MemoryBacklog(state)
        self.views = MemoryViews(state)
        self.changes = MemoryChanges(state)
        self.sessions = MemorySessions(state)
        self.bearer_tokens = MemoryBearerTokens(state)
        self.authorizations = MemoryAuthorizations()
        self.rate_limiter = MemoryRateLimiter(state)

    def lose_keys(self) -> None:
        """Let no grant, way into a calendar, webhook secret or guest token that is stored by now be opened any more."""
        tables = self._state.tables
        connections, calendars, bookings = tables.connections, tables.calendar_connections, tables.bookings
        connections.update({key: (connection, None) for key, (connection, _) in connections.items()})
        calendars.update({key: (connection, None) for key, (connection, _) in calendars.items()})
        webhooks = tables.webhooks
        webhooks.update({key: (webhook, None) for key, (webhook, _) in webhooks.items()})
        bookings.update({key: msgspec.structs.replace(each, token=None) for key, each in bookings.items()})
