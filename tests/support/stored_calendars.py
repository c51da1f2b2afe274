"""Calendars as they are stored, and pages that they block."""

from datetime import datetime, timedelta

import msgspec

from application.ports.calendar_reader import FeedAddress, LastSeen
from application.ports.calendars import StoredCalendar
from application.ports.safe_fetcher import Validators
from domain.availability import BookingRules
from domain.booking_page import BookingPage
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, Reading, first_revision
from domain.host import Host
from domain.ids import CalendarConnectionId, CalendarId
from domain.page_calendars import PageCalendars
from domain.slot import Slot
from tests.support.builders import NOW, a_page
from tests.support.store import Store, keep

HOUR = timedelta(hours=1)
SPAN = Slot(NOW - timedelta(days=2), NOW + timedelta(days=60))
NOON = BusyTime(Slot.lasting(HOUR, NOW + 3 * HOUR))
MAYBE = BusyTime(Slot.lasting(HOUR, NOW + 9 * HOUR), "tentative", all_day=True)
SECRET = FeedAddress("https://calendar.example/secret.ics")


def a_connection_of(host: Host, name: str = "k1", at: datetime = NOW) -> CalendarConnection:
    return CalendarConnection(CalendarConnectionId(name), host.id, "ical_feed", "calendar.example", at)


def a_calendar_of(connection: CalendarConnection, *times: BusyTime, name: str = "c1") -> StoredCalendar:
    calendar = Calendar(
        id=CalendarId(name),
        connection_id=connection.id,
        host_id=connection.host_id,
        kind=connection.kind,
        name=f"Kalender {name} 王",
        timezone="America/New_York",
        host_timezone="Europe/Berlin",
        revision=first_revision(connection.connected_at),
    )
    seen = LastSeen(Validators('"7"', "Tue, 01 Dec 2026 00:00:00 GMT"), b"\x00digest")
    return StoredCalendar(
        calendar.was_read(Reading(SPAN, times, refresh_every=HOUR), (), "Europe/Berlin", NOW, HOUR), times, seen
    )


async def put(store: Store, connection: CalendarConnection, *calendars: StoredCalendar) -> None:
    async with store.begin() as uow:
        uow.calendar_connections.add(connection, SECRET)
        uow.calendars.add(*calendars)


async def a_blocked_page(store: Store, host: Host, *calendars: str, horizon: int = 60) -> BookingPage:
    blocking = tuple(map(CalendarId, calendars))
    page = msgspec.structs.replace(
        a_page(host, rules=BookingRules(horizon_days=horizon)), calendars=PageCalendars(blocking)
    )
    await keep(store, page)
    return page
