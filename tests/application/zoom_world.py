"""The application on memory, with the real Zoom client and the sandbox behind it over real HTTP."""

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.zoom.client import ZoomClient
from adapters.zoom.settings import ZoomSettings
from application.app import App
from application.book import BookingRequest, GuestDetails
from application.ports.provider import Grant
from application.ports.views import BookingView
from domain.booking import Booking, Guest
from domain.booking_page import BookingPage
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.events import Party
from domain.host import Host
from domain.meeting_type import MeetingType
from tests.support.builders import a_host, a_page, ana
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import Read, read

THURSDAY_AT_TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
"""Free on every page of the builders, and three days ahead."""

# Short, for some tests wait for it; yet longer than a busy machine takes to answer.
PATIENCE = timedelta(seconds=0.8)


@dataclasses.dataclass
class ZoomWorld:
    """A host with Zoom connected; the clock stands still until it is moved."""

    memory: MemoryApp
    sandbox: SandboxZoom
    host: Host

    @property
    def app(self) -> App:
        return self.memory.app

    async def publishes(self, *meeting_types: MeetingType) -> BookingPage:
        return await self.memory.page(a_page(self.host, meeting_types=meeting_types))

    async def connects(self, *, expires_in: timedelta = timedelta(hours=1)) -> None:
        pair = self.sandbox.authorize(ANNA)
        now = self.memory.clock()
        account = ProviderAccount(ANNA.id, ANNA.account_id, ANNA.email, "Anna Höst")
        grant = Grant(pair.access_token, pair.refresh_token, now + expires_in, frozenset(pair.scope.split()))
        async with self.memory.store.begin() as uow:
            uow.connections.put(ProviderConnection(self.host.id, "zoom", account, Connected(), now), grant)

    async def books(self, page: BookingPage, start: datetime = THURSDAY_AT_TEN, *, guest: Guest = ana) -> Booking:
        """Ask for Zoom."""
        details = GuestDetails(guest.name, guest.email, guest.timezone, guest.phone)
        request = BookingRequest(start, "zoom", details)
        submit = await self.app.book(self.host.handle, page.slug, page.event_types[0].slug, request)
        return submit.booking.booking

    async def sees(self, booking: Booking) -> BookingView:
        """The booking as its host sees it now."""
        view = await self.app.ports.views.booking(self.host.id, booking.id)
        assert view is not None
        return view

    async def now(self, booking: Booking) -> Booking:
        return (await self.sees(booking)).booking

    async def work_off(self, *, after: timedelta = timedelta(0)) -> None:
        """Do what is owed once some time has passed."""
        self.memory.clock.advance(after)
        await self.memory.work_off()

    def mails(self, booking: Booking, party: Party) -> list[Read]:
        """What one side was mailed about a booking, in order, reminders left out."""
        told = (mail for mail in self.memory.mailer.told(party) if mail.kind != "reminder")
        return [read(mail) for mail in told if mail.booking.id == booking.id]

    def reminders(self, booking: Booking) -> list[Read]:
        told = (mail for mail in self.memory.mailer.told("guest") if mail.kind == "reminder")
        return [read(mail) for mail in told if mail.booking.id == booking.id]


@asynccontextmanager
async def a_zoom_world(patience: timedelta = PATIENCE) -> AsyncGenerator[ZoomWorld]:
    memory = MemoryApp()
    with SandboxZoom(now=memory.clock) as sandbox:
        async with serving(sandbox.app) as url:
            settings = ZoomSettings(sandbox.client_id, sandbox.client_secret, f"{url}/back", url, f"{url}/v2")
            zoom = ZoomClient(settings, memory.clock, total=patience)
            memory.app = App(dataclasses.replace(memory.app.ports, providers={"zoom": zoom}))
            host = await memory.host(a_host())
            yield ZoomWorld(memory, sandbox, host)
            await zoom.aclose()
