"""How often one address may write, and whose address it is."""

from datetime import timedelta
from typing import Any

import pytest
from litestar import Request, get, post

from adapters.http.clients import client_address, limit_sign_ins
from tests.support.serving import API, Server, a_request, an_open_page, problem


@get("/probe/address")
async def address_page(request: Request[Any, Any, Any]) -> str:
    return client_address(request)


@post("/api/probe", guards=[limit_sign_ins], status_code=200)
async def like_signing_in() -> str:
    return "in"


async def seen_as(server: Server, address: str, *forwarded: str) -> str:
    headers = [("X-Forwarded-For", each) for each in forwarded]
    return (await server.client(address=address).get("/probe/address", headers=headers)).text


async def test_without_trusted_proxies_the_header_counts_for_nothing() -> None:
    server = Server(more=(address_page,))

    assert "203.0.113.7" == await seen_as(server, "203.0.113.7", "198.51.100.1")


@pytest.mark.parametrize(
    ("address", "forwarded", "expected"),
    [
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("1.2.3.4, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("1.2.3.4", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.1", ("198.51.100.1, 192.168.7.7",), "198.51.100.1"),
        ("10.0.0.1", ("198.51.100.1, nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1, nonsense, 192.168.7.7",), "192.168.7.7"),
        ("10.0.0.1", ("2001:db8::1",), "2001:db8::1"),
        ("10.0.0.1", ("[2001:db8::1]",), "2001:db8::1"),
        ("::ffff:10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
    ],
)
async def test_a_trusted_proxy_says_who_came_to_it(address: str, forwarded: tuple[str, ...], expected: str) -> None:
    server = Server(more=(address_page,), trusted_proxies=("10.0.0.1", "192.168.0.0/16"))

    assert expected == await seen_as(server, address, *forwarded)


async def test_sixty_public_writes_a_minute_are_the_most(server: Server) -> None:
    _, page = await an_open_page(server)
    client = server.client()
    token = (await client.post(f"{page}/bookings", json=a_request())).json()["manage_url"].rpartition("/")[2]
    for number in range(59):
        path = ("cancel", "reschedule")[number % 2]
        answer = await client.post(f"{API}/public/bookings/{token}/{path}", json={})
        assert 429 != answer.status_code

    for path in (f"{page}/bookings", f"{API}/public/bookings/{token}/cancel"):
        answer = await client.post(path, json=a_request())
        assert 429 == answer.status_code
        assert "too-many-requests" == problem(answer)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60

    assert 200 == (await client.get(f"{API}/public/bookings/{token}")).status_code
    other = server.client(address="198.51.100.1")
    assert 409 == (await other.post(f"{page}/bookings", json=a_request(meeting_type="in_person"))).status_code
    server.memory.clock.advance(timedelta(minutes=1))
    assert 409 == (await client.post(f"{page}/bookings", json=a_request(meeting_type="in_person"))).status_code


async def test_thirty_sign_ins_a_minute_are_the_most() -> None:
    client = Server(more=(like_signing_in,)).client()

    statuses = [(await client.post("/api/probe")).status_code for _ in range(31)]

    assert [*[200] * 30, 429] == statuses


async def test_limits_can_be_switched_off() -> None:
    client = Server(more=(like_signing_in,), rate_limit=False).client()

    assert {200} == {(await client.post("/api/probe")).status_code for _ in range(40)}
