"""What every store promises about connections to calendar accounts."""

import asyncio

import msgspec
import pytest

from application.ports.calendar_reader import CaldavLogin
from application.ports.calendars import StoredCalendar
from application.ports.conflicts import Taken
from domain.calendar_problem import (
    CalendarAccountProblem,
    CalendarPermissionMissing,
    PasswordRefused,
    SignInEnded,
)
from domain.host import Host
from domain.ids import CalendarConnectionId, CalendarId
from tests.support.builders import NOW, a_host
from tests.support.store import Store, keep
from tests.support.stored_calendars import (
    HOUR,
    a_calendar_of,
    a_connection_of,
    put,
)


async def found(store: Store, name: str = "c1") -> StoredCalendar | None:
    async with store.begin() as uow:
        return await uow.calendars.get(CalendarId(name))


async def test_connections_are_listed_oldest_first_and_each_host_sees_their_own(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    later, earlier = a_connection_of(host, "k1", NOW + HOUR), a_connection_of(host, "k2")
    await put(store, later, a_calendar_of(later, name="c1"))
    await put(store, earlier, a_calendar_of(earlier, name="c2"))
    theirs = a_connection_of(other, "k3")
    await put(store, theirs, a_calendar_of(theirs, name="c3"))

    assert [earlier, later] == await store.views.calendar_connections(host.id)
    assert ["c2", "c1"] == [each.id for each in await store.views.calendars(host.id)]
    async with store.begin() as uow:
        assert await uow.calendar_connections.get(host.id, theirs.id) is None
        assert 2 == await uow.calendar_connections.count(host.id)
        assert {"c1", "c2"} == await uow.calendars.ids_of(host.id)


async def test_a_connection_goes_with_its_calendars_and_its_address(store: Store, host: Host) -> None:
    other = a_host()
    connection = a_connection_of(host)
    await put(store, connection, a_calendar_of(connection))

    async with store.begin() as uow:
        uow.calendar_connections.remove(other.id, connection.id)
    assert await found(store) is not None
    async with store.begin() as uow:
        uow.calendar_connections.remove(host.id, connection.id)

    assert await found(store) is None
    async with store.begin() as uow:
        assert await uow.calendar_connections.access(connection.id) is None
        assert await uow.calendars.lock(CalendarId("c1")) is None


async def test_a_connection_comes_back_as_saved_and_opens_what_was_put_last(store: Store, host: Host) -> None:
    connection = msgspec.structs.replace(a_connection_of(host), kind="caldav", login="dav.example anna")
    await put(store, connection, a_calendar_of(connection))
    broken = connection.broke(CalendarPermissionMissing(("read", "list"))).wants_peace(NOW + HOUR)
    login = CaldavLogin("https://dav.example/", "anna", "geheim")

    async with store.begin() as uow:
        locked = await uow.calendar_connections.lock(host.id, connection.id)
        uow.calendar_connections.save(broken)
        uow.calendar_connections.put_access(connection.id, login)
    async with store.begin() as uow:
        assert (connection, broken) == (locked, await uow.calendar_connections.get(host.id, connection.id))
        assert login == await uow.calendar_connections.access(connection.id)


async def test_an_account_is_connected_once_by_each_host_and_found_by_its_login(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    mine = msgspec.structs.replace(a_connection_of(host), kind="google", login="user-1")
    theirs = msgspec.structs.replace(a_connection_of(other, "k2"), kind="google", login="user-1")
    elsewhere = msgspec.structs.replace(a_connection_of(host, "k3"), kind="microsoft", login="user-1")
    for each in (mine, theirs, elsewhere, a_connection_of(host, "k4"), a_connection_of(host, "k5")):
        await put(store, each)

    with pytest.raises(Taken, match="calendar-login"):
        await put(store, msgspec.structs.replace(mine, id=CalendarConnectionId("k6")))

    async with store.begin() as uow:
        assert mine == await uow.calendar_connections.of_login(host.id, "google", "user-1")
        assert None is await uow.calendar_connections.of_login(host.id, "google", "user-2")
        assert sorted([host.id, other.id]) == await uow.calendar_connections.hosts_on("google", "user-1")


async def test_a_connection_is_locked_by_one_unit_at_a_time(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    await put(store, connection)
    came: list[CalendarAccountProblem] = []

    async def break_it(problem: CalendarAccountProblem) -> None:
        async with store.begin() as uow:
            locked = await uow.calendar_connections.lock(host.id, connection.id)
            came.append(problem)
            assert locked
            uow.calendar_connections.save(locked.broke(problem))

    await asyncio.gather(break_it(SignInEnded()), break_it(PasswordRefused()))

    async with store.begin() as uow:
        stored = await uow.calendar_connections.get(host.id, connection.id)
        assert None is await uow.calendar_connections.lock(host.id, CalendarConnectionId("none"))
    # Whoever came second has seen what the first did.
    assert stored
    assert came[0] == stored.problem
