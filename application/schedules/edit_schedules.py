"""Make, change and remove hours that pages share."""

from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

from application.actor import HostActor
from application.people import short_text, time_zone
from application.ports.clock import Ids
from application.ports.conflicts import Taken
from application.ports.host_views import HostPages
from application.ports.schedules import ScheduleUsed
from application.ports.unit_of_work import Begin
from application.schedules.public_holidays import CheckHolidays
from domain.availability import WEEKDAYS_NINE_TO_FIVE, Availability
from domain.errors import Checks, InvalidInput, NotFound, ScheduleInUse
from domain.faults import AlreadyUsed, Fault, NoRoom, Required
from domain.ids import HostId, ScheduleId
from domain.schedule import LONGEST_SCHEDULE_NAME, MOST_SCHEDULES, Schedule


class ScheduleEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new schedule, or changes to one; what is left out stays or takes its default."""

    name: str | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    timezone: str | UnsetType | None = UNSET


class ScheduleSavedMeanwhile(Exception):
    """Somebody saved the schedule after it was read for this edit; nothing was changed.

    Attributes:
        mine: what would have been saved.
        theirs: what is stored.
    """

    def __init__(self, mine: Schedule, theirs: Schedule) -> None:
        super().__init__(theirs.version)
        self.mine = mine
        self.theirs = theirs


@dataclass(frozen=True)
class CreateSchedule:
    begin: Begin
    check_holidays: CheckHolidays
    ids: Ids

    async def __call__(self, actor: HostActor, edit: ScheduleEdit) -> Schedule:
        """Raises Forbidden, InvalidInput where something is missing, wrong, taken or too much, and NotFound."""
        host_id = actor.require("pages:write")
        if isinstance(edit.name, UnsetType):
            raise InvalidInput.at("name", Required())
        new = Schedule(ScheduleId(self.ids.new_id()), host_id, "–", WEEKDAYS_NINE_TO_FIVE)
        made = _edited(new, edit, await self.check_holidays(edit.availability))
        try:
            async with self.begin() as uow:
                # Locked, so that requests at once count one another.
                if await uow.hosts.lock(host_id) is None:
                    raise NotFound("account")
                if await uow.schedules.count(host_id) >= MOST_SCHEDULES:
                    raise InvalidInput.at("name", NoRoom("schedules", MOST_SCHEDULES))
                uow.schedules.add(made)
        except Taken as taken:
            raise _name_taken() from taken
        return made


@dataclass(frozen=True)
class ChangeSchedule:
    """Change a schedule on all pages that use it; it counts from the next booking on."""

    begin: Begin
    check_holidays: CheckHolidays

    async def __call__(
        self, actor: HostActor, schedule_id: ScheduleId, edit: ScheduleEdit, *, version: int | None = None
    ) -> Schedule:
        """Save the changes.

        Args:
            version: of the schedule that the edit began with; None changes whatever is stored.

        Raises:
            Forbidden, NotFound, InvalidInput
            ScheduleSavedMeanwhile: the stored one has another version, and differs from what was to be saved.
        """
        host_id = actor.require("pages:write")
        faults = await self.check_holidays(edit.availability)
        try:
            async with self.begin() as uow:
                schedule = await uow.schedules.lock(host_id, schedule_id)
                if schedule is None:
                    raise NotFound("schedule")
                edited = _edited(schedule, edit, faults)
                if edited == schedule:
                    return schedule
                if version not in {None, schedule.version}:
                    raise ScheduleSavedMeanwhile(edited, schedule)
                uow.schedules.save(edited)
        except Taken as taken:
            raise _name_taken() from taken
        return edited


@dataclass(frozen=True)
class RemoveSchedule:
    begin: Begin
    pages: HostPages

    async def __call__(self, actor: HostActor, schedule_id: ScheduleId) -> None:
        """Take it away.

        Raises:
            Forbidden, NotFound
            ScheduleInUse: pages use it; nothing was changed.
        """
        host_id = actor.require("pages:write")
        try:
            async with self.begin() as uow:
                if await uow.schedules.lock(host_id, schedule_id) is None:
                    raise NotFound("schedule")
                uow.schedules.remove(host_id, schedule_id)
        except ScheduleUsed as used:
            raise ScheduleInUse(await self._using(host_id, schedule_id)) from used

    async def _using(self, host_id: HostId, schedule_id: ScheduleId) -> tuple[str, ...]:
        return tuple(each.title for each in await self.pages.pages(host_id) if each.schedule_id == schedule_id)


def _edited(schedule: Schedule, edit: ScheduleEdit, faults: tuple[Fault, ...]) -> Schedule:
    checks = Checks()
    for fault in faults:
        checks.note(fault.field, fault.problem)
    name, timezone = schedule.name, schedule.timezone
    if not isinstance(edit.name, UnsetType):
        name = checks.run(name, short_text, edit.name, "name", LONGEST_SCHEDULE_NAME)
        if not name:
            checks.note("name", Required())
    if not isinstance(edit.timezone, UnsetType):
        timezone = edit.timezone
        if timezone is not None:
            checks.run(None, time_zone, timezone, "timezone")
    checks.done()
    availability = schedule.availability if isinstance(edit.availability, UnsetType) else edit.availability
    return msgspec.structs.replace(schedule, name=name, availability=availability, timezone=timezone)


def _name_taken() -> InvalidInput:
    return InvalidInput.at("name", AlreadyUsed())
