"""A host whose page writes its bookings to a calendar, on memory."""

from datetime import datetime, timedelta
from typing import Self

import msgspec

from adapters.memory.calendar_writer import HeldEntry
from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.calendars.read_calendar import LEAST_AHEAD, span_of
from application.jobs import Due, ReadCalendarJob
from application.ports.booking_views import BookingView
from application.ports.calendar_reader import CaldavLogin, RemoteCalendar, SignedIn
from application.ports.calendars import StoredCalendar
from domain.booking import Booking
from domain.calendar import Calendar, CalendarConnection, CalendarKind, Reading
from domain.calendar_entry import CalendarEntry
from domain.connection import ProviderAccount
from domain.ids import BookingId, CalendarConnectionId, CalendarId
from domain.meeting_type import MeetingType, name_of
from domain.page_calendars import OnDelete, OnMove, PageCalendars
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import A_NETWORK, NOW, ORDINARY_RULES, a_host, a_page, ana_with_a_number, phone_by_host
from tests.support.memory_app import MemoryApp
from tests.support.visiting import PASSWORD

POLL = timedelta(minutes=2)
ANNA = ProviderAccount("anna", "org", "anna@example.com", "Anna")
WORK = CalendarId("work")


class WritingWorld:
    """The calendar "work" of the account "anna" blocks on the host's page and is written to.

    world = await WritingWorld().begun()
    booking = await world.books()
    await world.passes(POLL)
    """

    def __init__(
        self,
        kind: CalendarKind = "google",
        *,
        on_delete: OnDelete = "ask",
        on_move: OnMove = "ask",
        order: tuple[MeetingType, ...] = (phone_by_host,),
    ) -> None:
        self.memory = MemoryApp()
        self.memory.limit_nothing()
        self.app = self.memory.app
        self.kind: CalendarKind = kind
        self.reader = self.memory.calendar_readers[kind]
        self.writer = self.memory.calendar_writers[kind]
        self._edits = (on_delete, on_move)
        self._order = order

    async def begun(self) -> Self:
        self.reader.hold("anna", RemoteCalendar("work", "Work", writable=True))
        self.host = await self.memory.host(a_host(), password=PASSWORD)
        await self.memory.connect(self.host)
        self.connection = CalendarConnection(
            CalendarConnectionId("k"), self.host.id, self.kind, "anna@example.com", NOW, login="anna"
        )
        calendar = Calendar(
            id=WORK,
            connection_id=self.connection.id,
            host_id=self.host.id,
            kind=self.kind,
            name="Work",
            timezone="Europe/Berlin",
            host_timezone="Europe/Berlin",
            remote_id="work",
            writable=True,
        )
        read = calendar.was_read(Reading(span_of(NOW, LEAST_AHEAD), ()), (), "Europe/Berlin", NOW, timedelta(days=1))
        accounts = self.memory.calendar_accounts
        self.access = (
            SignedIn(accounts[self.kind].grant_to(ANNA))
            if self.kind in accounts
            else CaldavLogin("https://dav.example/", "anna", "geheim")
        )
        rules = msgspec.structs.replace(ORDINARY_RULES, slot_interval=timedelta(minutes=15))
        page = a_page(self.host, meeting_types=self._order, rules=rules)
        on_delete, on_move = self._edits
        calendars = PageCalendars((WORK,), WORK, on_delete=on_delete, on_move=on_move)
        self.page = msgspec.structs.replace(page, calendars=calendars)
        async with self.memory.store.begin() as uow:
            uow.calendar_connections.add(self.connection, self.access)
            uow.calendars.add(StoredCalendar(read))
            uow.outbox.enqueue(Due(ReadCalendarJob(WORK), NOW + POLL))
            uow.pages.add(self.page)
        return self

    @property
    def actor(self) -> HostActor:
        return HostActor(self.host.id)

    async def books(self, start: datetime = THURSDAY_AT_TEN, *, work: bool = True) -> BookingId:
        guest = ana_with_a_number
        details = GuestDetails(guest.name, guest.email, guest.timezone, guest.phone)
        submit = await self.app.book(
            self.host.handle,
            self.page.slug,
            self.page.event_types[0].slug,
            BookingRequest(start, name_of(self._order[0]), details),
            network=A_NETWORK,
        )
        if work:
            await self.memory.work_off()
        return submit.booking.booking.id

    async def passes(self, time: timedelta = timedelta(0)) -> None:
        self.memory.clock.advance(time)
        await self.memory.work_off()

    async def seen(self, booking_id: BookingId) -> BookingView:
        view = await self.memory.ports.views.booking(self.host.id, booking_id)
        assert view is not None
        return view

    async def booking(self, booking_id: BookingId) -> Booking:
        return (await self.seen(booking_id)).booking

    async def entry(self, booking_id: BookingId) -> CalendarEntry:
        entry = (await self.booking(booking_id)).entry
        assert entry is not None
        return entry

    async def state(self, booking_id: BookingId) -> str:
        return (await self.entry(booking_id)).state

    async def tags(self, booking_id: BookingId) -> list[str]:
        """What the timeline tells of the entry."""
        return [each.what for each in (await self.seen(booking_id)).timeline if each.what.startswith("entry")]

    @property
    def held(self) -> list[HeldEntry]:
        """What the calendar holds."""
        return list(self.writer.entries("anna", "work").values())

    @property
    def slots(self) -> list[Slot]:
        return sorted(each.content.slot for each in self.held)

    @property
    def ids(self) -> list[str]:
        return list(self.writer.entries("anna", "work"))

    def host_moves(self, entry_id: str, slot: Slot) -> None:
        self.writer.move("anna", "work", entry_id, slot)

    def host_deletes(self, entry_id: str) -> None:
        self.writer.delete("anna", "work", entry_id)
