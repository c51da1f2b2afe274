"""What is written of a calendar that is read every few minutes."""

import msgspec

from domain.busy import BusyTime
from domain.host import Host
from tests.support.builders import a_host
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep
from tests.support.stored_calendars import NOON, SECRET, a_calendar_of, a_connection_of


async def test_busy_times_are_written_with_another_revision_alone(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)

    kept = await _saved(store, host, "kept", revisions=0)
    replaced = await _saved(store, host, "replaced", revisions=1)

    assert ((NOON,), ()) == (kept, replaced)


async def _saved(store: StoreInPostgres, host: Host, name: str, revisions: int) -> tuple[BusyTime, ...]:
    """The busy times of a calendar that was saved without any, so many revisions after it was stored with one."""
    connection = a_connection_of(host, name)
    stored = a_calendar_of(connection, NOON, name=name)
    calendar = msgspec.structs.replace(stored.calendar, revision=stored.calendar.revision + revisions)
    async with store.begin() as uow:
        uow.calendar_connections.add(connection, SECRET)
        uow.calendars.add(stored)
    async with store.begin() as uow:
        assert await uow.calendars.lock(stored.calendar.id)
        uow.calendars.save(msgspec.structs.replace(stored, calendar=calendar, times=()))
    async with store.begin() as uow:
        after = await uow.calendars.get(stored.calendar.id)
    assert after is not None
    return after.times
