"""Read a host's schedules."""

from dataclasses import dataclass

from application.actor import HostActor
from application.ports.host_views import HostSchedules
from domain.errors import NotFound
from domain.ids import ScheduleId
from domain.schedule import Schedule


@dataclass(frozen=True)
class ListSchedules:
    schedules: HostSchedules

    async def __call__(self, actor: HostActor) -> list[Schedule]:
        """By name. Raises Forbidden."""
        return await self.schedules.schedules(actor.require("pages:read"))


@dataclass(frozen=True)
class ShowSchedule:
    schedules: HostSchedules

    async def __call__(self, actor: HostActor, schedule_id: ScheduleId) -> Schedule:
        """Raises Forbidden, and NotFound for another host's too."""
        for each in await self.schedules.schedules(actor.require("pages:read")):
            if each.id == schedule_id:
                return each
        raise NotFound("schedule")
