"""The file of a host who takes their data along."""

from datetime import datetime

import msgspec

from adapters.http.api.booking_json import HostBooking, for_host
from adapters.http.api.page_json import BookingPageOut, page_for_host
from application.accounts.export_data import AccountData
from application.ports.accounts import ApiToken
from domain.connection import ProviderConnection
from domain.host import Host


class DataFile(msgspec.Struct, frozen=True):
    """Pages and bookings are in the words of the API."""

    made_at: datetime
    account: Host
    email_confirmed_at: datetime | None
    api_tokens: tuple[ApiToken, ...]
    connections: list[ProviderConnection]
    booking_pages: list[BookingPageOut]
    bookings: list[HostBooking]


def data_file(data: AccountData, public_url: str) -> bytes:
    """Write the data as JSON."""
    written = DataFile(
        made_at=data.made_at,
        account=data.account,
        email_confirmed_at=data.email_confirmed_at,
        api_tokens=data.api_tokens,
        connections=data.connections,
        booking_pages=[page_for_host(each) for each in data.pages],
        bookings=[for_host(each, public_url) for each in data.bookings],
    )
    # Words that remember their parts are text as well.
    return msgspec.json.format(msgspec.json.encode(written, enc_hook=str), indent=2)
