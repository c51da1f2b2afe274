"""What a host's program asks for twice with one Idempotency-Key is done once."""

from typing import Any

import httpx
import pytest

from tests.support.serving import API, Server, a_request, an_open_page, problem

KEY = {"Idempotency-Key": "a-key"}
OTHER_KEY = {"Idempotency-Key": "another-key"}


async def a_booking(server: Server) -> tuple[httpx.AsyncClient, str]:
    """A client of the host's program, and the address of a booking."""
    host, path = await an_open_page(server)
    booked = await server.client().post(f"{path}/bookings", json=a_request())
    return await server.host_client(host), f"{API}/bookings/{booked.json()['id']}"


@pytest.mark.parametrize(
    ("method", "call", "body"),
    [
        ("POST", "cancel", {"reason": "Ill"}),
        ("POST", "reschedule", {"start": "2026-03-04T10:00:00Z"}),
        ("POST", "proposals", {"starts": ["2026-03-04T10:00:00Z"]}),
        ("POST", "retry-meeting", None),
        ("PUT", "join-link", {"join_url": "https://meet.example/1"}),
        ("POST", "resend", None),
    ],
)
async def test_a_repeat_is_answered_and_changes_nothing_more(server: Server, method: str, call: str, body: Any) -> None:
    client, booking = await a_booking(server)
    once = await client.request(method, f"{booking}/{call}", json=body, headers=KEY)
    cancelled = await client.post(f"{booking}/cancel", headers=OTHER_KEY)

    again = await client.request(method, f"{booking}/{call}", json=body, headers=KEY)

    assert [(200, None), (200, "true")] == [
        (each.status_code, each.headers.get("idempotent-replayed")) for each in (once, again)
    ]
    assert cancelled.status_code in {200, 409}
    assert "cancelled" == again.json()["status"]


async def test_a_key_is_good_for_one_request(server: Server) -> None:
    client, booking = await a_booking(server)
    await client.post(f"{booking}/resend", headers=KEY)

    for call, body in (("cancel", None), ("reschedule", {"start": "2026-03-04T10:00:00Z"})):
        answer = await client.post(f"{booking}/{call}", json=body, headers=KEY)
        assert "idempotency-key-reused" == problem(answer)


async def test_what_is_no_key_is_refused(server: Server) -> None:
    client, booking = await a_booking(server)

    answer = await client.post(f"{booking}/resend", headers={"Idempotency-Key": "two words"})

    assert "invalid-input" == problem(answer)
