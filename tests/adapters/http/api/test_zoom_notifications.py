"""What Zoom gets for its notifications, as interface.md promises, and what the log says of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.memory.clock import MONDAY_MORNING
from adapters.sandbox.zoom.deauthorization import signed
from adapters.zoom.notifications import ZoomNotifications
from domain.connection import ProviderAccount
from domain.host import Host
from tests.support.builders import a_connection, an_account
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server

PATH = "/integrations/zoom/deauthorized"
SECRET = "tuna-secret"
ANNA = an_account("_rvAnna")


def a_server(*secrets: str) -> Server:
    return Server(MemoryApp(notifications={"zoom": ZoomNotifications("our-app", secrets, lambda: MONDAY_MORNING)}))


@pytest.fixture
def server() -> Server:
    return a_server(SECRET, "another-secret")


def removal(account: ProviderAccount = ANNA, at: datetime = MONDAY_MORNING, client_id: str = "our-app") -> bytes:
    payload = {
        "user_data_retention": None,
        "account_id": account.account_id,
        "user_id": account.user_id,
        "signature": "0" * 64,
        "deauthorization_time": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "client_id": client_id,
    }
    return msgspec.json.encode({"event": "app_deauthorized", "event_ts": 1, "payload": payload})


async def sends(
    server: Server,
    body: bytes,
    *,
    secret: str = SECRET,
    at: datetime = MONDAY_MORNING,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    async with server.client() as zoom:
        return await zoom.post(PATH, content=body, headers={**signed(body, secret, at), **(headers or {})})


async def a_connected_host(server: Server) -> Host:
    host = await server.memory.host()
    connection = a_connection(host, account=ANNA, connected_at=MONDAY_MORNING)
    async with server.memory.store.begin() as uow:
        uow.connections.put(connection, server.memory.providers["zoom"].grant_to(ANNA))
    return host


async def is_connected(server: Server, host: Host) -> bool:
    return bool(await server.memory.store.views.connections(host.id))


@pytest.mark.parametrize("secret", [SECRET, "another-secret"])
async def test_a_removal_clears_the_row_and_mails_the_host_once(server: Server, secret: str) -> None:
    host = await a_connected_host(server)

    answer = await sends(server, removal(), secret=secret)
    async with await server.host_client(host) as client:
        row = (await client.get("/api/v1/providers")).json()[0]
    await server.memory.work_off()

    assert (200, b"") == (answer.status_code, answer.content)
    assert ("not_connected", None, None) == (row["status"], row["account"], row["connected_at"])
    assert [host] == [notice.to for notice in server.memory.mailer.notices]


@pytest.mark.parametrize(
    "headers",
    [{"x-zm-signature": ""}, {"x-zm-signature": "v0=00"}, {"x-zm-request-timestamp": ""}],
    ids=["no signature", "wrong signature", "no timestamp"],
)
async def test_what_zoom_did_not_sign_is_refused(server: Server, headers: dict[str, str]) -> None:
    host = await a_connected_host(server)

    answer = await sends(server, removal(), headers=headers)

    assert (401, b"") == (answer.status_code, answer.content)
    assert await is_connected(server, host)


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_stale_signature_is_refused(server: Server, seconds: int) -> None:
    host = await a_connected_host(server)

    answer = await sends(server, removal(), at=MONDAY_MORNING + timedelta(seconds=seconds))

    assert 401 == answer.status_code
    assert await is_connected(server, host)


@pytest.mark.parametrize("server", [a_server(), Server()], ids=["no secret tokens", "Zoom not set up"])
@pytest.mark.parametrize("secret", ["", SECRET])
async def test_without_a_secret_nothing_is_believed(server: Server, secret: str) -> None:
    assert 401 == (await sends(server, removal(), secret=secret)).status_code


@pytest.mark.parametrize(
    "body", [b"", b"not json", b'{"event":"app_deauthorized"}', b'{"event":"endpoint.url_validation"}']
)
async def test_what_is_signed_but_malformed_is_a_bad_request(server: Server, body: bytes) -> None:
    assert 400 == (await sends(server, body)).status_code


@pytest.mark.parametrize(
    "body",
    [
        removal(client_id="another-app"),
        removal(an_account("somebody")),
        removal(at=MONDAY_MORNING - timedelta(minutes=1)),
        b'{"event":"meeting.started","payload":{}}',
    ],
    ids=["another app", "unknown user", "older than the connection", "another event"],
)
async def test_what_is_none_of_our_business_is_fine_and_changes_nothing(server: Server, body: bytes) -> None:
    host = await a_connected_host(server)

    answer = await sends(server, body)
    await server.memory.work_off()

    assert 200 == answer.status_code
    assert await is_connected(server, host)
    assert [] == server.memory.mailer.notices


async def test_a_replay_is_fine_and_changes_nothing(server: Server) -> None:
    await a_connected_host(server)
    await sends(server, removal())
    again = await a_connected_host(server)

    answer = await sends(server, removal())

    assert 200 == answer.status_code
    assert await is_connected(server, again)


@pytest.mark.parametrize("secret", [SECRET, "another-secret"])
async def test_a_check_of_the_address_is_answered_with_the_secret_that_signed_it(server: Server, secret: str) -> None:
    body = b'{"payload":{"plainToken":"q9ibPhGeRZ6ayx5WTrXjRw"},"event_ts":1,"event":"endpoint.url_validation"}'

    answer = await sends(server, body, secret=secret)

    # By `printf q9ib… | openssl dgst -sha256 -hmac …`.
    proof = {
        SECRET: "1c765fdc4557e2518121fe83fa3a6077334363c35de2452ff5cd29dddae28b41",
        "another-secret": "16e4445521963b6743d34ec8d33b5d2c05a85b8c6ef0a3818353001fbc71c3da",
    }[secret]
    assert (200, "application/json") == (answer.status_code, answer.headers["content-type"])
    assert {"plainToken": "q9ibPhGeRZ6ayx5WTrXjRw", "encryptedToken": proof} == answer.json()


@pytest.mark.parametrize("plain", ["v0:1772438400:{}", "a" * 257, "", "a b"])
async def test_a_challenge_that_could_be_misused_gets_no_proof(server: Server, plain: str) -> None:
    body = msgspec.json.encode({"event": "endpoint.url_validation", "payload": {"plainToken": plain}})

    answer = await sends(server, body)

    assert (400, b"") == (answer.status_code, answer.content)


async def test_a_body_that_is_too_large_is_not_even_checked(server: Server) -> None:
    assert 413 == (await sends(server, b" " * 65_537)).status_code
    assert 400 == (await sends(server, b" " * 65_536)).status_code


async def test_looking_changes_nothing(server: Server) -> None:
    async with server.client() as zoom:
        assert 405 == (await zoom.get(PATH)).status_code


async def test_the_log_tells_what_happened_and_no_secret(server: Server) -> None:
    await a_connected_host(server)
    check = msgspec.json.encode({"event": "endpoint.url_validation", "payload": {"plainToken": "plain-token"}})
    with capture_logs() as logs:
        await sends(server, removal(), secret="guessed")
        await sends(server, b"{}")
        await sends(server, check)
        await sends(server, removal())
        await sends(server, removal())

    assert [
        ("notification_refused", "the signature doesn’t match"),
        ("notification_not_understood", "It is not JSON with an “event”."),
        ("address_check_answered", None),
        ("app_removed", "cleared"),
        ("app_removed", "heard-before"),
    ] == [(each["event"], each.get("reason") or each.get("outcome")) for each in logs if each["event"] != "security"]
    assert sha256(removal()).hexdigest() == logs[0]["body_sha256"]
    told = repr(logs)
    for secret in (SECRET, "guessed", "plain-token", "v0=", ANNA.user_id, ANNA.account_id):
        assert secret not in told
