"""How a test connects a host's account, and books something that needs it."""

from urllib.parse import parse_qs, urlsplit

from application.actor import HostActor
from application.connections.authorization import Callback, CallbackOutcome
from application.jobs import CreateMeetingJob, Due
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.connection import ProviderAccount, ProviderConnection
from domain.host import Host
from domain.provider import Provider
from tests.support.builders import a_booking
from tests.support.memory_app import MemoryApp

BROWSER = "the host's browser"


async def sets_out(memory: MemoryApp, host: Host, session: str = BROWSER, provider: Provider = "zoom") -> str:
    """Click Connect and return where the browser is sent."""
    return await memory.app.start_connecting(HostActor(host.id), session, provider)


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


async def comes_back(
    memory: MemoryApp, host: Host, callback: Callback, session: str = BROWSER, provider: Provider = "zoom"
) -> CallbackOutcome:
    return await memory.app.finish_connecting(HostActor(host.id), session, provider, callback)


async def connects(memory: MemoryApp, host: Host, account: ProviderAccount, provider: Provider = "zoom") -> None:
    url = await sets_out(memory, host, provider=provider)
    code = memory.providers[provider].consent(url, account)
    assert CallbackOutcome.CONNECTED == await comes_back(memory, host, Callback(state_of(url), code), provider=provider)


async def connection_of(memory: MemoryApp, host: Host, provider: Provider = "zoom") -> ProviderConnection | None:
    found = await memory.store.views.connections(host.id)
    return next((each for each in found if each.provider == provider), None)


async def books(memory: MemoryApp, booking: Booking) -> None:
    """Store a booking that waits for its link, and owe the link."""
    async with memory.store.begin() as uow:
        uow.bookings.add(booking)
        uow.outbox.enqueue(Due(CreateMeetingJob(booking.id), memory.clock()))


async def books_on(memory: MemoryApp, page: BookingPage) -> Booking:
    booking = a_booking(page, booked_at=memory.clock())
    await books(memory, booking)
    await memory.work_off()
    return booking
