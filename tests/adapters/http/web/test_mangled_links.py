"""Links that were copied with what stood behind them."""

from urllib.parse import quote

import pytest

from tests.support.builders import a_booking, a_page
from tests.support.serving import Server
from tests.support.visiting import Visitor

FOUND = 302


async def addresses(server: Server) -> list[str]:
    """A page's, an event type's, a guest's and a help page's."""
    host = await server.memory.host()
    page = await server.memory.page(a_page(host))
    booking = a_booking(page)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    here = f"/{host.handle}/{page.slug}"
    return [here, f"{here}/{page.event_types[0].slug}", f"/b/{booking.token}", "/help/zoom"]


@pytest.mark.parametrize("behind", [".", ",", ")", ";", ">", ").", "!", "”"])
async def test_what_stands_behind_an_address_is_left_out(server: Server, behind: str) -> None:
    for address in await addresses(server):
        visitor = await Visitor(server).opens(f"{address}{quote(behind)}?month=2026-12")

        assert (FOUND, f"{address}?month=2026-12") == (visitor.status, visitor.location)
        assert "404" not in (await visitor.opens(visitor.location)).text


@pytest.mark.parametrize("address", ["/nobody/nothing.", "/nobody.", "/b/unknown)"])
async def test_an_address_that_leads_nowhere_says_so_in_the_end(server: Server, address: str) -> None:
    visitor = await Visitor(server).opens(address)

    assert 404 == (await visitor.opens(visitor.location)).status


async def test_nobody_is_led_to_another_site(server: Server) -> None:
    for address in (
        "//evil.example.",
        "//evil.example/x)",
        "/.",
        "/\\evil.example.",
        "/%2f/evil.example.",
        "/%5cevil.",
    ):
        answer = await server.client().get(f"{server.public_url}{address}")

        location = answer.headers.get("location", "/")
        assert location.startswith("/"), address
        assert not location.startswith(("//", "/\\")), address


async def test_programs_and_forms_are_told_that_nothing_is_there(server: Server) -> None:
    assert 404 == (await server.client().get("/api/v1/public/nobody/nothing.")).status_code
    assert 404 == (await server.client().post("/b/unknown./cancel.")).status_code
