"""Read calendars because their host looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from application.actor import HostActor
from application.calendars.timings import CalendarTimings
from application.effects import calendars_outdated, carry_out
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from domain.calendar import Calendar

AT_MOST = 20


@dataclass(frozen=True)
class FreshenCalendars:
    """Owe a reading of what wasn't read for a while; nobody waits for it."""

    begin: Begin
    clock: Clock
    timings: CalendarTimings

    async def __call__(self, actor: HostActor, calendars: Sequence[Calendar]) -> None:
        """Choose among calendars of the host's that were shown just now, those of the longest ago first.

        Those that can't be read are tried again on their own. Raises Forbidden.
        """
        actor.require("account:read")
        now = self.clock()
        old = sorted(
            (each.read_at, each.id)
            for each in calendars
            if each.problem is None and each.read_at is not None and now - each.read_at >= self._a_while(each)
        )
        if old:
            async with self.begin() as uow:
                carry_out(uow, calendars_outdated((each for _, each in old[:AT_MOST]), now))

    def _a_while(self, calendar: Calendar) -> timedelta:
        """Half of the time to the next regular reading."""
        return self.timings.poll(calendar.kind) / 2
