"""An account whose provider tells of changes."""

from datetime import timedelta

import msgspec

from application.actor import HostActor
from application.calendars.keep_account import ConnectedCalendars
from application.connections.authorization import Callback
from application.ports.calendar_reader import RemoteCalendar
from application.ports.calendar_watcher import CalendarNotice, NoticeKind
from application.ports.notifications import AddressCheck
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarKind
from domain.calendar_watch import CalendarWatch
from domain.connection import ProviderAccount
from domain.slot import Slot
from tests.support.builders import NOW, a_page
from tests.support.connecting import state_of
from tests.support.memory_app import MemoryApp

HOUR, POLL = timedelta(hours=1), timedelta(minutes=2)
NOON = BusyTime(Slot.lasting(HOUR, NOW + 3 * HOUR))
ANNA = ProviderAccount("anna", "anna", "anna@example.com", "Anna")
BROWSER = "the host's browser"


class World:
    """A connected account whose main calendar blocks a page, and is watched."""

    def __init__(self, kind: CalendarKind = "google", *, pushes: bool = True) -> None:
        self.memory = MemoryApp(pushes=pushes)
        self.kind: CalendarKind = kind
        self.watcher = self.memory.calendar_watchers[kind]
        self.reader = self.memory.calendar_readers[kind]
        self.reader.hold("anna", RemoteCalendar("main", "Anna"), RemoteCalendar("team", "Team", is_main=False))

    async def connected(self) -> "World":
        self.host = await self.memory.host()
        self.page = await self.memory.page(a_page(self.host))
        await self.connects()
        await self.memory.work_off()
        self.reader.asked.clear()
        return self

    async def connects(self) -> None:
        url = await self.memory.app.start_connecting_calendars(self.actor, BROWSER, self.kind)
        callback = Callback(state_of(url), self.memory.calendar_accounts[self.kind].consent(url, ANNA))
        done = await self.memory.app.finish_connecting_calendars(self.actor, BROWSER, self.kind, callback)
        assert isinstance(done, ConnectedCalendars)

    @property
    def actor(self) -> HostActor:
        return HostActor(self.host.id)

    @property
    def watched(self) -> list[str]:
        return [each.remote_id for each in self.watcher.kept.values()]

    async def main(self) -> Calendar:
        found = await self.memory.store.views.calendars(self.host.id)
        return next(each for each in found if each.remote_id == "main")

    async def watches(self) -> list[CalendarWatch]:
        async with self.memory.store.begin() as uow:
            return await uow.calendar_watches.of_calendar((await self.main()).id)

    async def is_told(self, *notices: CalendarNotice, kind: CalendarKind | None = None) -> AddressCheck | int:
        body = msgspec.json.encode(notices)
        return await self.memory.app.receive_calendar_notices(kind or self.kind, {}, {}, body)

    async def tells(self, kind: NoticeKind = "changed") -> None:
        assert 0 != await self.is_told(*self.watcher.tell("main", kind))

    async def passes(self, time: timedelta) -> None:
        self.memory.clock.advance(time)
        await self.memory.work_off()

    async def is_read(self) -> int:
        """How often the main calendar was read since this was asked last."""
        asked = self.reader.asked.count(("anna", "main"))
        self.reader.asked.clear()
        return asked
