"""A guest's way through the form of a booking."""

import msgspec

from domain.booking_page import BookingPage
from domain.host import Host
from tests.support.builders import a_page
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import Fields, Visitor

ANA: Fields = {"name": "Ana Brito", "email": "ana@guests.example", "meeting_type": "zoom"}


async def an_open_page(server: Server, **details: object) -> tuple[Host, BookingPage, str]:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = msgspec.structs.replace(a_page(host), **details)
    await server.memory.page(page)
    return host, page, f"/{host.handle}/{page.slug}/{page.event_types[0].slug}"


def at(path: str, start: str = TUESDAY_AT_TEN) -> str:
    return f"{path}?start={start}&timezone=Europe/Paris"


async def books(server: Server, path: str, **changes: str) -> Visitor:
    """Send the form for Tuesday at ten, opened for a time that nobody takes."""
    form = at(path, "2026-03-20T10:00:00Z")
    guest = await Visitor(server).opens(form)
    key = guest.value("key")
    fields: Fields = {**ANA, "start": TUESDAY_AT_TEN, "timezone": "Europe/Paris", "key": key, **changes}
    return await guest.sends(path, fields, page=form)
