"""What does a host get who takes their data along? Everything stored about them, but what opens a door."""

from datetime import datetime

import msgspec

from adapters.http.api.booking_json import HostBooking, for_host
from adapters.http.api.page_json import BookingPageOut, page_for_host
from application.app import App
from application.ports.accounts import ApiToken
from application.ports.views import BookingFilter
from domain.connection import ProviderConnection
from domain.host import Host

AT_ONCE = 200
_ALL: tuple[BookingFilter, ...] = ("upcoming", "past", "cancelled")


class AccountData(msgspec.Struct, frozen=True):
    """Passwords, sessions and tokens are stored as digests or sealed, and stay here."""

    made_at: datetime
    account: Host
    email_confirmed_at: datetime | None
    api_tokens: tuple[ApiToken, ...]
    connections: list[ProviderConnection]
    booking_pages: list[BookingPageOut]
    bookings: list[HostBooking]


async def data_file(app: App, host: Host, public_url: str) -> bytes:
    """Write it as JSON, in the words of the API."""
    views = app.ports.views
    async with app.ports.begin() as uow:
        account = await uow.accounts.get(host.id)
    data = AccountData(
        made_at=app.ports.clock(),
        account=host,
        email_confirmed_at=account.email_confirmed_at if account else None,
        api_tokens=await app.ports.api_tokens.of(host.id),
        connections=await views.connections(host.id),
        booking_pages=[page_for_host(each) for each in await views.pages(host.id)],
        bookings=await _bookings(app, host, public_url),
    )
    # Words that remember their parts are text as well.
    return msgspec.json.format(msgspec.json.encode(data, enc_hook=str), indent=2)


async def _bookings(app: App, host: Host, public_url: str) -> list[HostBooking]:
    """With their timelines, which lists leave out."""
    views, now = app.ports.views, app.ports.clock()
    found: list[HostBooking] = []
    for show in _ALL:
        cursor: str | None = None
        while True:
            page = await views.bookings(host.id, show, now=now, cursor=cursor, limit=AT_ONCE)
            for each in page.items:
                whole = await views.booking(host.id, each.booking.id)
                found.append(for_host(whole or each, public_url))
            cursor = page.next
            if cursor is None:
                break
    return found
