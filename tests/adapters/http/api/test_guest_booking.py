"""A guest's own booking over the API: read, cancel, move."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from domain.availability import BookingRules
from tests.support.builders import a_host, a_page
from tests.support.serving import API, Json, Server, a_request, an_open_page, fields, problem


async def booked(server: Server, client: httpx.AsyncClient) -> tuple[str, Json]:
    """The address of a new booking, and what was told about it."""
    _, address = await an_open_page(server)
    told = (await client.post(f"{address}/bookings", json=a_request())).json()
    return f"{API}/public/bookings/{told['manage_url'].rpartition('/')[2]}", told


async def test_the_link_shows_the_booking_any_number_of_times(server: Server) -> None:
    client = server.client()
    address, told = await booked(server, client)

    for _ in range(3):
        answer = await client.get(address)
        assert 200 == answer.status_code
        assert told == answer.json()


async def test_an_additional_guest_leaves_by_the_link_in_their_mail(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    await client.post(f"{address}/bookings", json=a_request(additional_guests=["bob@guests.example"]))
    await server.memory.work_off()
    [mail] = server.memory.mailer.mails_to(0)
    assert mail.invitee is not None
    invitation = f"{API}/public/invitations/{mail.invitee.leave}"

    told = (await client.get(invitation)).json()
    left = await client.post(f"{invitation}/leave")

    assert ("Ana Brito", "bob@guests.example", None) == (told["invited_by"], told["email"], told["left_at"])
    assert 200 == left.status_code
    assert {**told, "left_at": "2026-03-02T08:00:00Z"} == left.json() == (await client.get(invitation)).json()
    assert "not-found" == problem(await client.get(f"{API}/public/invitations/unknown"))


@pytest.mark.parametrize("body", [{"reason": "Ill"}, {}, None])
async def test_a_guest_cancels(server: Server, body: Json) -> None:
    client = server.client()
    address, told = await booked(server, client)

    answer = (
        await client.post(f"{address}/cancel", json=body)
        if body is not None
        else await client.post(f"{address}/cancel")
    )

    assert 200 == answer.status_code
    assert "cancelled" == answer.json()["status"]
    assert told["id"] == answer.json()["id"]


async def test_what_is_cancelled_is_closed(server: Server) -> None:
    client = server.client()
    address, _ = await booked(server, client)
    await client.post(f"{address}/cancel", json={})

    again = await client.post(f"{address}/cancel", json={})
    assert 409 == again.status_code
    assert "booking-closed" == problem(again)
    moved = await client.post(f"{address}/reschedule", json={"start": "2026-03-03T11:00:00Z"})
    assert "booking-closed" == problem(moved)


async def test_what_is_over_is_closed(server: Server) -> None:
    client = server.client()
    address, _ = await booked(server, client)
    server.memory.clock.advance(timedelta(days=2))

    assert "booking-closed" == problem(await client.post(f"{address}/cancel", json={}))
    assert "booking-closed" == problem(
        await client.post(f"{address}/reschedule", json={"start": "2026-03-05T11:00:00Z"})
    )


async def test_a_guest_moves(server: Server) -> None:
    client = server.client()
    address, _ = await booked(server, client)

    answer = await client.post(f"{address}/reschedule", json={"start": "2026-03-03T12:00:00+01:00"})

    assert 200 == answer.status_code
    assert "2026-03-03T11:00:00Z" == answer.json()["start"]
    assert "2026-03-03T11:30:00Z" == answer.json()["end"]
    assert answer.json() == (await client.get(address)).json()


async def test_a_move_to_a_taken_or_impossible_time_is_refused(server: Server) -> None:
    client = server.client()
    _, page = await an_open_page(server)
    mine = (await client.post(f"{page}/bookings", json=a_request())).json()
    await client.post(f"{page}/bookings", json=a_request(start="2026-03-03T11:00:00Z"))
    address = f"{API}/public/bookings/{mine['manage_url'].rpartition('/')[2]}"

    taken = await client.post(f"{address}/reschedule", json={"start": "2026-03-03T11:00:00Z"})
    assert "slot-taken" == problem(taken)
    assert 3 == len(taken.json()["alternatives"])
    for start in ("2026-03-03T03:00:00Z", "9998-12-31T23:59:59Z", "2000-01-01T00:00:00Z"):
        assert "slot-not-offered" == problem(await client.post(f"{address}/reschedule", json={"start": start}))
    assert mine == (await client.get(address)).json()


async def test_a_move_to_a_full_day_says_so(server: Server) -> None:
    client = server.client()
    host = a_host()
    _, page = await an_open_page(server, a_page(host, rules=BookingRules(daily_cap=1)), host)
    mine = (await client.post(f"{page}/bookings", json=a_request())).json()
    await client.post(f"{page}/bookings", json=a_request(start="2026-03-04T11:00:00Z"))
    address = f"{API}/public/bookings/{mine['manage_url'].rpartition('/')[2]}"

    refused = await client.post(f"{address}/reschedule", json={"start": "2026-03-04T13:00:00Z"})

    assert "slot-taken" == problem(refused)
    assert "daily-cap" == refused.json()["reason"]
    assert "This day is full. Choose a time on another day." == refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, ["start"]),
        ({"start": "2026-03-03T11:00:00"}, ["start"]),
        ({"start": None}, ["start"]),
        ({"begin": 1}, ["begin", "start"]),
    ],
)
async def test_a_move_needs_an_instant(server: Server, body: Json, wrong: list[str]) -> None:
    client = server.client()
    address, _ = await booked(server, client)

    assert wrong == fields(await client.post(f"{address}/reschedule", json=body))


async def test_what_a_guest_sends_several_times_is_done_once(server: Server) -> None:
    host, page = await an_open_page(server)
    client, host_client = server.client(), await server.host_client(host)
    told = (await client.post(f"{page}/bookings", json=a_request())).json()
    await server.memory.work_off()
    address = f"{API}/public/bookings/{told['manage_url'].rpartition('/')[2]}"

    async def thrice(call: str, body: Json) -> list[int]:
        sent = (client.post(f"{address}/{call}", json=body) for _ in range(3))
        return sorted(each.status_code for each in await asyncio.gather(*sent))

    # The second cancellation is told that there is nothing left to cancel, as the first one's answer would tell.
    moved, cancelled = await thrice("reschedule", {"start": "2026-03-03T11:00:00Z"}), await thrice("cancel", {})

    assert ([200, 200, 200], [200, 409, 409]) == (moved, cancelled)
    after = (await host_client.get(f"{API}/bookings/{told['id']}")).json()
    assert [1, 1] == [[each["what"] for each in after["timeline"]].count(what) for what in ("rescheduled", "cancelled")]
    assert told["revision"] + 2 == after["revision"]


async def test_a_reason_is_a_text(server: Server) -> None:
    client = server.client()
    address, _ = await booked(server, client)

    assert ["reason"] == fields(await client.post(f"{address}/cancel", json={"reason": 1}))
    assert "unsupported-media-type" == problem(await client.post(f"{address}/cancel", content=b"reason=ill"))


@pytest.mark.parametrize("token", ["nothing", "a%00b", "%ff", "💌", "x" * 5000, "id-00000001"])
async def test_a_token_that_nobody_has_is_not_found(server: Server, token: str) -> None:
    client = server.client()
    await booked(server, client)

    address = f"{API}/public/bookings/{token}"
    assert "not-found" == problem(await client.get(address))
    assert "not-found" == problem(await client.post(f"{address}/cancel", json={}))
    assert "not-found" == problem(await client.post(f"{address}/reschedule", json={"start": "2026-03-03T11:00:00Z"}))
