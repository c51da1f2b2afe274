"""Hosts' schedules, which pages share."""

from typing import Protocol

from domain.ids import HostId, ScheduleId
from domain.schedule import Schedule


class ScheduleUsed(Exception):
    """A page uses the schedule that was to be removed; nothing was changed."""


class ScheduleGone(Exception):
    """The schedule that a page was to use has been removed; nothing was changed."""


class Schedules(Protocol):
    def add(self, schedule: Schedule) -> None:
        """Store a new one. MUST raise Taken("name") at the latest at the commit if the host has that name."""
        ...

    async def count(self, host_id: HostId, /) -> int:
        """How many the host has stored."""
        ...

    async def lock(self, host_id: HostId, schedule_id: ScheduleId, /) -> Schedule | None:
        """Read a schedule of this host for changing it; another host's is None."""
        ...

    def save(self, schedule: Schedule) -> None:
        """Store a schedule, for all pages that use it.

        `schedule.version` is the one that was read; the stored one is the next. At the latest at the commit, MUST
        raise Conflict if the stored version is another. Raises Taken("name") like `add`.
        """
        ...

    def remove(self, host_id: HostId, schedule_id: ScheduleId) -> None:
        """Take it away. MUST raise ScheduleUsed at the latest at the commit if a page uses it."""
        ...
