"""Connected providers over the API."""

from domain.connection import Blocked, NeedsReconnect
from domain.provider_problem import GrantEnded, MeetingsNotAllowed
from tests.support.memory_app import MemoryApp
from tests.support.serving import API, Server, a_request, an_open_page, problem


async def test_every_provider_is_listed_with_its_state() -> None:
    server = Server(MemoryApp(configured=("zoom", "google")))
    host = await server.memory.host()
    await server.memory.connect(host)

    answer = await (await server.host_client(host)).get(f"{API}/providers")

    assert 200 == answer.status_code
    assert [
        {
            "provider": "zoom",
            "status": "connected",
            "account": {"email": "hanne@zoom.example", "name": "Hanne Höst"},
            "connected_at": "2026-03-02T08:00:00Z",
            "last_meeting_at": None,
        },
        {
            "provider": "google",
            "status": "not_connected",
            "account": None,
            "connected_at": None,
            "last_meeting_at": None,
        },
        {
            "provider": "microsoft",
            "status": "not_configured",
            "account": None,
            "connected_at": None,
            "last_meeting_at": None,
        },
    ] == answer.json()


async def test_a_connection_in_trouble_says_which(server: Server) -> None:
    host = await server.memory.host()
    await server.memory.connect(host, "zoom", NeedsReconnect(GrantEnded("zoom")))
    await server.memory.connect(host, "google", Blocked(MeetingsNotAllowed("google")))

    told = (await (await server.host_client(host)).get(f"{API}/providers")).json()

    assert ["needs_reconnect", "blocked", "not_connected"] == [each["status"] for each in told]


async def test_a_meeting_that_was_made_shows(server: Server) -> None:
    host, address = await an_open_page(server)
    await server.client().post(f"{address}/bookings", json=a_request())
    await server.memory.work_off()

    told = (await (await server.host_client(host)).get(f"{API}/providers")).json()

    assert "2026-03-02T08:00:00Z" == told[0]["last_meeting_at"]


async def test_disconnecting_is_done_at_once_and_can_be_repeated(server: Server) -> None:
    host = await server.memory.host()
    await server.memory.connect(host)
    client = await server.host_client(host)

    for _ in range(2):
        answer = await client.delete(f"{API}/providers/zoom")
        assert 204 == answer.status_code
        assert b"" == answer.content
    assert "not_connected" == (await client.get(f"{API}/providers")).json()[0]["status"]


async def test_a_provider_that_nobody_knows_is_not_found(server: Server) -> None:
    client = await server.host_client(await server.memory.host())

    assert "not-found" == problem(await client.delete(f"{API}/providers/skype"))


async def test_one_host_does_not_see_or_end_the_connection_of_another(server: Server) -> None:
    connected, other = await server.memory.host(), await server.memory.host()
    await server.memory.connect(connected)

    client = await server.host_client(other)
    assert "not_connected" == (await client.get(f"{API}/providers")).json()[0]["status"]
    await client.delete(f"{API}/providers/zoom")

    told = (await (await server.host_client(connected)).get(f"{API}/providers")).json()
    assert "connected" == told[0]["status"]
