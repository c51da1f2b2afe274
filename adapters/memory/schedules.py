"""Schedules in memory: a name is unique under its host, and one in use stays."""

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.conflicts import Conflict, Taken
from application.ports.schedules import ScheduleUsed
from domain.ids import HostId, ScheduleId
from domain.schedule import Schedule


class MemorySchedules:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, schedule: Schedule) -> None:
        def change(tables: Tables) -> None:
            _refuse_taken_name(schedule, tables)
            tables.schedules[schedule.id] = schedule

        self._transaction.stage(change)

    async def count(self, host_id: HostId, /) -> int:
        return sum(each.host_id == host_id for each in (await self._transaction.read()).schedules.values())

    async def lock(self, host_id: HostId, schedule_id: ScheduleId, /) -> Schedule | None:
        await self._transaction.lock(_row(schedule_id))
        schedule = (await self._transaction.read()).schedules.get(schedule_id)
        if schedule is None or schedule.host_id != host_id:
            self._transaction.unlock(_row(schedule_id))
            return None
        return schedule

    def save(self, schedule: Schedule) -> None:
        def change(tables: Tables) -> None:
            stored = tables.schedules.get(schedule.id)
            if stored is None or stored.version != schedule.version:
                raise Conflict
            _refuse_taken_name(schedule, tables)
            saved = msgspec.structs.replace(schedule, version=schedule.version + 1)
            tables.schedules[schedule.id] = saved
            tables.pages.update(
                {
                    page.id: msgspec.structs.replace(page, schedule=saved)
                    for page in tables.pages.values()
                    if page.schedule_id == schedule.id
                }
            )

        self._transaction.stage(change, _row(schedule.id))

    def remove(self, host_id: HostId, schedule_id: ScheduleId) -> None:
        def change(tables: Tables) -> None:
            schedule = tables.schedules.get(schedule_id)
            if schedule is None or schedule.host_id != host_id:
                return
            if any(page.schedule_id == schedule_id for page in tables.pages.values()):
                raise ScheduleUsed
            del tables.schedules[schedule_id]

        self._transaction.stage(change, _row(schedule_id))


def _row(schedule_id: ScheduleId) -> RowKey:
    return ("schedule", schedule_id)


def _refuse_taken_name(schedule: Schedule, tables: Tables) -> None:
    for other in tables.schedules.values():
        if other.id != schedule.id and (other.host_id, other.name) == (schedule.host_id, schedule.name):
            raise Taken("name")
