"""A booking page's address can fill its form in: shown to be edited, carried through every step, and never booked."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from domain.booking import Booking
from domain.booking_page import Question
from tests.support.builders import NOW, a_host, a_page, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import Fields, Visitor

HOST = a_host()
QUESTIONS = (
    Question("topic", "What about?", "long_text"),
    Question("source", "Who sent you?", "choice", choices=("Friends", "Search")),
    Question("met", "Have we met?", "yes_no"),
)
GIVEN = {
    "name": 'Ana "Nan" <Brito>',
    "email": "ana@guests.example",
    "phone": "+55 11 5550-1234",
    "type": "phone",
    "q.topic": "Nets & ropes\n</textarea>",
    "q.source": "Search",
    "q.met": "yes",
    "utm_source": "news&letter",
}


async def a_page_path(server: Server, *slugs: str) -> str:
    """The address of a page with one event type, or with these."""
    host = await server.memory.host(HOST)
    await server.memory.connect(host)
    types = [an_event_type(questions=QUESTIONS)] if not slugs else [an_event_type(slug=slug) for slug in slugs]
    page = await server.memory.page(a_page(host, *types, meeting_types=(zoom, phone_by_host, at_the_harbour)))
    return f"/{host.handle}/{page.slug}"


async def bookings_of(server: Server) -> list[Booking]:
    async with server.memory.store.begin() as uow:
        found = await uow.booking_search.of_host(HOST.id, NOW)
        return [booking for each in found if (booking := await uow.bookings.get(each))]


def links(guest: Visitor, path: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'(?:href|action)="({re.escape(path)}[^"]*)"', guest.html)]


def given_in(address: str) -> dict[str, str]:
    return {name: text for name, text in parse_qsl(urlsplit(address).query) if name in GIVEN}


async def test_what_an_address_holds_is_carried_to_the_form_and_back(server: Server) -> None:
    path = await a_page_path(server)

    guest = await Visitor(server).opens(f"{path}?{urlencode({**GIVEN, 'timezone': 'UTC', 'date': '2026-03-03'})}")
    onward = [each for each in links(guest, f"{path}/intro") if "?" in each]
    [time] = [each for each in onward if f"start={TUESDAY_AT_TEN}" in each]
    await guest.opens(time)
    back = links(guest, f"{path}/intro")

    assert onward
    assert back
    assert [GIVEN] * len(onward + back) == [given_in(each) for each in onward + back]
    # Whoever changes the zone without scripts sends a form.
    await guest.opens(onward[0])
    assert set(GIVEN.items()) <= {
        (unescape(name), unescape(text))
        for name, text in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', guest.html)
    }


async def test_the_form_shows_it_to_be_edited_and_no_log_has_it(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    path = await a_page_path(server)

    guest = await Visitor(server).opens(f"{path}?{urlencode({**GIVEN, 'slot': TUESDAY_AT_TEN})}")

    assert GIVEN["email"] not in "".join(capfd.readouterr())
    assert 'name="start" value="2026-03-03T10:00:00Z"' in guest.html
    assert GIVEN["name"] == guest.value("name")
    assert GIVEN["email"] == guest.value("email")
    assert GIVEN["phone"] == guest.value("phone")
    assert re.search(r'value="phone"[^>]* checked', guest.html)
    assert "Nets &amp; ropes\n&lt;/textarea&gt;</textarea>" in guest.html
    assert "<option selected>Search</option>" in guest.html
    assert 'name="answers.met" value="yes" checked' in guest.html


async def test_a_page_with_several_event_types_carries_it_to_each(server: Server) -> None:
    path = await a_page_path(server, "short", "long")

    guest = await Visitor(server).opens(f"{path}?name=Ana&slot={TUESDAY_AT_TEN}&timezone=UTC")
    await guest.opens(links(guest, f"{path}/long")[0])

    assert "Ana" == guest.value("name")
    assert TUESDAY_AT_TEN == guest.value("start")


async def test_what_cant_be_used_is_left_out_without_a_word(server: Server) -> None:
    path = await a_page_path(server)
    bad = {
        "name": "x" * 5000,
        "email": "javascript:alert(1)",
        "phone": "<script>",
        "type": "carrier-pigeon",
        "q.topic": "x" * 9000,
        'q."onfocus=': "1",
        "date": "tomorrow",
        "slot": "soon",
        "timezone": "Europe/Atlantis",
        "utm_<script>": "1",
    }

    guest = await Visitor(server).opens(f"{path}?{urlencode(bad)}")

    assert 200 == guest.status
    assert 'role="alert"' not in guest.html
    carried = {pair for each in links(guest, f"{path}/intro") for pair in parse_qsl(urlsplit(each).query)}
    assert not carried & bad.items()


async def test_the_first_ten_parameters_of_a_campaign_go_along_in_their_order(server: Server) -> None:
    path = await a_page_path(server)
    given = [(f"utm_{number}", "news") for number in range(20)]

    guest = await Visitor(server).opens(f"{path}/intro?{urlencode(given)}&start={TUESDAY_AT_TEN}&timezone=UTC")

    [action] = re.findall(r'<form method="post" action="([^"]+)"', guest.html)
    assert given[:10] == [pair for pair in parse_qsl(urlsplit(unescape(action)).query) if pair in given]


async def test_the_parameters_of_a_campaign_are_kept_with_the_booking(server: Server) -> None:
    path = await a_page_path(server)
    address = f"{path}/intro?utm_source=news&utm_medium=mail&name=Ana"
    guest = await Visitor(server).opens(f"{address}&start={TUESDAY_AT_TEN}&timezone=UTC")
    [action] = {each for each in links(guest, f"{path}/intro") if "start" not in each and "date" not in each}
    fields: Fields = {"start": TUESDAY_AT_TEN, "key": guest.value("key"), "meeting_type": "zoom", "timezone": "UTC"}

    guest.answer = await guest.client.post(action, data={**fields, "name": "Ana", "email": "ana@guests.example"})

    assert 303 == guest.status, guest.text
    [booking] = await bookings_of(server)
    assert {"utm_source": "news", "utm_medium": "mail"} == booking.tracking
