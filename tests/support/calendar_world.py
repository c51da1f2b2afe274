"""A host with a page, and accounts with calendars that block it."""

from datetime import date, datetime, timedelta
from typing import Self

import msgspec

from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.calendars.read_calendar import LEAST_AHEAD, span_of
from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_reader import CaldavLogin, CalendarAccess, RemoteCalendar, SignedIn
from application.ports.calendars import StoredCalendar
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.busy import BusyTime, Mark
from domain.calendar import Calendar, CalendarConnection, CalendarKind, Reading
from domain.connection import ProviderAccount
from domain.host import Host
from domain.ids import CalendarConnectionId, CalendarId
from domain.page_calendars import PageCalendars, WhenUnreadable
from domain.slot import Slot
from tests.support.builders import A_NETWORK, NOW, a_page, phone_by_guest
from tests.support.memory_app import MemoryApp

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TEN = datetime.fromisoformat("2026-03-03T10:00:00Z")


def busy(start: datetime = TEN, length: timedelta = HOUR, mark: Mark = "busy") -> BusyTime:
    return BusyTime(Slot.lasting(length, start), mark)


class CalendarWorld:
    """A host whose page is blocked by the calendars that are connected here; each was read well just now, empty."""

    def __init__(self, memory: MemoryApp, host: Host, page: BookingPage) -> None:
        self.memory = memory
        self.host = host
        self.page = page
        self.actor = HostActor(host.id)

    @classmethod
    async def with_page(
        cls, memory: MemoryApp | None = None, *, policy: WhenUnreadable = "close", confirm_guest_email: bool = False
    ) -> Self:
        memory = memory or MemoryApp()
        host = await memory.host()
        page = a_page(host, meeting_types=(phone_by_guest,), confirm_guest_email=confirm_guest_email)
        page = msgspec.structs.replace(page, calendars=PageCalendars(when_unreadable=policy))
        return cls(memory, host, await memory.page(page))

    async def connect(
        self, account: str = "anna", *names: str, kind: CalendarKind = "google", blocks: bool = True
    ) -> CalendarConnection:
        """Connect an account whose calendars have these names, which are their ids too."""
        names = names or ("work",)
        remote = [RemoteCalendar(each, each.title()) for each in names]
        self.memory.calendar_readers[kind].hold(account, *remote)
        now = self.memory.clock()
        connection = CalendarConnection(
            CalendarConnectionId(f"k-{account}"), self.host.id, kind, f"{account}@example.com", now, login=account
        )
        calendars = [self._read_just_now(connection, each, now) for each in remote]
        async with self.memory.ports.begin() as uow:
            uow.calendar_connections.add(connection, self._access(connection))
            uow.calendars.add(*calendars)
            uow.outbox.enqueue(*(Due(ReadCalendarJob(each.calendar.id), now + 2 * MINUTE) for each in calendars))
            if blocks:
                page = await uow.pages.lock(self.host.id, self.page.id)
                assert page
                blocking = (*page.calendars.blocking, *(each.calendar.id for each in calendars))
                uow.pages.save(
                    msgspec.structs.replace(page, calendars=msgspec.structs.replace(page.calendars, blocking=blocking))
                )
        return connection

    def publish(
        self, *times: BusyTime, account: str = "anna", name: str = "work", kind: CalendarKind = "google"
    ) -> None:
        """Let a calendar hold these events."""
        self.memory.calendar_readers[kind].publish(account, name, *times)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [each for reader in self.memory.calendar_readers.values() for each in reader.asked]

    async def books(
        self, start: datetime = TEN, *, key: str | None = None, email: str = "ben@guests.example"
    ) -> Booking:
        request = BookingRequest(start, "phone", GuestDetails("Ben", email, "UTC"))
        address = self.host.handle, self.page.slug, self.page.event_types[0].slug
        return (await self.memory.app.book(*address, request, key, network=A_NETWORK)).booking.booking

    async def starts(self) -> list[datetime]:
        """What a guest is offered on the third of March."""
        day, address = date(2026, 3, 3), (self.host.handle, self.page.slug, self.page.event_types[0].slug)
        return (await self.memory.app.list_slots(*address, day, day, "UTC")).slots

    async def calendar(self, name: str = "work") -> Calendar:
        found = await self.memory.ports.views.calendars(self.host.id)
        return next(each for each in found if each.id == name)

    async def passes(self, time: timedelta, *, with_worker: bool = True) -> None:
        self.memory.clock.advance(time)
        if with_worker:
            await self.memory.work_off()

    def _access(self, connection: CalendarConnection) -> CalendarAccess:
        if connection.kind == "caldav":
            return CaldavLogin("https://dav.example/", connection.login, "geheim")
        account = ProviderAccount(connection.login, "org", connection.account, connection.login)
        return SignedIn(self.memory.calendar_accounts[connection.kind].grant_to(account))

    def _read_just_now(self, connection: CalendarConnection, remote: RemoteCalendar, now: datetime) -> StoredCalendar:
        calendar = Calendar(
            id=CalendarId(remote.id),
            connection_id=connection.id,
            host_id=connection.host_id,
            kind=connection.kind,
            name=remote.name,
            timezone="Europe/Berlin",
            host_timezone="Europe/Berlin",
            remote_id=remote.id,
        )
        reading, grace = Reading(span_of(NOW, LEAST_AHEAD), ()), self.memory.ports.calendar_timings.grace
        return StoredCalendar(calendar.was_read(reading, (), "Europe/Berlin", now, grace))
