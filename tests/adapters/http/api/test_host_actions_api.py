"""What a host can do about a booking's meeting and mails, over the API."""

from datetime import UTC, datetime

import httpx
import pytest

from adapters.mail.message import booking_message
from application.ports.mail import BookingMail, RecipientRefused
from application.ports.provider import NotConnected, TryLater
from domain.events import PARTIES
from domain.mail_problem import ServerAnswered
from domain.provider_problem import DailyLimitReached, GrantEnded
from tests.support.builders import a_host, a_page, at_the_harbour, zoom
from tests.support.mail_examples import ORIGIN
from tests.support.serving import API, Json, Server, a_request, an_open_page, fields, problem

BY_HAND = "https://meet.example/anna"
DEAD = NotConnected(GrantEnded("zoom"))


async def booked(server: Server, *, fails: bool = False) -> tuple[httpx.AsyncClient, str]:
    """A host's client and the address of a booking, whose meeting was given up if told so."""
    host = a_host()
    _, address = await an_open_page(server, a_page(host, meeting_types=(zoom,)), host)
    told: Json = (await server.client().post(f"{address}/bookings", json=a_request())).json()
    if fails:
        server.memory.providers["zoom"].fail("create", DEAD)
        await server.memory.work_off()
        await server.memory.connect(host)
    return await server.host_client(host), f"{API}/bookings/{told['id']}"


async def test_a_failed_meeting_is_tried_again(server: Server) -> None:
    client, booking = await booked(server, fails=True)
    assert "failed" == (await client.get(booking)).json()["conference"]["status"]

    answer = await client.post(f"{booking}/retry-meeting")

    assert (200, "pending") == (answer.status_code, answer.json()["conference"]["status"])
    await server.memory.work_off()
    told = (await client.get(booking)).json()
    assert ("ready", 1) == (told["conference"]["status"], told["revision"])
    again = await client.post(f"{booking}/retry-meeting", json={})
    assert (200, "ready") == (again.status_code, again.json()["conference"]["status"])


async def test_a_delayed_meeting_says_why_and_is_tried_at_once(server: Server) -> None:
    client, booking = await booked(server)
    limit = TryLater(DailyLimitReached("zoom", datetime(2026, 3, 3, tzinfo=UTC)))
    server.memory.providers["zoom"].fail("create", limit)
    await server.memory.work_off()

    told = (await client.get(booking)).json()["conference"]
    assert ("pending", "daily-limit") == (told["status"], told["failure"]["type"])
    assert "00:00 UTC" in told["failure"]["message"]
    await client.post(f"{booking}/retry-meeting")
    await server.memory.work_off()

    assert "ready" == (await client.get(booking)).json()["conference"]["status"]


async def test_a_link_is_pasted_once(server: Server) -> None:
    client, booking = await booked(server, fails=True)

    first = await client.put(f"{booking}/join-link", json={"join_url": BY_HAND})
    again = await client.put(f"{booking}/join-link", json={"join_url": BY_HAND})

    assert (200, 200) == (first.status_code, again.status_code)
    told = again.json()
    assert {
        "status": "ready",
        "join_url": BY_HAND,
        "meeting_id": None,
        "passcode": None,
        "failure": None,
    } == told["conference"]
    assert 1 == told["revision"]
    assert ["link_added"] == [each["what"] for each in told["timeline"] if each["what"].startswith("link")]


@pytest.mark.parametrize(
    "body",
    [{}, {"join_url": ""}, {"join_url": "http://meet.example/anna"}, {"join_url": "javascript:x"}, {"join_url": 5}],
)
async def test_only_an_https_link_is_taken(server: Server, body: Json) -> None:
    client, booking = await booked(server)

    assert ["join_url"] == fields(await client.put(f"{booking}/join-link", json=body))


async def test_another_meeting_type_of_the_page_is_switched_to(server: Server) -> None:
    client, booking = await booked(server, fails=True)
    [page] = (await client.get(f"{API}/booking-pages")).json()
    types = [{"type": "zoom"}, {"type": "in_person", "address": at_the_harbour.address}, {"type": "google_meet"}]
    await client.patch(f"{API}/booking-pages/{page['id']}", json={"meeting_types": types})

    answer = await client.put(f"{booking}/meeting-type", json={"meeting_type": "in_person"})

    assert 200 == answer.status_code
    told = answer.json()
    assert ("zoom", "in_person", "none") == (
        told["requested_meeting_type"],
        told["meeting_type"],
        told["conference"]["status"],
    )
    assert "The host chose another way to meet." == told["fallback_reason"]
    unusable = await client.put(f"{booking}/meeting-type", json={"meeting_type": "google_meet"})
    assert "no-meeting-type-available" == problem(unusable)
    assert "Google" in unusable.json()["detail"]
    absent = await client.put(f"{booking}/meeting-type", json={"meeting_type": "phone"})
    assert "meeting-type-not-offered" == problem(absent)
    assert ["meeting_type"] == fields(await client.put(f"{booking}/meeting-type", json={"meeting_type": "fax"}))


async def test_a_resend_sends_the_same_revision_again(server: Server) -> None:
    client, booking = await booked(server)
    await server.memory.work_off()
    before = (await client.get(booking)).json()

    answer = await client.post(f"{booking}/resend")
    await server.memory.work_off()

    assert (200, before["revision"]) == (answer.status_code, answer.json()["revision"])
    sent = [each for each in server.memory.mailer.sent if isinstance(each, BookingMail)]
    for party in PARTIES:
        first, again = [booking_message(each, ORIGIN) for each in sent if each.party == party]
        assert first == again


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "retry-meeting", None),
        ("POST", "resend", None),
        ("PUT", "join-link", {"join_url": BY_HAND}),
        ("PUT", "meeting-type", {"meeting_type": "zoom"}),
        ("POST", "cancel", {}),
        ("POST", "reschedule", {"start": "2026-03-03T11:00:00Z"}),
    ],
)
async def test_what_is_cancelled_or_not_ones_own_stays_as_it_is(
    server: Server, method: str, path: str, body: Json
) -> None:
    client, booking = await booked(server)
    stranger = await server.host_client(await server.memory.host())
    await client.post(f"{booking}/cancel", json={"reason": "At sea"})

    closed = await client.request(method, f"{booking}/{path}", json=body)
    not_mine = await stranger.request(method, f"{booking}/{path}", json=body)

    assert "booking-closed" == problem(closed)
    assert "already cancelled on 2026-03-02 at 08:00 UTC by the host" in closed.json()["detail"]
    assert "book again" in closed.json()["detail"]
    assert "not-found" == problem(not_mine)


async def test_moving_to_where_it_is_changes_nothing(server: Server) -> None:
    client, booking = await booked(server)
    await server.memory.work_off()
    move = {"start": "2026-03-03T11:00:00Z", "reason": "Flight moved"}

    first = (await client.post(f"{booking}/reschedule", json=move)).json()
    again = await client.post(f"{booking}/reschedule", json=move)

    assert (200, 1) == (again.status_code, again.json()["revision"])
    assert first == again.json()
    assert "Reason: Flight moved" in first["timeline"][-1]["detail"]
    assert "Zoom still shows the old time" in first["timeline"][-1]["detail"]


async def test_a_guest_whose_address_is_refused_is_listed_for_attention(server: Server) -> None:
    client, booking = await booked(server)
    server.memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "No such user here")))
    await server.memory.work_off()

    listed = (await client.get(f"{API}/bookings", params={"status": "needs_attention"})).json()["items"]
    timeline = (await client.get(booking)).json()["timeline"]

    assert [booking.rpartition("/")[2]] == [each["id"] for each in listed]
    assert "The email to the guest was refused: The mail server answered: 550 No such user here" in [
        each["detail"] for each in timeline
    ]


async def test_a_page_says_how_long_before_a_booking_its_guest_is_reminded(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(f"{API}/booking-pages", json={"slug": "talk", "title": "Talk"})).json()
    address = f"{API}/booking-pages/{page['id']}"

    assert ([1440], 1440) == (page["reminders"], page["reminder_minutes_before"])
    for minutes, longest in (([60, 1440, 5], 1440), ([], None)):
        changed = (await client.patch(address, json={"reminders": minutes})).json()
        assert (minutes, longest) == (changed["reminders"], changed["reminder_minutes_before"])
    for wrong in (0, -5, 1.5, "60", 60 * 24 * 31):
        assert ["reminders.0"] == fields(await client.patch(address, json={"reminders": [wrong]}))
    for refused in ({"reminders": [1, 2, 3, 4]}, {"reminders": None}):
        assert ["reminders"] == fields(await client.patch(address, json=refused))
    [refusal] = (await client.patch(address, json={"reminder_minutes_before": 60})).json()["errors"]
    assert {"field": "reminder_minutes_before", "message": "This can only be read. Leave it out."} == refusal
