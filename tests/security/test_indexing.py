"""Search engines list what is meant for everybody, and nothing that belongs to one guest or host."""

import pytest

from tests.support.serving import API, Server, a_request, an_open_page
from tests.support.visiting import Visitor, a_signed_in_host

META = '<meta name="robots" content="noindex">'


async def a_guests_page(server: Server) -> tuple[str, str]:
    """Book; returns the address of the public page and of the guest's own."""
    _, address = await an_open_page(server)
    booked = await server.client().post(f"{address}/bookings", json=a_request())
    return address.removeprefix(f"{API}/public"), f"/b/{booked.json()['manage_url'].rpartition('/')[2]}"


@pytest.mark.parametrize("path", ["", "/cancel", "/reschedule", "/invite.ics", "/live"])
async def test_a_guests_own_pages_are_not_listed(server: Server, path: str) -> None:
    _, own = await a_guests_page(server)

    answer = await server.client().get(f"{own}{path}")

    assert (200, "noindex") == (answer.status_code, answer.headers["x-robots-tag"])
    if path in {"", "/cancel", "/reschedule"}:
        assert META in answer.text


@pytest.mark.parametrize(
    "path",
    ["/dashboard", "/bookings", "/settings/profile", "/settings/data", "/settings/data/timetuna.json"],
)
async def test_a_hosts_pages_are_not_listed(server: Server, path: str) -> None:
    _, visitor = await a_signed_in_host(server)

    answer = (await visitor.opens(path)).answer

    assert (200, "noindex") == (answer.status_code, answer.headers["x-robots-tag"])
    assert META in answer.text or not answer.text.startswith("<!doctype")


@pytest.mark.parametrize("path", ["/b/nobodys-token", "/reset/nobodys-token", f"{API}/bookings", "/forgot"])
async def test_neither_is_what_leads_nowhere_or_to_one_person(server: Server, path: str) -> None:
    assert "noindex" == (await server.client().get(path)).headers["x-robots-tag"]


@pytest.mark.parametrize("path", ["/", "/help", "/help/zoom", "/signup", "/api/docs"])
async def test_what_is_meant_for_everybody_is_listed(server: Server, path: str) -> None:
    visitor = await Visitor(server).opens(path)

    assert 200 == visitor.status
    assert "x-robots-tag" not in visitor.answer.headers
    assert META not in visitor.html


async def test_public_booking_pages_are_listed(server: Server) -> None:
    public, _ = await a_guests_page(server)
    handle, page, event_type = public.removeprefix("/").split("/")

    for path in (f"/{handle}", f"/{handle}/{page}", f"/{handle}/{page}/{event_type}"):
        answer = await server.client().get(path)
        assert "x-robots-tag" not in answer.headers, path
        assert META not in answer.text


async def test_a_guests_address_is_sent_to_no_other_site_as_a_referrer(server: Server) -> None:
    _, own = await a_guests_page(server)

    for path in ("", "/cancel", "/reschedule"):
        assert "strict-origin" == (await server.client().get(f"{own}{path}")).headers["referrer-policy"]
