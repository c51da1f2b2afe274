"""Events as the contract of calendar readers puts them anywhere, and what every place can do with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from application.ports.calendar_reader import CalendarAccess, CalendarAsker, CalendarReader
from domain.busy import Mark
from domain.calendar_problem import CalendarProblem

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
ZONE = "Asia/Tokyo"
"""Of the all-day events of each place's calendar."""

EventMark = Mark | Literal["cancelled", "declined"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event that its calendar's owner takes part in, unless told.

    Attributes:
        start: with a zone, or floating without one; a date for all-day events.
        mark: what it says about the owner's time.
        weeks: how often it takes place, weekly.
        moved: the new start of single weeks, counted from 0; `dropped` are those that don't take place.
    """

    start: datetime | date
    uid: str = "event-1"
    length: timedelta = HOUR
    mark: EventMark = "busy"
    weeks: int = 1
    moved: Mapping[int, datetime] = field(default_factory=dict[int, datetime])
    dropped: frozenset[int] = frozenset()

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    def starts(self) -> list[datetime | date]:
        """When it takes place, with a wall clock that stays through changes of the zone's offset."""
        weeks = [week for week in range(self.weeks) if week not in self.dropped]
        return [self.moved.get(week, self.start + week * WEEK) for week in weeks]


class Place(Protocol):
    """A calendar with all-day events in ZONE, in an account that may hold others.

    Attributes:
        asker: who asks it at submit, where that is done.
        owner: the address by which events know whose calendar it is.
        refused: what gets nobody in, where a place asks who comes.
        problem_when_gone: what reading it says once it is removed.
        tells_unchanged: a reading finds out that nothing has changed.
        knows_floating: events can be without a time zone.
    """

    @property
    def reader(self) -> CalendarReader: ...
    @property
    def asker(self) -> CalendarAsker | None: ...
    @property
    def access(self) -> CalendarAccess: ...
    @property
    def remote_id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def refused(self) -> CalendarAccess | None: ...
    @property
    def problem_when_gone(self) -> CalendarProblem: ...
    @property
    def tells_unchanged(self) -> bool: ...
    @property
    def knows_floating(self) -> bool: ...

    async def put(self, *events: Event) -> None:
        """Add events, and replace those with the same `uid`."""
        ...

    async def delete(self, uid: str) -> None: ...

    async def remove(self) -> None:
        """Remove the calendar itself."""
        ...
