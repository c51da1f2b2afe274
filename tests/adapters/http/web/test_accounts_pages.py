"""Signing up, in and out, the dashboard and the profile."""

import pytest

from domain.meeting_type import GoogleMeet
from tests.support.builders import a_host, a_page, at_the_harbour, zoom
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Fields, Visitor, a_signed_in_host

ANA: Fields = {
    "name": "Ana Brito",
    "email": "ana@hosts.example",
    "password": PASSWORD,
    "handle": "ana",
    "timezone": "America/Sao_Paulo",
}


async def test_who_signs_up_is_signed_in(server: Server) -> None:
    visitor = await Visitor(server).sends("/signup", ANA)
    await visitor.follows()

    assert "Ana Brito" in visitor.text
    assert "Create your first booking page" in visitor.text


async def test_a_refused_sign_up_names_all_that_is_wrong_at_once(server: Server) -> None:
    visitor = await Visitor(server).sends("/signup", {**ANA, "name": " ", "email": "ana", "handle": "", "password": ""})

    assert 400 == visitor.status
    assert "Check these 4 things" in visitor.text
    for asked in ("Enter your name.", "Enter a handle.", "Enter a password."):
        assert asked in visitor.text


async def test_a_refused_sign_up_keeps_everything_but_the_password(server: Server) -> None:
    await server.memory.host(a_host(handle="ana"))

    visitor = await Visitor(server).sends("/signup", ANA)

    assert 400 == visitor.status
    assert "This handle is taken" in visitor.text
    assert ("Ana Brito", "ana@hosts.example") == (visitor.value("name"), visitor.value("email"))
    assert PASSWORD not in visitor.html


async def test_a_wrong_password_says_so_and_keeps_the_address(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)

    visitor = await Visitor(server).sends("/signin", {"email": host.email, "password": "wrong"})

    assert 400 == visitor.status
    assert ["Email or password is wrong. Check both and try again."] == visitor.said
    assert host.email == visitor.value("email")


@pytest.mark.parametrize(
    ("wished", "reached"),
    [
        ("/bookings?show=past", "/bookings?show=past"),
        ("//elsewhere.example", "/dashboard"),
        ("/\\elsewhere.example", "/dashboard"),
        ("https://elsewhere.example", "/dashboard"),
        ("/\nelsewhere", "/dashboard"),
    ],
)
async def test_signing_in_leads_on_to_our_own_pages_only(server: Server, wished: str, reached: str) -> None:
    host = await server.memory.host(password=PASSWORD)

    visitor = await Visitor(server).sends("/signin", {"email": host.email, "password": PASSWORD, "next": wished})

    assert reached == visitor.location


async def test_a_planted_session_stays_signed_out(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    visitor = Visitor(server)
    visitor.client.cookies.set("timetuna_session", "planted", domain="timetuna.example", path="/")

    await visitor.sends("/signin", {"email": host.email, "password": PASSWORD})
    thief = Visitor(server)
    thief.client.cookies.set("timetuna_session", "planted", domain="timetuna.example", path="/")

    assert "/signin?next=%2Fdashboard" == (await thief.opens("/dashboard")).location


async def test_signing_out_ends_the_session(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    cookies = dict(visitor.client.cookies)

    await visitor.sends("/signout", page="/dashboard")
    returning = Visitor(server)
    returning.client.cookies.update(cookies)

    assert "/signin?next=%2Fdashboard" == (await returning.opens("/dashboard")).location


async def test_the_dashboard_says_which_page_takes_no_bookings_and_why(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.page(a_page(host, title="Works", slug="works", meeting_types=(at_the_harbour,)))
    await server.memory.page(a_page(host, title="Does not", slug="does-not", meeting_types=(zoom, GoogleMeet())))

    await visitor.opens("/dashboard")

    assert "Taking bookings" in visitor.text
    assert "not taking bookings: no way to meet can be used right now. Zoom (not connected)" in visitor.text
    assert f"http://timetuna.example/{host.handle}/works" in visitor.text
    assert "Copy link to Works" in visitor.html
    assert "Copy link to Does not" not in visitor.html
    assert 'aria-label="Fix Does not">Fix' in visitor.html
