"""Times at which a host is busy elsewhere, and which of them block bookings."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Literal

import msgspec

from domain.slot import Slot

Mark = Literal["busy", "free", "tentative", "unanswered", "out_of_office", "working_elsewhere"]
"""What an event says about its time; declined and cancelled ones say nothing and are no busy times."""

Treatment = Literal["busy", "free"]
AllDay = Literal["as_marked", "busy", "free"]


class BusyTime(msgspec.Struct, frozen=True):
    """The time of one event in somebody's calendar, and nothing else of it."""

    slot: Slot
    mark: Mark = "busy"
    all_day: bool = False


class CalendarRules(msgspec.Struct, frozen=True):
    """How a host wants the events of a calendar to be taken."""

    tentative: Treatment = "busy"
    unanswered: Treatment = "busy"
    out_of_office: Treatment = "busy"
    working_elsewhere: Treatment = "free"
    all_day: AllDay = "as_marked"

    def blocks(self, time: BusyTime) -> bool:
        """Whether nobody can book over the event."""
        if time.all_day and self.all_day != "as_marked":
            return self.all_day == "busy"
        match time.mark:
            case "busy" | "free" as plain:
                return plain == "busy"
            case "tentative":
                return self.tentative == "busy"
            case "unanswered":
                return self.unanswered == "busy"
            case "out_of_office":
                return self.out_of_office == "busy"
            case "working_elsewhere":
                return self.working_elsewhere == "busy"


def beside(time: BusyTime, slots: Iterable[Slot]) -> list[BusyTime]:
    """What a time takes besides these slots."""
    left = [time.slot]
    for slot in slots:
        left = [part for each in left for part in each.without(slot)]
    return [msgspec.structs.replace(time, slot=each) for each in left]


def blocking(times: Iterable[BusyTime], rules: CalendarRules) -> list[Slot]:
    """The times that block, ascending, without overlaps; those that touch are one."""
    return merged(each.slot for each in times if rules.blocks(each))


def merged(slots: Iterable[Slot]) -> list[Slot]:
    """The same time in as few slots as there can be, ascending."""
    found: list[Slot] = []
    end = None
    for slot in sorted(slots, key=attrgetter("start")):
        if end is None or slot.start > end:
            found.append(slot)
            end = slot.end
        elif slot.end > end:
            end = slot.end
            found[-1] = Slot(found[-1].start, end)
    return found
