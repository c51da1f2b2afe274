"""Booking over the API."""

import asyncio
from collections import Counter

import pytest

from domain.booking_page import Question
from domain.connection import NeedsReconnect
from domain.provider_problem import GrantEnded
from tests.support.builders import a_host, a_page, an_event_type, at_the_harbour, phone_by_guest, phone_by_host, zoom
from tests.support.serving import (
    API,
    PUBLIC_URL,
    TUESDAY_AT_TEN,
    Json,
    Server,
    a_guest,
    a_request,
    an_open_page,
    fields,
    problem,
)

WITH_ZOOM_AND_PLACE = (zoom, at_the_harbour)


async def test_a_booking_is_answered_at_once_and_waits_for_its_link(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(f"{address}/bookings", json=a_request())

    assert 201 == answer.status_code
    told = answer.json()
    token = told["manage_url"].removeprefix(f"{PUBLIC_URL}/b/")
    assert token.isascii()
    assert {
        "id": told["id"],
        "status": "confirmed",
        "start": "2026-03-03T10:00:00Z",
        "end": "2026-03-03T10:30:00Z",
        "host": {"name": "Hanne Höst", "timezone": "Europe/Berlin"},
        "guest": {"name": "Ana Brito", "email": "ana@guests.example", "timezone": "America/Sao_Paulo"},
        "title": "Intro call",
        "requested_meeting_type": "zoom",
        "meeting_type": "zoom",
        "fallback_reason": None,
        "conference": {"status": "pending", "join_url": None, "meeting_id": None, "passcode": None, "failure": None},
        "additional_guests": [],
        "manage_url": f"{PUBLIC_URL}/b/{token}",
        "revision": 0,
    } == told


async def test_the_link_is_there_once_the_meeting_is_made(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    token = (await client.post(f"{address}/bookings", json=a_request())).json()["manage_url"].rpartition("/")[2]

    await server.memory.work_off()

    told = (await client.get(f"{API}/public/bookings/{token}")).json()["conference"]
    assert "ready" == told["status"]
    assert told["join_url"].startswith("https://zoom.example/j/")
    assert told["join_url"].endswith(told["meeting_id"])
    assert "tuna" == told["passcode"]
    assert told["failure"] is None


async def test_a_start_may_come_with_any_offset(server: Server) -> None:
    _, address = await an_open_page(server)

    told = (await server.client().post(f"{address}/bookings", json=a_request(start="2026-03-03T11:00:00+01:00"))).json()

    assert TUESDAY_AT_TEN == told["start"]


async def test_a_time_that_is_taken_comes_with_the_nearest_free_ones(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    await client.post(f"{address}/bookings", json=a_request())

    answer = await client.post(f"{address}/bookings", json=a_request())

    assert 409 == answer.status_code
    assert "slot-taken" == problem(answer)
    assert ["2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", "2026-03-03T10:30:00Z"] == answer.json()["alternatives"]
    assert "busy" == answer.json()["reason"]


async def test_fifty_guests_at_one_time_get_one_booking(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()

    answers = await asyncio.gather(
        *(
            client.post(f"{address}/bookings", json=a_request(guest=a_guest(email=f"guest{number}@guests.example")))
            for number in range(50)
        )
    )

    assert {201: 1, 409: 49} == Counter(each.status_code for each in answers)
    refused = [each for each in answers if each.status_code == 409]
    assert {"slot-taken"} == {problem(each) for each in refused}
    assert all(len(each.json()["alternatives"]) == 3 for each in refused)


@pytest.mark.parametrize(
    "start",
    [
        "2026-03-03T10:07:00Z",
        "2026-03-03T03:00:00Z",
        "2026-03-02T07:30:00Z",
        "2027-03-02T10:00:00Z",
        "2026-03-03T10:00:00.000001Z",
        "2000-01-01T00:00:00Z",
        "9998-12-31T23:59:59Z",
    ],
)
async def test_a_time_that_is_not_offered_is_refused(server: Server, start: str) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(f"{address}/bookings", json=a_request(start=start))

    assert 409 == answer.status_code
    assert "slot-not-offered" == problem(answer)
    assert isinstance(answer.json()["alternatives"], list)


async def test_a_requested_type_that_stopped_working_falls_back_and_says_why(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=WITH_ZOOM_AND_PLACE))
    await server.memory.connect(host, state=NeedsReconnect(GrantEnded("zoom")))

    told = (
        await server.client().post(f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=a_request())
    ).json()

    assert "zoom" == told["requested_meeting_type"]
    assert "in_person" == told["meeting_type"]
    assert "The connection to Zoom has ended." == told["fallback_reason"]
    assert "none" == told["conference"]["status"]


@pytest.mark.parametrize(
    "body",
    [
        a_request(),
        {},
        a_request(start="2026-03-03T10:00:00"),
        a_request(start="2026-03-03T03:00:00Z"),
        a_request(start="9999-12-31T23:59:59Z"),
        a_request(meeting_type="phone"),
        a_request(meeting_type="smoke_signals"),
        a_request(guest=a_guest(email="nobody")),
        a_request(unheard_of=1),
    ],
)
async def test_a_page_without_a_usable_type_says_so_before_anything_else(server: Server, body: Json) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))

    answer = await server.client().post(f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=body)

    assert 409 == answer.status_code
    assert "no-meeting-type-available" == problem(answer)
    assert "No Zoom account is connected." in answer.json()["detail"]


async def test_a_page_without_a_usable_type_says_so_even_to_what_is_no_json(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    client, address = server.client(), f"{API}/public/{host.handle}/{page.slug}/intro/bookings"

    assert "no-meeting-type-available" == problem(await client.post(address, content=b"{"))
    assert "no-meeting-type-available" == problem(await client.post(address, data={"start": "now"}))
    long_key = {"Idempotency-Key": "k" * 300}
    assert "no-meeting-type-available" == problem(await client.post(address, json=a_request(), headers=long_key))


async def test_the_host_is_told_of_a_refusal_once_an_hour(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    for _ in range(3):
        await server.client().post(f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=a_request())

    await server.memory.work_off()

    assert 1 == len(server.memory.mailer.notices)


async def test_a_type_that_the_host_has_not_switched_on_is_refused(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(f"{address}/bookings", json=a_request(meeting_type="in_person"))

    assert 409 == answer.status_code
    assert "meeting-type-not-offered" == problem(answer)


async def test_a_host_who_calls_needs_a_number(server: Server) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host, meeting_types=(phone_by_host,)), host)
    client = server.client()

    without = await client.post(f"{address}/bookings", json=a_request(meeting_type="phone"))
    assert 400 == without.status_code
    assert ["guest.phone"] == fields(without)

    undialable = a_request(meeting_type="phone", guest=a_guest(phone="call me"))
    assert ["guest.phone"] == fields(await client.post(f"{address}/bookings", json=undialable))

    fine = a_request(meeting_type="phone", guest=a_guest(phone="+55 11 5550-1234"))
    answer = await client.post(f"{address}/bookings", json=fine)
    assert 201 == answer.status_code
    assert "none" == answer.json()["conference"]["status"]
    assert "phone" not in answer.json()["guest"]


async def test_a_guest_who_calls_needs_none(server: Server) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host, meeting_types=(phone_by_guest,)), host)

    assert 201 == (await server.client().post(f"{address}/bookings", json=a_request(meeting_type="phone"))).status_code


async def test_questions_are_answered_by_their_id(server: Server) -> None:
    topic = Question("topic", "What about?", required=True)
    fish = Question("fish", "Which fish?", kind="choice", choices=("Tuna", "Cod"))
    host = a_host()
    _, address = await an_open_page(server, a_page(host, an_event_type(questions=(topic, fish))), host)
    client = server.client()

    for answers, field in (
        (None, "answers.topic"),
        ({"topic": "  "}, "answers.topic"),
        ({"topic": "Nets", "fish": "Whale"}, "answers.fish"),
        ({"topic": "Nets", "boat": "Yes"}, "answers.boat"),
        ({"topic": 1}, "answers.topic"),
    ):
        assert [field] == fields(await client.post(f"{address}/bookings", json=a_request(answers=answers)))
    fine = a_request(answers={"topic": "Nets", "fish": "Cod"})
    assert 201 == (await client.post(f"{address}/bookings", json=fine)).status_code


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (a_request(start=None), "start"),
        (a_request(start="tomorrow"), "start"),
        (a_request(start="2026-03-03T10:00:00"), "start"),
        (a_request(start=1772532000), "start"),
        (a_request(start="2026-03-03"), "start"),
        (a_request(meeting_type=None), "meeting_type"),
        (a_request(meeting_type="smoke_signals"), "meeting_type"),
        (a_request(guest=None), "guest"),
        (a_request(guest=[]), "guest"),
        (a_request(guest=a_guest(name=None)), "guest.name"),
        (a_request(guest=a_guest(name=7)), "guest.name"),
        (a_request(guest=a_guest(name=" \u202e\u0000\t ")), "guest.name"),
        (a_request(guest=a_guest(email=None)), "guest.email"),
        (a_request(guest=a_guest(email="nobody")), "guest.email"),
        (a_request(guest=a_guest(email="a@b.example\r\nBcc: all@b.example")), "guest.email"),
        (a_request(guest=a_guest(timezone=None)), "guest.timezone"),
        (a_request(guest=a_guest(timezone="Mars/Olympus")), "guest.timezone"),
        (a_request(guest=a_guest(shoe_size=43)), "guest.shoe_size"),
        (a_request(host="me"), "host"),
        (a_request(answers=[]), "answers"),
        ([], ""),
        (5, ""),
        ("booking", ""),
    ],
)
async def test_wrong_input_is_refused_by_name(server: Server, body: Json, field: str) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(f"{address}/bookings", json=body)

    assert 400 == answer.status_code
    assert [field] == fields(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"start":}',
        b"\xff\xfe",
        b'{"start":"\\ud800"}',
        b"[" * 60_000,
        b"NaN",
        b'{"start":"2026-03-03T10:00:00Z" "guest"}',
    ],
)
async def test_what_is_no_json_is_refused(server: Server, body: bytes) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(
        f"{address}/bookings", content=body, headers={"Content-Type": "application/json"}
    )

    assert [""] == fields(answer)


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_a_body_that_does_not_say_that_it_is_json_is_refused(server: Server, media_type: str | None) -> None:
    _, address = await an_open_page(server)
    headers = {"Content-Type": media_type} if media_type else {}

    answer = await server.client().post(f"{address}/bookings", content=b"{}", headers=headers)

    assert 415 == answer.status_code
    assert "unsupported-media-type" == problem(answer)


async def test_json_may_name_its_charset(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(
        f"{address}/bookings", content=b"{}", headers={"Content-Type": "Application/JSON; charset=utf-8"}
    )

    assert ["start", "meeting_type", "guest"] == fields(answer)


async def test_a_body_beyond_64_kilobytes_is_too_large(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(f"{address}/bookings", json=a_request(answers={"a": "x" * 65_536}))

    assert 413 == answer.status_code
    assert "too-large" == problem(answer)


async def test_names_of_all_kinds_come_back_as_they_were_but_without_tricks(server: Server) -> None:
    _, address = await an_open_page(server)

    told = (
        await server.client().post(
            f"{address}/bookings", json=a_request(guest=a_guest(name="  Zoë\u202e 王小明\r\nO’Neil 🐟 <b>"))
        )
    ).json()

    assert "Zoë 王小明 O’Neil 🐟 <b>" == told["guest"]["name"]


async def test_a_page_that_does_not_exist_is_not_found_whatever_the_body(server: Server) -> None:
    client = server.client()

    assert "not-found" == problem(await client.post(f"{API}/public/no/such/page/bookings", json=a_request()))
    assert "not-found" == problem(await client.post(f"{API}/public/no/such/page/bookings", content=b"{"))


async def test_others_come_along_by_their_addresses(server: Server) -> None:
    host, address = await an_open_page(server)

    answer = await server.client().post(
        f"{address}/bookings", json=a_request(additional_guests=["bob@guests.example", "bob+1@guests.example"])
    )

    assert ["bob@guests.example"] == answer.json()["additional_guests"]
    seen = await (await server.host_client(host)).get(f"{API}/bookings/{answer.json()['id']}")
    assert ["bob@guests.example"] == seen.json()["additional_guests"]
