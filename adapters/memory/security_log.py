"""Security events in memory."""

from datetime import datetime, timedelta

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from domain.ids import HostId
from domain.security_events import MOST_FAILURES, SecurityEvent, SignInFailed, SignInLocked

_A_DAY = timedelta(days=1)


class MemorySecurityLog:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def record(self, event: SecurityEvent) -> None:
        def change(tables: Tables) -> None:
            host_id = event.host_id
            if host_id is None or host_id not in tables.hosts:
                return
            theirs = tables.security_events.get(host_id, ())
            lately = [each for each in theirs if type(each) is type(event) and each.at > event.at - _A_DAY]
            if not isinstance(event, SignInFailed | SignInLocked) or len(lately) < MOST_FAILURES:
                tables.security_events[host_id] = (*theirs, event)

        self._transaction.stage(change)
        self._transaction.tell(event)

    async def of(
        self, host_id: HostId, since: datetime, limit: int | None, until: datetime | None = None, /
    ) -> tuple[SecurityEvent, ...]:
        theirs = (await self._transaction.read()).security_events.get(host_id, ())
        # Of two at one instant the later one comes first.
        latest = sorted(theirs, key=lambda each: each.at)[::-1]
        return tuple(each for each in latest if each.at > since and (until is None or each.at <= until))[:limit]
