"""List what happened to a host's account."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.instants import is_in_calendar
from domain.security_events import KEPT_FOR, SecurityEvent

MOST_AT_ONCE = 10_000
"""Of one instant; there are never nearly as many."""


class SecurityEvents(msgspec.Struct, frozen=True):
    """Some events, the latest first; `next` is the cursor of those that follow, if there are any."""

    items: tuple[SecurityEvent, ...]
    next: str | None


@dataclass(frozen=True)
class ListSecurityEvents:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, limit: int | None) -> tuple[SecurityEvent, ...]:
        """Return the events of the last 90 days, the latest first, all without a limit. Raises Forbidden."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            return await uow.security_log.of(host_id, self.clock() - KEPT_FOR, limit)

    async def page(self, actor: HostActor, cursor: str | None, limit: int) -> SecurityEvents:
        """Return them page by page. Raises Forbidden, and InvalidInput for a cursor of another list."""
        host_id, after = actor.require("account:read"), _read(cursor)
        async with self.begin() as uow:
            until = after and after.at
            skipped = after.listed if after else 0
            found = await uow.security_log.of(host_id, self.clock() - KEPT_FOR, skipped + limit + 1, until)
        items = found[skipped : skipped + limit]
        more = len(found) > skipped + limit
        return SecurityEvents(items, _Cursor.behind(found[: skipped + limit]).written() if more else None)


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ends: how many events of its last instant were listed."""

    at: datetime
    listed: int

    @classmethod
    def behind(cls, events: tuple[SecurityEvent, ...]) -> "_Cursor":
        last = events[-1].at
        return cls(last, sum(each.at == last for each in events))

    def written(self) -> str:
        return f"{self.at.isoformat()}~{self.listed}"


def _read(cursor: str | None) -> _Cursor | None:
    if cursor is None:
        return None
    at, _, listed = cursor.partition("~")
    try:
        found = _Cursor(datetime.fromisoformat(at), int(listed))
    except ValueError as error:
        raise _unknown() from error
    if found.at.tzinfo is None or not is_in_calendar(found.at) or not 0 < found.listed <= MOST_AT_ONCE:
        raise _unknown()
    return found


def _unknown() -> InvalidInput:
    return InvalidInput.at("cursor", Malformed("cursor"))
