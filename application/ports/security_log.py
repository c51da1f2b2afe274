"""Storage of security events."""

from datetime import datetime
from typing import Protocol

from domain.ids import HostId
from domain.security_events import SecurityEvent


class SecurityLog(Protocol):
    """Security events in a unit of work; to note one alone, begin a unit for it.

    Once the unit has committed, each event MUST be passed on to whoever watches the store, which logs and counts it.
    An event of a unit that fails MUST leave no trace.
    """

    def record(self, event: SecurityEvent) -> None:
        """Keep the event for its host's list; without a host, or with one who is gone, it is only passed on.

        MUST keep no more than `MOST_FAILURES` failures of 24 hours, and as many locks, and take as long for one that
        isn't kept.
        """
        ...

    async def of(
        self, host_id: HostId, since: datetime, limit: int | None, until: datetime | None = None, /
    ) -> tuple[SecurityEvent, ...]:
        """The host's events after an instant, up to another one included, the latest first.

        All of them without a limit. Of two at one instant the later one MUST come first.
        """
        ...
