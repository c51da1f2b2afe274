"""A host's bookings over the API."""

from datetime import timedelta

import httpx
import pytest

from domain.booking_page import Question
from domain.host import Host
from tests.support.builders import a_host, a_page, an_event_type
from tests.support.serving import (
    API,
    PUBLIC_URL,
    Json,
    Server,
    a_guest,
    a_request,
    an_open_page,
    fields,
    problem,
)

BOOKINGS = f"{API}/bookings"


async def booked(server: Server, *starts: str, page_of: Host | None = None) -> tuple[httpx.AsyncClient, list[Json]]:
    """A host's client, and what their guests were told."""
    host, address = await an_open_page(server, host=page_of)
    told: list[Json] = [
        (await server.client().post(f"{address}/bookings", json=a_request(start=start))).json() for start in starts
    ]
    return await server.host_client(host), told


async def test_a_host_sees_what_the_guest_sees_and_more(server: Server) -> None:
    host = a_host()
    page = a_page(host, an_event_type(questions=(Question("topic", "What about?"),)))
    _, address = await an_open_page(server, page, host)
    guest = a_guest(phone="+55 11 5550-1234")
    for_guest = (
        await server.client().post(f"{address}/bookings", json=a_request(guest=guest, answers={"topic": "Nets"}))
    ).json()
    client = await server.host_client(host)

    answer = await client.get(f"{BOOKINGS}/{for_guest['id']}")

    assert 200 == answer.status_code
    told = answer.json()
    more = ("page", "event_type", "answers", "timeline")
    timeline = told["timeline"]
    assert {
        **for_guest,
        "guest": guest,
        "version": 1,
        "page": page.slug,
        "event_type": "intro",
        "answers": [{"question": "What about?", "answer": "Nets"}],
        "tracking": {},
        "calendar_entry": None,
        "timeline": timeline,
    } == told
    assert not set(more) & for_guest.keys()
    assert "phone" not in for_guest["guest"]
    assert {"at": "2026-03-02T08:00:00Z", "what": "booked", "detail": timeline[0]["detail"]} == timeline[0]
    assert for_guest["manage_url"].startswith(f"{PUBLIC_URL}/b/")


async def test_upcoming_bookings_come_first_first(server: Server) -> None:
    client, told = await booked(server, "2026-03-04T10:00:00Z", "2026-03-03T10:00:00Z", "2026-03-05T10:00:00Z")

    listed = (await client.get(BOOKINGS)).json()

    assert {"items", "next"} == listed.keys()
    assert listed["next"] is None
    starts = [each["start"] for each in listed["items"]]
    assert sorted(each["start"] for each in told) == starts
    assert listed == (await client.get(BOOKINGS, params={"status": "upcoming"})).json()


async def test_past_and_cancelled_bookings_come_last_first(server: Server) -> None:
    client, told = await booked(
        server, "2026-03-03T10:00:00Z", "2026-03-04T10:00:00Z", "2026-03-05T10:00:00Z", "2026-03-06T10:00:00Z"
    )
    for each in told[2:]:
        await client.post(f"{BOOKINGS}/{each['id']}/cancel", json={})
    server.memory.clock.advance(timedelta(days=10))

    async def ids(status: str) -> list[str]:
        listed = await client.get(BOOKINGS, params={"status": status})
        return [each["id"] for each in listed.json()["items"]]

    assert [told[1]["id"], told[0]["id"]] == await ids("past")
    assert [told[3]["id"], told[2]["id"]] == await ids("cancelled")
    assert [] == await ids("upcoming")
    assert [] == await ids("needs_attention")


async def test_a_long_list_comes_in_pages(server: Server) -> None:
    client, told = await booked(server, *(f"2026-03-03T{hour:02}:00:00Z" for hour in range(8, 15)))
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 3}
    for length in (3, 3, 1):
        listed = (await client.get(BOOKINGS, params=query)).json()
        assert length == len(listed["items"])
        seen += [each["id"] for each in listed["items"]]
        query["cursor"] = listed["next"]
    assert query["cursor"] is None
    assert [each["id"] for each in told] == seen


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "a\x00b"}, "cursor"),
        ({"cursor": "💌"}, "cursor"),
        ({"cursor": "bnVsbA=="}, "cursor"),
    ],
)
async def test_a_list_that_cannot_be_is_refused_by_name(server: Server, query: dict[str, str], field: str) -> None:
    client, _ = await booked(server)

    assert [field] == fields(await client.get(BOOKINGS, params=query))


async def test_a_cursor_of_another_list_is_refused(server: Server) -> None:
    client, _ = await booked(server, "2026-03-03T10:00:00Z", "2026-03-04T10:00:00Z")
    cursor = (await client.get(BOOKINGS, params={"limit": 1})).json()["next"]

    assert ["cursor"] == fields(await client.get(BOOKINGS, params={"cursor": cursor, "status": "past"}))


async def test_a_host_cancels_with_a_reason_that_stays_on_the_timeline(server: Server) -> None:
    client, (told,) = await booked(server, "2026-03-03T10:00:00Z")

    answer = await client.post(f"{BOOKINGS}/{told['id']}/cancel", json={"reason": "At sea"})

    assert 200 == answer.status_code
    assert "cancelled" == answer.json()["status"]
    assert "cancelled" == answer.json()["timeline"][-1]["what"]
    assert "Cancelled by the host. Reason: At sea" == answer.json()["timeline"][-1]["detail"]
    assert "booking-closed" == problem(await client.post(f"{BOOKINGS}/{told['id']}/cancel"))


async def test_a_host_moves(server: Server) -> None:
    client, (told,) = await booked(server, "2026-03-03T10:00:00Z")
    address = f"{BOOKINGS}/{told['id']}/reschedule"

    answer = await client.post(address, json={"start": "2026-03-03T11:00:00Z"})

    assert 200 == answer.status_code
    assert "2026-03-03T11:00:00Z" == answer.json()["start"]
    assert "slot-not-offered" == problem(await client.post(address, json={"start": "2026-03-03T03:00:00Z"}))
    assert ["start"] == fields(await client.post(address, json={"start": "2026-03-03T11:00:00"}))
    assert ["start"] == fields(await client.post(address, json={}))


async def test_a_booking_outlives_its_page(server: Server) -> None:
    client, (told,) = await booked(server, "2026-03-03T10:00:00Z")
    (page,) = (await client.get(f"{API}/booking-pages")).json()
    await client.delete(f"{API}/booking-pages/{page['id']}")

    seen = (await client.get(f"{BOOKINGS}/{told['id']}")).json()

    assert seen["page"] is None
    assert seen["event_type"] is None
    assert "confirmed" == seen["status"]
    moved = await client.post(f"{BOOKINGS}/{told['id']}/reschedule", json={"start": "2026-03-03T11:00:00Z"})
    assert "booking-closed" == problem(moved)


@pytest.mark.parametrize("whose", ["another host's", "nobody", "a%00b"])
async def test_what_is_not_ones_own_is_not_found(server: Server, whose: str) -> None:
    owner, (told,) = await booked(server, "2026-03-03T10:00:00Z")
    stranger = await server.host_client(await server.memory.host())
    booking_id = told["id"] if whose == "another host's" else whose
    address = f"{BOOKINGS}/{booking_id}"

    assert "not-found" == problem(await stranger.get(address))
    assert "not-found" == problem(await stranger.post(f"{address}/cancel", json={}))
    assert "not-found" == problem(await stranger.post(f"{address}/reschedule", json={"start": "2026-03-03T11:00:00Z"}))
    assert [] == (await stranger.get(BOOKINGS)).json()["items"]
    assert "confirmed" == (await owner.get(f"{BOOKINGS}/{told['id']}")).json()["status"]


async def test_a_list_is_searched_by_the_guests_name_or_email(server: Server) -> None:
    client, told = await booked(server, "2026-03-03T10:00:00Z")

    for search, expected in (("BRITO", told), (" ana@guests ", told), ("nobody", [])):
        listed = await client.get(BOOKINGS, params={"search": search})
        assert [each["id"] for each in expected] == [each["id"] for each in listed.json()["items"]], search
    assert ["search"] == fields(await client.get(BOOKINGS, params={"search": "x" * 201}))
