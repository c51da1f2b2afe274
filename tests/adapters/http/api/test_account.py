"""Bearer tokens, and the host's account over the API."""

import pytest

from tests.support.builders import a_host
from tests.support.serving import API, Json, Server, fields, problem

CALLS = [
    ("GET", "/me"),
    ("PATCH", "/me"),
    ("GET", "/providers"),
    ("DELETE", "/providers/zoom"),
    ("GET", "/booking-pages"),
    ("POST", "/booking-pages"),
    ("GET", "/booking-pages/1"),
    ("PATCH", "/booking-pages/1"),
    ("DELETE", "/booking-pages/1"),
    ("GET", "/booking-pages/1/event-types"),
    ("POST", "/booking-pages/1/event-types"),
    ("GET", "/booking-pages/1/event-types/1"),
    ("PATCH", "/booking-pages/1/event-types/1"),
    ("DELETE", "/booking-pages/1/event-types/1"),
    ("GET", "/bookings"),
    ("GET", "/bookings/1"),
    ("POST", "/bookings/1/cancel"),
    ("POST", "/bookings/1/reschedule"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_every_call_for_hosts_needs_a_token(server: Server, method: str, path: str) -> None:
    host = await server.memory.host()
    token = await server.memory.token_of(host)
    session = await server.memory.store.sessions.open(host.id, server.memory.clock())

    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer  "},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": f"Basic {token}"},
        {"Authorization": token},
        {"Authorization": f"Bearer {session}"},
        {"Cookie": f"timetuna_session={session}"},
        {"Cookie": f"timetuna_session={token}"},
    ):
        answer = await server.client().request(method, f"{API}{path}", headers=headers)
        assert 401 == answer.status_code
        assert "unauthorized" == problem(answer)
        assert "Bearer" == answer.headers["WWW-Authenticate"]


async def test_a_host_reads_their_account(server: Server) -> None:
    host = await server.memory.host(a_host(name="Hanne Höst", handle="hanne", email="hanne@hosts.example"))

    answer = await (await server.host_client(host)).get(f"{API}/me")

    assert 200 == answer.status_code
    assert {
        "id": host.id,
        "email": "hanne@hosts.example",
        "name": "Hanne Höst",
        "handle": "hanne",
        "timezone": "Europe/Berlin",
        "language": "en",
        "photo": None,
        "logo": None,
    } == answer.json()


async def test_a_host_changes_their_account_bit_by_bit(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    before = (await client.get(f"{API}/me")).json()

    for change in (
        {"name": "Hanne Neu"},
        {"timezone": "Asia/Tokyo"},
        {"handle": "hanne-neu"},
        {},
    ):
        answer = await client.patch(f"{API}/me", json=change)
        before = {**before, **change}
        assert 200 == answer.status_code
        assert before == answer.json()
    assert before == (await client.get(f"{API}/me")).json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"timezone": "Mars"}, "timezone"),
        ({"handle": "Not A Slug"}, "handle"),
        ({"handle": "api"}, "handle"),
        ({"handle": "taken"}, "handle"),
        ({"email": "nobody"}, "email"),
        ({"id": "another"}, "id"),
        ({"password": "secret"}, "password"),
    ],
)
async def test_a_wrong_change_is_refused_by_name(server: Server, change: Json, field: str) -> None:
    await server.memory.host(a_host(handle="taken", email="taken@hosts.example"))
    client = await server.host_client(await server.memory.host())

    assert [field] == fields(await client.patch(f"{API}/me", json=change))


@pytest.mark.parametrize("email", ["new@hosts.example", "TAKEN@hosts.example"])
async def test_a_new_address_is_asked_whether_somebody_has_it_or_not(server: Server, email: str) -> None:
    await server.memory.host(a_host(email="taken@hosts.example"))
    host = await server.memory.host(a_host(email="old@hosts.example"))
    client = await server.host_client(host)

    answer = await client.patch(f"{API}/me", json={"email": email, "name": "Hanne Neu"})
    await server.memory.work_off()

    assert 200 == answer.status_code
    assert ("old@hosts.example", "Hanne Neu") == (answer.json()["email"], answer.json()["name"])
    assert answer.json() == (await client.get(f"{API}/me")).json()
    assert {"old@hosts.example", email} == {notice.to.email for notice in server.memory.mailer.notices}
