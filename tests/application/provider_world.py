"""The application on memory, with a real client of a provider and its sandbox behind it over real HTTP."""

import dataclasses
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from adapters.presentation.providers import ProviderWords, words_of
from adapters.sandbox.provider import SandboxProvider
from application.app import App
from application.booking.book import BookingRequest, GuestDetails
from application.ports.booking_views import BookingView
from application.ports.oauth import Grant
from domain.booking import Booking, Guest
from domain.booking_page import BookingPage
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.events import Party
from domain.host import Host
from domain.meeting_type import MADE_BY, MeetingType, MeetingTypeName, name_of
from domain.provider import Provider
from tests.support.builders import A_NETWORK, a_page, ana
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import Read, read

THURSDAY_AT_TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
"""Free on every page of the builders, and three days ahead."""

S = TypeVar("S", bound=SandboxProvider[Any, Any, Any])


@dataclasses.dataclass
class ProviderWorld(ABC, Generic[S]):
    """A host whose account can be connected; the clock stands still until it is moved."""

    provider: ClassVar[Provider]

    memory: MemoryApp
    sandbox: S
    host: Host

    @property
    def app(self) -> App:
        return self.memory.app

    @property
    def about(self) -> ProviderWords:
        return words_of(self.provider)

    @property
    def asks_for(self) -> MeetingTypeName:
        return name_of(MADE_BY[self.provider])

    @abstractmethod
    def authorized(self, expires_at: datetime) -> tuple[ProviderAccount, Grant]:
        """Let the host say yes at the provider; returns who has, and what came of it."""

    def goes_wrong(self, failure: str, on: str, *, seconds: float | None = None) -> None:
        """Fail in this way until further notice."""
        self.sandbox.fail(failure, on=on, times=None, seconds=seconds)

    async def publishes(self, *meeting_types: MeetingType) -> BookingPage:
        return await self.memory.page(a_page(self.host, meeting_types=meeting_types))

    async def connects(self, *, expires_in: timedelta = timedelta(hours=1)) -> None:
        now = self.memory.clock()
        account, grant = self.authorized(now + expires_in)
        async with self.memory.store.begin() as uow:
            uow.connections.put(ProviderConnection(self.host.id, self.provider, account, Connected(), now), grant)

    async def books(self, page: BookingPage, start: datetime = THURSDAY_AT_TEN, *, guest: Guest = ana) -> Booking:
        """Ask for the provider's meeting."""
        details = GuestDetails(guest.name, guest.email, guest.timezone, guest.phone)
        request = BookingRequest(start, self.asks_for, details)
        submit = await self.app.book(self.host.handle, page.slug, page.event_types[0].slug, request, network=A_NETWORK)
        return submit.booking.booking

    async def sees(self, booking: Booking) -> BookingView:
        """The booking as its host sees it now."""
        view = await self.memory.ports.views.booking(self.host.id, booking.id)
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
        told = (mail for mail in self.memory.mailer.mails_to(party) if mail.kind != "reminder")
        return [read(mail) for mail in told if mail.booking.id == booking.id]

    def reminders(self, booking: Booking) -> list[Read]:
        told = (mail for mail in self.memory.mailer.mails_to("guest") if mail.kind == "reminder")
        return [read(mail) for mail in told if mail.booking.id == booking.id]
