"""A host with Zoom in memory, and what a guest has booked there."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

from application.actor import HostActor
from application.app import App
from application.booking.book import BookingRequest, GuestDetails
from application.connections.authorization import Callback, CallbackOutcome
from application.ports.booking_views import BookingFilter, BookingView
from application.ports.provider import NotConnected, ProviderError
from domain.booking import Booking, Guest
from domain.booking_page import BookingPage
from domain.events import Party
from domain.host import Host
from domain.ids import BookingId
from domain.meeting_type import MeetingType, name_of
from domain.provider import Provider
from domain.provider_problem import GrantEnded
from tests.support.builders import A_NETWORK, a_host, a_page, an_account, ana_with_a_number, zoom
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import Read, read
from tests.support.visiting import PASSWORD

THURSDAY_AT_TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
"""Free on every page of the builders, and three days ahead."""

A_MINUTE = timedelta(minutes=1)


@dataclasses.dataclass
class Booked:
    """One host, one page, and one booking on it; the clock stands still until it is moved."""

    memory: MemoryApp
    host: Host
    page: BookingPage
    booking_id: BookingId

    @classmethod
    async def on(
        cls,
        *order: MeetingType,
        guest: Guest = ana_with_a_number,
        start: datetime = THURSDAY_AT_TEN,
        page: BookingPage | None = None,
        host: Host | None = None,
        connected: Sequence[Provider] = ("zoom",),
        along: Sequence[str] = (),
    ) -> Self:
        """Book the first of the page's meeting types; nothing owed has been done yet."""
        memory = MemoryApp()
        owner = await memory.host(host or a_host(), password=PASSWORD)
        for provider in connected:
            await memory.connect(owner, provider)
        stored = await memory.page(page or a_page(owner, meeting_types=order or (zoom,)))
        details = GuestDetails(guest.name, guest.email, guest.timezone, guest.phone)
        request = BookingRequest(start, name_of(stored.meeting_types[0]), details, additional_guests=tuple(along))
        submit = await memory.app.book(
            owner.handle, stored.slug, stored.event_types[0].slug, request, network=A_NETWORK
        )
        return cls(memory, owner, stored, submit.booking.booking.id)

    @classmethod
    async def without_link(cls, *order: MeetingType) -> Self:
        """Both sides have been told that the host will send the link."""
        booked = await cls.on(*order)
        booked.zoom_says_no_to("create", NotConnected(GrantEnded("zoom")))
        return await booked.work_off()

    @property
    def app(self) -> App:
        return self.memory.app

    def zoom_says_no_to(self, operation: str, error: ProviderError, times: int = 1) -> None:
        assert operation in {"create", "refresh"}
        self.memory.providers["zoom"].fail("create" if operation == "create" else "refresh", error, times)

    async def work_off(self, *, after: timedelta = timedelta(0)) -> Self:
        """Do what is owed once some time has passed."""
        self.memory.clock.advance(after)
        await self.memory.work_off()
        return self

    async def seen(self) -> BookingView:
        view = await self.memory.ports.views.booking(self.host.id, self.booking_id)
        assert view is not None
        return view

    async def now(self) -> Booking:
        return (await self.seen()).booking

    async def tags(self) -> list[str]:
        """The names of what the timeline tells."""
        return [entry.what for entry in (await self.seen()).timeline]

    def mails(self, party: Party) -> list[Read]:
        """What one side was mailed, in order, reminders left out."""
        return [read(mail) for mail in self.memory.mailer.mails_to(party) if mail.kind != "reminder"]

    def reminders(self) -> list[Read]:
        return [read(mail) for mail in self.memory.mailer.mails_to("guest") if mail.kind == "reminder"]

    async def listed(self, show: BookingFilter) -> list[BookingId]:
        ports = self.memory.ports
        page = await ports.views.bookings(self.host.id, show, now=ports.clock(), cursor=None, limit=50)
        return [each.booking.id for each in page.items]

    async def moves(self, start: datetime, by: Party = "guest") -> None:
        access = await (self.memory.as_guest if by == "guest" else self.memory.by_host)(self.booking_id)
        await self.app.reschedule(access, start)

    async def reconnects(self, provider: Provider = "zoom") -> None:
        """Go to the provider and back, as the host does in a browser."""
        actor = HostActor(self.host.id)
        url = await self.app.start_connecting(actor, "session", provider)
        code = self.memory.providers[provider].consent(url, an_account("another account"))
        state = url.partition("state=")[2].partition("&")[0]
        came_back = await self.app.finish_connecting(actor, "session", provider, Callback(state, code))
        assert came_back is CallbackOutcome.CONNECTED
