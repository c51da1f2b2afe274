"""Hours that pages share."""

from functools import partial

from adapters.postgres.tables import SCHEDULES
from adapters.postgres.transaction import Refusals, Transaction, check_saved
from application.ports.conflicts import Taken
from application.ports.schedules import ScheduleUsed
from domain.ids import HostId, ScheduleId
from domain.schedule import Schedule

_NAME: Refusals = {"schedules_name_is_unique": partial(Taken, "name")}
_USED: Refusals = {"booking_pages_schedule_is_theirs": ScheduleUsed}

_ADD = f"insert into schedules ({SCHEDULES.columns}) values ({SCHEDULES.placeholders()})"

_SAVE = f"""
    update schedules set ({SCHEDULES.columns}) = ({SCHEDULES.placeholders()}), version = version + 1
    where id = $1 and version = ${SCHEDULES.after}
    returning id
"""


class PostgresSchedules:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, schedule: Schedule) -> None:
        self._transaction.write(_ADD, *SCHEDULES.args(schedule), refusals=_NAME)

    async def count(self, host_id: HostId, /) -> int:
        row = await self._transaction.read("select count(*) from schedules where host_id = $1", host_id)
        return 0 if row is None else int(row[0])

    async def lock(self, host_id: HostId, schedule_id: ScheduleId, /) -> Schedule | None:
        sql = f"select {SCHEDULES.select} from schedules as s where s.host_id = $1 and s.id = $2 for no key update"
        row = await self._transaction.lock(sql, host_id, schedule_id)
        return None if row is None else SCHEDULES.read(row)

    def save(self, schedule: Schedule) -> None:
        args = *SCHEDULES.args(schedule), schedule.version
        self._transaction.write(_SAVE, *args, refusals=_NAME, check=check_saved)

    def remove(self, host_id: HostId, schedule_id: ScheduleId) -> None:
        sql = "delete from schedules where host_id = $1 and id = $2"
        self._transaction.write(sql, host_id, schedule_id, refusals=_USED)
