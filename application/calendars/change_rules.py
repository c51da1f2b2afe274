"""Change how the events of a calendar are taken."""

from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

from application.actor import HostActor
from application.ports.unit_of_work import Begin
from domain.busy import AllDay, CalendarRules, Treatment
from domain.calendar import Calendar
from domain.errors import NotFound
from domain.ids import CalendarId


class RulesEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to rules; what is left out stays."""

    tentative: Treatment | UnsetType = UNSET
    unanswered: Treatment | UnsetType = UNSET
    out_of_office: Treatment | UnsetType = UNSET
    working_elsewhere: Treatment | UnsetType = UNSET
    all_day: AllDay | UnsetType = UNSET

    def applied_to(self, rules: CalendarRules) -> CalendarRules:
        changes = {
            name: value for name in self.__struct_fields__ if not isinstance(value := getattr(self, name), UnsetType)
        }
        return msgspec.structs.replace(rules, **changes)


@dataclass(frozen=True)
class ChangeCalendarRules:
    """The new rules count at once, for what was read before too."""

    begin: Begin

    async def __call__(self, actor: HostActor, calendar_id: CalendarId, edit: RulesEdit) -> Calendar:
        """Raises Forbidden or NotFound."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            stored = await uow.calendars.lock(calendar_id)
            if stored is None or stored.calendar.host_id != host_id:
                raise NotFound("calendar")
            after = stored.calendar.follows(edit.applied_to(stored.calendar.rules))
            uow.calendars.save(msgspec.structs.replace(stored, calendar=after))
        return after
