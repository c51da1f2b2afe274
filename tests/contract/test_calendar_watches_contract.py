"""Watches of calendars: what every store promises about them."""

from datetime import timedelta

from application.ports.calendar_watches import WatchedCalendar
from application.ports.calendars import StoredCalendar
from domain.calendar_watch import CalendarWatch
from domain.host import Host
from domain.ids import CalendarId, WatchId
from tests.support.builders import NOW
from tests.support.store import Store
from tests.support.stored_calendars import a_calendar_of, a_connection_of, put

HOUR = timedelta(hours=1)


def a_watch(name: str, calendar: str = "c1", hours: int = 0) -> CalendarWatch:
    return CalendarWatch(WatchId(name), CalendarId(calendar), NOW + hours * HOUR)


async def add(store: Store, *watches: CalendarWatch) -> None:
    """Each with the secret `secret-ID`."""
    async with store.begin() as uow:
        for each in watches:
            await uow.calendars.lock(each.calendar_id)
            uow.calendar_watches.add(each, f"secret-{each.id}")


async def two_calendars(store: Store, host: Host) -> tuple[StoredCalendar, StoredCalendar]:
    connection = a_connection_of(host)
    first, second = a_calendar_of(connection), a_calendar_of(connection, name="c2")
    await put(store, connection, first, second)
    return first, second


async def test_watches_are_listed_by_calendar_and_by_connection_oldest_first(store: Store, host: Host) -> None:
    first, _ = await two_calendars(store, host)
    later, earlier, other = a_watch("w1", hours=2), a_watch("w2"), a_watch("w3", "c2", hours=1)
    await add(store, later, earlier, other)

    async with store.begin() as uow:
        assert [earlier, later] == await uow.calendar_watches.of_calendar(first.calendar.id)
        assert [earlier, other, later] == await uow.calendar_watches.of_connection(first.calendar.connection_id)


async def test_a_watch_is_granted_renewed_and_removed(store: Store, host: Host) -> None:
    await two_calendars(store, host)
    asked = a_watch("w1")
    granted = asked.was_granted("remote", NOW + 10 * HOUR, NOW + HOUR).has_to_be_renewed()
    await add(store, asked, a_watch("w2"))

    async with store.begin() as uow:
        uow.calendar_watches.save(granted)
        uow.calendar_watches.remove(WatchId("w2"))
    async with store.begin() as uow:
        uow.calendar_watches.save(a_watch("w2"))

    async with store.begin() as uow:
        assert [granted] == await uow.calendar_watches.of_calendar(CalendarId("c1"))


async def test_secrets_lead_to_their_calendars_and_others_nowhere(store: Store, host: Host) -> None:
    first, second = await two_calendars(store, host)
    await add(store, a_watch("w1"), a_watch("w2"), a_watch("w3", "c2"))

    async with store.begin() as uow:
        found = await uow.calendar_watches.by_secret(["secret-w2", "secret-w3", "w1", "", "\0\ud800"])

    assert {
        "secret-w2": WatchedCalendar(a_watch("w2"), first.calendar),
        "secret-w3": WatchedCalendar(a_watch("w3", "c2"), second.calendar),
    } == found


async def test_watches_go_with_their_calendar_and_with_their_connection(store: Store, host: Host) -> None:
    first, second = await two_calendars(store, host)
    await add(store, a_watch("w1"), a_watch("w2", "c2"))

    async with store.begin() as uow:
        uow.calendars.remove(first.calendar.id)
    async with store.begin() as uow:
        left = await uow.calendar_watches.of_connection(first.calendar.connection_id)
        uow.calendar_connections.remove(host.id, second.calendar.connection_id)
    async with store.begin() as uow:
        assert {} == await uow.calendar_watches.by_secret(["secret-w1", "secret-w2"])

    assert [a_watch("w2", "c2")] == left
