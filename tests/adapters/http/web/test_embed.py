"""A booking page in another site's frame: framed by whom the host allows, without a cookie, to the end of a booking."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from litestar import get

from adapters.http.settings import HttpSettings
from adapters.http.web.embed.framing import PREVIEWED_FOR, preview_for
from adapters.http.web.public.carried import carried_in
from application.actor import HostActor
from application.ports.conflicts import Busy
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.embedding import Embedding
from domain.host import Host
from tests.adapters.http.web.weight import travelled, weight_of
from tests.support.builders import NOW, a_host, a_page, an_event_type
from tests.support.serving import PUBLIC_URL, TUESDAY_AT_TEN, Server
from tests.support.visiting import Fields, Visitor, a_signed_in_host

SITES = ("https://shop.example:8443", "http://localhost:3000")
MOST, MOST_OF_LOADER = 60_000, 4096
AT_TEN = f"start={TUESDAY_AT_TEN}&timezone=UTC"


async def an_embedded_page(server: Server, embedding: Embedding = SITES, host: Host | None = None) -> BookingPage:
    host = host or await server.memory.host(a_host())
    await server.memory.connect(host)
    page = a_page(host, an_event_type(), an_event_type(slug="long"), embedding=embedding)
    return await server.memory.page(page)


async def path_of(server: Server, page: BookingPage) -> str:
    async with server.memory.store.begin() as uow:
        host = await uow.hosts.get(page.host_id)
    assert host
    return f"/embed/{host.handle}/{page.slug}"


def ancestors(answer: httpx.Response) -> str:
    return answer.headers["content-security-policy"].partition("frame-ancestors ")[2]


async def books(server: Server, path: str, *, query: str = "theme=dark", **headers: str) -> Visitor:
    guest = await Visitor(server).opens(f"{path}/intro?{query}&{AT_TEN}")
    [action] = re.findall(r'<form method="post" action="([^"]+)"', guest.html)
    fields: Fields = {"start": TUESDAY_AT_TEN, "key": guest.value("key"), "meeting_type": "zoom", "timezone": "UTC"}
    details: Fields = {"name": "Ana", "email": "ana@guests.example"}
    guest.answer = await guest.client.post(unescape(action), data={**fields, **details}, headers=headers)
    return guest


async def bookings_of(server: Server, page: BookingPage) -> list[Booking]:
    async with server.memory.store.begin() as uow:
        found = await uow.booking_search.of_host(page.host_id, NOW)
        return [booking for each in found if (booking := await uow.bookings.get(each))]


@pytest.mark.parametrize(
    ("embedding", "who"),
    [("nowhere", "'none'"), ("anywhere", "*"), (SITES, "https://shop.example:8443 http://localhost:3000")],
)
async def test_every_step_is_framed_by_whom_the_host_allows(server: Server, embedding: Embedding, who: str) -> None:
    page = await an_embedded_page(server, embedding)
    path = await path_of(server, page)
    booked = await books(server, path)

    steps = [path, f"{path}/intro", f"{path}/intro?{AT_TEN}", f"{path}/gone", booked.location]
    answers = [await booked.client.get(step) for step in steps]

    assert [who] * len(steps) == [ancestors(each) for each in answers]
    assert not [each for each in answers if "x-frame-options" in each.headers]


async def test_what_a_guest_has_typed_into_the_form_goes_along_however_wrong_it_is(server: Server) -> None:
    path = await path_of(server, await an_embedded_page(server))
    typed = {"name": "Ana", "email": "ana@", "phone": "call me", "guests": "bob@guests.example, eve@"}

    guest = await Visitor(server).opens(f"{path}/intro?{urlencode({**typed, 'typed': 1})}&timezone=UTC&date=2026-03-03")
    [time] = {unescape(each) for each in re.findall(rf'href="([^"]*{TUESDAY_AT_TEN}[^"]*)"', guest.html)}
    await guest.opens(time)

    assert typed["email"] == guest.value("email")
    assert typed["phone"] == guest.value("phone")
    assert f">{typed['guests']}</textarea>" in guest.html
    [change] = [unescape(each) for each in re.findall(r'<a href="([^"]*)">Change time', guest.html)]
    assert {**typed, "typed": "1"}.items() <= dict(parse_qsl(urlsplit(change).query)).items()


async def test_nothing_but_the_frames_pages_can_be_framed(server: Server) -> None:
    page = await an_embedded_page(server, "anywhere")
    path = await path_of(server, page)
    booked = await books(server, path)
    [booking] = await bookings_of(server, page)
    own = f"/b/{booking.token}"

    outside = [
        path.removeprefix("/embed"),
        own,
        f"{own}/cancel",
        f"{own}/reschedule",
        "/signin",
        f"{path}x",
        "/help/zoom",
    ]
    answers = [await booked.client.get(each) for each in outside]

    assert ["'none'"] * len(outside) == [ancestors(each) for each in answers]


async def test_no_cookie_is_read_or_set(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await an_embedded_page(server, host=host)
    path = await path_of(server, page)
    visitor.client.cookies.update(
        {"timetuna_language": "de", "timetuna_timezone": "Asia/Tokyo", "timetuna_hours": "h12"}
    )
    booked = await books(server, path)
    steps = [path, f"{path}/intro?remember=1&timezone=UTC", f"{path}/intro", booked.location]

    answers = [await visitor.client.get(step) for step in steps]
    as_stranger = [await server.client().get(step) for step in steps]

    assert not [each for each in (booked.answer, *answers) if "set-cookie" in each.headers]
    keys = re.compile(r'name="key" value="\w+"')
    assert [keys.sub("", each.text) for each in as_stranger] == [keys.sub("", each.text) for each in answers]


async def test_a_guest_books_in_the_frame_and_sees_the_booking_there(server: Server) -> None:
    page = await an_embedded_page(server)
    path = await path_of(server, page)

    guest = await books(server, path, query="theme=dark&accent=b4236f&name=Ana&utm_source=shop")
    [booking] = await bookings_of(server, page)
    await guest.follows()

    assert {"utm_source": "shop"} == booking.tracking
    assert f"{path}/intro/b/{booking.token}?theme=dark&accent=b4236f" == f"{guest.answer.url.raw_path.decode()}"
    assert "You’re booked" in guest.text
    assert f'data-booked="{booking.id}"' in guest.html
    # One click does nothing: what can be done to a booking is done on its own page.
    assert "<form" not in guest.html
    assert f'<a class="button quiet" href="/b/{booking.token}" rel="noopener">' in guest.html
    live = await guest.client.get(f"{path}/intro/b/{booking.token}/live?seen=nothing")
    assert 'id="live"' in live.text


async def test_a_booking_is_shown_on_the_page_it_was_made_on_alone(server: Server) -> None:
    page, other = await an_embedded_page(server), await an_embedded_page(server, "anywhere")
    booked = await books(server, await path_of(server, page))
    token = booked.location.partition("/b/")[2]

    elsewhere = f"{await path_of(server, other)}/intro/b/{token}"

    assert [404, 404] == [(await booked.client.get(each)).status_code for each in (elsewhere, f"{elsewhere}/live")]


async def test_a_form_that_another_site_sends_books_nothing(server: Server) -> None:
    page = await an_embedded_page(server, "anywhere")

    guest = await books(server, await path_of(server, page), **{"sec-fetch-site": "cross-site"})

    assert 403 == guest.status
    assert "nothing was booked" in guest.text
    assert [] == await bookings_of(server, page)


async def test_theme_and_language_come_by_the_address_and_go_along(server: Server) -> None:
    page = await an_embedded_page(server)
    path = await path_of(server, page)

    guest = await Visitor(server).opens(f"{path}/intro?theme=light&lang=de&accent=%23FFFF00&mode=inline&timezone=UTC")

    assert '<html lang="de"' in guest.html
    assert '<meta name="color-scheme" content="light">' in guest.html
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', guest.html)
    themed = [each for each in sheets if each.endswith("-light.css")]
    assert ["timetuna-light.css", "ffff00-light.css"] == [each.rpartition("/")[2] for each in themed]
    for each in themed:
        styles = (await guest.client.get(each)).text
        assert "prefers-color-scheme" not in styles
    onward = [unescape(each) for each in re.findall(rf'href="({re.escape(path)}/intro[^"]*)"', guest.html)]
    assert onward
    assert not [each for each in onward if "theme=light&accent=ffff00&mode=inline&lang=de" not in each]


@pytest.mark.parametrize(
    "query",
    [
        "accent=red",
        "accent=%23fff",
        "accent=000000%7D%2A%7Bcolor:red",
        'accent="><script>alert(1)</script>',
        "accent=../../x",
        "theme=sepia",
        "theme=dark%22onload%3D",
        "lang=de%22%3E",
        "mode=window",
        "preview=x",
    ],
)
async def test_what_the_frame_cant_use_is_left_out(server: Server, query: str) -> None:
    page = await an_embedded_page(server)
    path = await path_of(server, page)

    answer = await server.client().get(f"{path}/intro?timezone=UTC&{query}")

    plain = await server.client().get(f"{path}/intro?timezone=UTC")
    assert plain.text == answer.text


async def test_the_editors_preview_is_for_one_page_and_an_hour(server: Server) -> None:
    page, other = await an_embedded_page(server, "nowhere"), await an_embedded_page(server, "nowhere")
    settings = HttpSettings(PUBLIC_URL, b"only for tests, thirty-two bytes")
    now = NOW.timestamp()
    signed, late = preview_for(page.id, settings, now), preview_for(page.id, settings, now - PREVIEWED_FOR)
    forged = preview_for(page.id, HttpSettings(PUBLIC_URL, b"another"), now)
    path, elsewhere = await path_of(server, page), await path_of(server, other)

    async def who(address: str) -> str:
        return ancestors(await server.client().get(address))

    assert "'self'" == await who(f"{path}/intro?preview={signed}")
    refused = [f"{path}?preview={late}", f"{path}?preview={forged}", f"{elsewhere}?preview={signed}"]
    assert ["'none'"] * 3 == [await who(each) for each in refused]


@get("/embed/{handle:str}/{page:str}/{event_type:str}/busy")
async def busy() -> None:
    raise Busy


async def test_a_step_that_fails_says_so_in_the_frame_and_has_nothing_to_click() -> None:
    server = Server(more=(busy,))
    path = await path_of(server, await an_embedded_page(server))
    await server.client().get(f"{path}/intro")

    # Whatever is read for it, the page is remembered.
    answer = await server.client().get(f"{path}/intro/busy?lang=de&mode=inline")

    assert 503 == answer.status_code
    assert " ".join(SITES) == ancestors(answer)
    assert f'<html lang="de" data-parents="{" ".join(SITES)}" data-mode="inline">' in answer.text
    assert "<form" not in answer.text
    # To the main part, and out of the frame.
    assert ["#main", "/"] == re.findall(r'<a [^>]*href="([^"]*)"', answer.text)


async def test_an_address_in_capitals_takes_nothing_from_a_page_that_is_there() -> None:
    server = Server(more=(busy,))
    path = await path_of(server, await an_embedded_page(server))
    _, _, handle, slug = path.split("/")
    await server.client().get(f"{path}/intro")

    for begins in ("/embed", ""):
        moved = await server.client().get(f"{begins}/{handle.upper()}/{slug}/intro")

        assert 301 == moved.status_code
        assert " ".join(SITES) == ancestors(await server.client().get(f"{path}/intro/busy"))


async def test_a_form_that_is_too_large_is_refused_in_the_frame(server: Server) -> None:
    path = await path_of(server, await an_embedded_page(server, "anywhere"))

    answer = await server.client().post(f"{path}/intro", data={"answers.topic": "a" * 500_000})

    assert 413 == answer.status_code
    assert "*" == ancestors(answer)
    assert 'data-parents="*"' in answer.text


async def test_what_fails_at_a_page_that_isnt_known_is_framed_by_nobody_and_tells_nobody() -> None:
    server = Server(more=(busy,))
    page = await an_embedded_page(server, "anywhere")
    path = await path_of(server, page)

    unread = await server.client().get(f"{path}/intro/busy")
    await server.client().get(f"{path}/intro")
    await server.memory.app.remove_page(HostActor(page.host_id), page.id)
    removed = await server.client().get(f"{path}/intro")

    assert [503, 404] == [unread.status_code, removed.status_code]
    assert ["'none'"] * 2 == [ancestors(each) for each in (unread, removed)]
    assert not [each for each in (unread, removed) if "data-parents" in each.text]


async def test_the_loader_hands_on_all_that_fills_the_form(server: Server) -> None:
    script = (await server.client().get("/embed/v1.js")).text
    [names] = re.findall(r"OPTION = /\^data-\((.+)\)\$/", script)

    looks, times, families = {"theme", "accent", "lang"}, {"date", "slot", "timezone"}, {r"q\..+", "utm_.+"}
    filling = {
        "name": "Ana",
        "email": "ana@guests.example",
        "guests": "bob@guests.example",
        "phone": "+551155501234",
        "type": "zoom",
        "link": "x",
    }
    assert filling == dict(carried_in(filling.items()))
    assert filling.keys() | looks | times | families == set(names.split("|"))


async def test_a_frame_is_light(server: Server) -> None:
    page = await an_embedded_page(server)
    path = await path_of(server, page)
    booked = await books(server, path)

    weights = [
        await weight_of(booked.client, each) for each in (f"{path}/intro?{AT_TEN}", f"{path}/intro", booked.location)
    ]
    loader, _ = await travelled(booked.client, "/embed/v1.js")

    assert max(weights) + loader <= MOST
    assert loader <= MOST_OF_LOADER
