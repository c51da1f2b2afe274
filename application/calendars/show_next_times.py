"""Show what was read of a calendar."""

from dataclasses import dataclass

from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.busy import BusyTime
from domain.errors import NotFound
from domain.ids import CalendarId


@dataclass(frozen=True)
class ShowNextTimes:
    """The next busy times, by which a host recognises a calendar; titles aren't stored."""

    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, calendar_id: CalendarId, count: int) -> list[BusyTime]:
        """Those that block and aren't over, ascending. Raises Forbidden or NotFound."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            stored = await uow.calendars.get(calendar_id)
        if stored is None or stored.calendar.host_id != host_id:
            raise NotFound("calendar")
        now, rules = self.clock(), stored.calendar.rules
        coming = (each for each in stored.times if each.slot.end > now and rules.blocks(each))
        return sorted(coming, key=lambda each: each.slot)[:count]
