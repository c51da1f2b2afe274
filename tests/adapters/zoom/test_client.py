"""Zoom's client against the sandbox over real HTTP, in what only Zoom does."""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from structlog.testing import capture_logs

from adapters.sandbox.asgi import AsgiApp, Reply, Request, json
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA, BEN, CARLA, DORA
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from adapters.zoom.client import SCOPES, ZoomClient
from adapters.zoom.settings import ZoomSettings
from application.ports.oauth import Grant
from application.ports.provider import (
    NotConnected,
    NotPermitted,
    TryLater,
)
from domain.connection import ProviderAccount
from domain.provider_problem import DailyLimitReached, TimedOut, Unreachable
from tests.support.consent import consent
from tests.support.failing_transports import failed
from tests.support.processes import PATIENCE
from tests.support.stand_in import stand_in
from tests.support.zoom_connected import CHALLENGE, NOW, REDIRECT_URI, REQUEST, VERIFIER, Connected, connected

A_GRANT = Grant("access-secret", "refresh-secret", NOW, SCOPES)


@pytest.fixture
async def app() -> AsyncGenerator[Connected]:
    async with connected() as app:
        yield app


def a_client(url: str, total: timedelta = timedelta(seconds=10)) -> ZoomClient:
    return ZoomClient(ZoomSettings("id", "secret-of-ours", REDIRECT_URI, url, url), lambda: NOW, total=total)


async def test_the_way_to_zoom_asks_with_pkce_and_names_no_scope(app: Connected) -> None:
    there = urlsplit(app.client.authorize_url("state-1", CHALLENGE))

    assert "/oauth/authorize" == there.path
    assert {
        "response_type": "code",
        "client_id": app.sandbox.client_id,
        "redirect_uri": REDIRECT_URI,
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } == dict(parse_qsl(there.query))


async def test_a_code_is_traded_with_basic_auth_and_a_form(app: Connected) -> None:
    code = await consent(app.client.authorize_url("state-1", CHALLENGE), ANNA, SCOPES)
    await app.client.exchange(code, VERIFIER)

    [seen] = app.sandbox.arrived(ZoomEndpoint.CODE)
    assert {} == seen.query
    assert seen.headers["authorization"].startswith("Basic ")
    assert {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    } == seen.form()


async def test_a_meeting_is_a_meeting_of_its_own_and_no_personal_room(app: Connected) -> None:
    meeting = await app.client.create(app.grant(DORA), REQUEST)

    [made] = app.sandbox.meetings
    assert not made.uses_pmi
    assert (made.join_url, str(made.id), made.body["password"]) == (
        meeting.join_url,
        meeting.meeting_id,
        meeting.passcode,
    )


async def test_the_account_is_read_without_a_trace_of_the_rest(app: Connected) -> None:
    assert ProviderAccount(BEN.id, BEN.account_id, BEN.email, "Ben Basic") == await app.client.account(app.grant(BEN))


async def test_a_user_without_meetings_is_found_out_while_connecting(app: Connected) -> None:
    with pytest.raises(NotPermitted, match="MeetingsNotAllowed"):
        await app.client.account(app.grant(CARLA))


async def test_only_two_operations_and_oauth_ever_leave(app: Connected) -> None:
    code = await consent(app.client.authorize_url("state-1", CHALLENGE), ANNA, SCOPES)
    grant = await app.client.refresh(await app.client.exchange(code, VERIFIER))
    await app.client.account(grant)
    await app.client.create(grant, REQUEST)
    await app.client.revoke(grant)

    assert [
        "GET /oauth/authorize",
        "POST /oauth/authorize",
        "POST /oauth/token",
        "POST /oauth/token",
        "GET /v2/users/me",
        "POST /v2/users/me/meetings",
        "POST /oauth/revoke",
    ] == [seen.operation for seen in app.sandbox.requests]
    assert {} == {key: value for seen in app.sandbox.requests[2:] for key, value in seen.query.items()}


async def test_one_connection_serves_one_request_after_the_other(
    app: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    grant = app.grant()
    with caplog.at_level(logging.DEBUG, "httpcore"):
        for _ in range(3):
            await app.client.create(grant, REQUEST)

    assert 1 == len([record for record in caplog.records if "connect_tcp.started" in record.getMessage()])


async def test_too_few_scopes_show_in_the_grant(app: Connected) -> None:
    app.sandbox.fail(ZoomFailure.TOO_FEW_SCOPES)
    code = await consent(app.client.authorize_url("state-1", CHALLENGE), ANNA, SCOPES)

    assert frozenset({"user:read:user"}) == (await app.client.exchange(code, VERIFIER)).scopes


@pytest.mark.parametrize("failure", [ZoomFailure.DROP_AFTER, ZoomFailure.OK_XML])
async def test_a_failed_reading_leaves_nothing_behind(app: Connected, failure: ZoomFailure) -> None:
    app.sandbox.fail(failure, on=ZoomEndpoint.ME)

    error = await failed(app.client.account(app.grant()))

    assert (TryLater, False) == (type(error), error.left_behind)


async def test_a_revoke_that_fails_says_so(app: Connected) -> None:
    app.sandbox.fail(ZoomFailure.DROP_BEFORE, on=ZoomEndpoint.REVOKE)

    assert isinstance(await failed(app.client.revoke(app.grant())), TryLater)


async def test_an_expired_access_token_cannot_be_revoked(app: Connected) -> None:
    grant = app.grant()
    app.sandbox.grants.expire_access_tokens()

    assert isinstance(await failed(app.client.revoke(grant)), NotConnected)


async def test_the_hundred_and_first_meeting_of_a_day_waits_for_midnight(app: Connected) -> None:
    app.sandbox.fail(ZoomFailure.DAILY_LIMIT)

    error = await failed(app.client.create(app.grant(), REQUEST))

    assert isinstance(error, TryLater)
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert (DailyLimitReached("zoom", midnight), midnight) == (error.problem, error.at)


async def test_an_answer_that_trickles_in_is_cut_off_in_time() -> None:
    trickling = Trickling()
    server = await asyncio.get_running_loop().create_server(lambda: trickling, "127.0.0.1", 0)
    async with server:
        client = a_client(address_of(server.sockets[0]), total=timedelta(seconds=0.5))
        error = await failed(client.create(A_GRANT, REQUEST))
        await client.aclose()
        async with asyncio.timeout(PATIENCE):
            await trickling.cut_off.wait()

    assert (TimedOut("zoom"), True) == (error.problem, error.left_behind)


async def test_a_refused_connection_has_surely_left_nothing_behind() -> None:
    with socket.socket() as bound_but_not_listening:
        bound_but_not_listening.bind(("127.0.0.1", 0))
        client = a_client(address_of(bound_but_not_listening))
        error = await failed(client.create(A_GRANT, REQUEST))
        await client.aclose()

    assert (TryLater, Unreachable("zoom"), False) == (type(error), error.problem, error.left_behind)


async def test_a_handshake_that_never_ends_has_surely_left_nothing_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = a_client(address_of(silent, scheme="https"), total=timedelta(seconds=0.2))
        error = await failed(client.create(A_GRANT, REQUEST))
        await client.aclose()

    assert (TryLater, TimedOut("zoom"), False) == (type(error), error.problem, error.left_behind)


async def test_a_cookie_of_one_host_never_goes_out_for_another() -> None:
    cookies: list[str | None] = []

    async def with_cookie(request: Request) -> Reply:
        cookies.append(request.headers.get("cookie"))
        return Reply(404, b"", (("set-cookie", "_zm_ssid=of-the-first-host; Path=/"),))

    async with serving(stand_in(with_cookie)) as url:
        client = a_client(url)
        await failed(client.account(A_GRANT))
        await failed(client.account(A_GRANT))
        await client.aclose()

    assert [None, None] == cookies


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 1, "join_url": "https://evil.example/j/1"},
        {"id": 1, "join_url": "http://zoom.us/j/1"},
        {"id": None, "join_url": "https://zoom.us/j/1"},
        {"join_url": "https://zoom.us/j/1"},
        {"code": 200, "message": "An error, for all that it says 201"},
    ],
)
async def test_a_success_that_is_none_gives_no_link_and_may_have_left_a_meeting_behind(answer: object) -> None:
    async with serving(always(json(answer, 201))) as url:
        client = a_client(url)
        error = await failed(client.create(A_GRANT, REQUEST))
        await client.aclose()

    assert (TryLater, True) == (type(error), error.left_behind)


async def test_a_refresh_that_names_no_scopes_keeps_those_there_were() -> None:
    tokens = {"access_token": "a", "refresh_token": "r", "expires_in": "3600"}
    async with serving(always(json(tokens))) as url:
        client = a_client(url)
        grant = await client.refresh(A_GRANT)
        await client.aclose()

    assert ("a", "r", NOW + timedelta(hours=1), SCOPES) == (
        grant.access_token,
        grant.refresh_token,
        grant.expires_at,
        grant.scopes,
    )


async def test_a_refresh_without_a_new_refresh_token_may_have_ended_the_old_one() -> None:
    async with serving(always(json({"access_token": "a", "expires_in": 3600}))) as url:
        client = a_client(url)
        error = await failed(client.refresh(A_GRANT))
        await client.aclose()

    assert (TryLater, True) == (type(error), error.left_behind)


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ({"display_name": "Anna 🐟 Höst", "first_name": "A"}, "Anna 🐟 Höst"),
        ({"first_name": "Anna", "last_name": "Höst"}, "Anna Höst"),
        ({"display_name": "", "first_name": "Anna", "last_name": None}, "Anna"),
        ({"display_name": "Anna\u202e\r\nHöst"}, "Anna Höst"),
        ({}, "anna@zoom.example"),
    ],
)
async def test_an_account_always_has_a_name_to_show(profile: dict[str, object], name: str) -> None:
    known = {"id": "_rvy", "account_id": "DaVH", "email": "anna@zoom.example", **profile}
    async with serving(always(json(known))) as url:
        client = a_client(url)
        account = await client.account(A_GRANT)
        await client.aclose()

    assert ProviderAccount("_rvy", "DaVH", "anna@zoom.example", name) == account


async def test_a_failure_is_logged_with_zooms_tracking_id_and_nothing_of_the_answer(app: Connected) -> None:
    app.sandbox.fail(ZoomFailure.MAY_NOT_SCHEDULE)
    with capture_logs() as logs:
        await failed(app.client.create(app.grant(), REQUEST))

    [entry] = logs
    tracking_id = entry.pop("tracking_id")
    assert {
        "event": "zoom_call_failed",
        "log_level": "warning",
        "operation": "create",
        "outcome": "NotPermitted",
        "left_behind": False,
        "status": 400,
        "code": 3161,
    } == entry
    assert tracking_id.startswith("v=2.0;clid=us05;rid=WEB_")


async def test_our_own_fault_is_logged_as_an_error(app: Connected) -> None:
    app.sandbox.fail(ZoomFailure.INVALID_CLIENT)
    with capture_logs() as logs:
        await failed(app.client.refresh(app.grant()))

    assert [("error", "invalid_client")] == [(entry["log_level"], entry["code"]) for entry in logs]


class Trickling(asyncio.Protocol):
    """A server whose answer comes byte by byte, so that no single read ever waits long."""

    def __init__(self) -> None:
        self.cut_off = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"HTTP/1.1 201 Created\r\ncontent-length: 100000\r\n\r\n")
        self._drip()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        self.cut_off.set()

    def _drip(self) -> None:
        if self._transport is not None:
            self._transport.write(b" ")
            asyncio.get_running_loop().call_later(0.02, self._drip)


def always(answer: Reply) -> AsgiApp:
    async def handle(request: Request) -> Reply:
        del request
        return answer

    return stand_in(handle)


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """The records of the client and of what it stands on; the sandbox is in this process, too."""
    return [
        record
        for record in caplog.records
        if record.name.startswith(("adapters.zoom", "adapters.http_client", "httpx", "httpcore"))
    ]


def address_of(listener: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
