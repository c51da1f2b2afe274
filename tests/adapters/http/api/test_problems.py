"""Every error, under /api and in the browser."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from litestar import Request, get, post
from structlog.testing import capture_logs

from adapters.http.problems import STATUS
from adapters.presentation.sentences.problems import problem_title
from application.ports.conflicts import Busy
from domain.errors import NotFound
from tests.support.serving import PUBLIC_URL, Server, problem


@get("/api/broken/{token:str}")
async def broken_call() -> None:
    raise RuntimeError("the secret is opal")


@get("/broken/{token:str}")
async def broken_page() -> None:
    raise RuntimeError("the secret is opal")


@get("/api/busy")
async def busy_call() -> None:
    raise Busy


@get("/busy")
async def busy_page() -> None:
    raise Busy


@get("/gone")
async def gone_page() -> None:
    raise NotFound("provider")


@post("/api/anything")
async def anything(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


async def test_an_unknown_path_under_api_is_a_problem(server: Server) -> None:
    client = server.client()

    for path in ("/api", "/api/", "/api/v1", "/api/v2/me", "/api/v1/nothing", "/api/v1/public/a/b/c/d/e", "/api/%00"):
        answer = await client.get(path)
        assert 404 == answer.status_code
        assert "not-found" == problem(answer)


async def test_an_unknown_path_anywhere_else_is_a_page(server: Server) -> None:
    for path in ("/a/b/c/d/e/f", "/%00/%ff", "/apiary/of/bees/and/more"):
        answer = await server.client().get(path)
        assert 404 == answer.status_code
        assert answer.headers["content-type"].startswith("text/html")


async def test_a_refusal_anywhere_else_is_a_page_with_its_words() -> None:
    answer = await Server(more=(gone_page,)).client().get("/gone")

    assert 404 == answer.status_code
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no such provider." in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_a_wrong_method_is_named_with_the_right_ones(server: Server, method: str) -> None:
    answer = await server.client().request(method, "/api/v1/public/someone/page")

    assert 405 == answer.status_code
    assert "method-not-allowed" == problem(answer)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/api/broken/s3cret", "/broken/s3cret"])
async def test_a_failure_tells_nobody_what_went_wrong_but_the_log(path: str) -> None:
    client = Server(more=(broken_call, broken_page)).client()

    with capture_logs() as logs:
        answer = await client.get(path)

    assert 500 == answer.status_code
    assert "opal" not in answer.text
    assert "RuntimeError" not in answer.text
    if path.startswith("/api"):
        assert "internal-error" == problem(answer)
    (entry,) = logs
    assert "error" == entry["log_level"]
    assert "s3cret" not in str(entry)
    assert isinstance(entry["exc_info"], RuntimeError)


@pytest.mark.parametrize("path", ["/api/busy", "/busy"])
async def test_what_somebody_else_works_on_for_too_long_can_be_tried_again_soon(path: str) -> None:
    with capture_logs() as logs:
        answer = await Server(more=(busy_call, busy_page)).client().get(path)

    assert 503 == answer.status_code
    assert 1 <= int(answer.headers["retry-after"])
    if path.startswith("/api"):
        assert "overloaded" == problem(answer)
    assert [] == logs


class ServerGone(ConnectionError):
    """As a database's client says it."""


@get(["/api/gone", "/gone"], sync_to_thread=False)
def gone() -> None:
    raise ServerGone("postgresql://timetuna:s3cret@db")


@pytest.mark.parametrize("path", ["/api/gone", "/gone"])
async def test_a_storage_that_is_away_is_named_without_a_traceback_and_the_request_can_be_sent_again(path: str) -> None:
    with capture_logs() as logs:
        answer = await Server(more=(gone,)).client().get(path)

    assert 503 == answer.status_code
    assert 1 <= int(answer.headers["retry-after"])
    if path.startswith("/api"):
        assert "unavailable" == problem(answer)
    assert [("storage away", "ServerGone")] == [(each["event"], each["kind"]) for each in logs]
    assert "s3cret" not in str(logs)


async def test_a_body_that_turns_out_too_large_on_the_way_is_refused() -> None:
    async def many() -> AsyncGenerator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    answer = await Server(more=(anything,)).client().post("/api/anything", content=many())

    assert "too-large" == problem(answer)


@pytest.mark.parametrize("name", STATUS)
async def test_every_problem_type_leads_to_a_page_that_explains_it(server: Server, name: str) -> None:
    answer = await server.client().get(f"{PUBLIC_URL}/problems/{name}")

    assert 200 == answer.status_code
    assert answer.headers["content-type"].startswith("text/html")
    assert problem_title(name) in answer.text


async def test_a_problem_that_nobody_has_is_not_found(server: Server) -> None:
    assert 404 == (await server.client().get("/problems/nonsense")).status_code


async def test_a_caller_who_hangs_up_is_no_error_of_ours(server: Server) -> None:
    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/public/a/b/c/bookings",
        "raw_path": b"/api/v1/public/a/b/c/bookings",
        "query_string": b"",
        "headers": [(b"host", b"timetuna.example"), (b"content-type", b"application/json")],
        "client": ("203.0.113.7", 1),
        "scheme": "http",
        "server": ("timetuna.example", 80),
    }
    litestar: Any = server.litestar

    with capture_logs() as logs:
        await litestar(scope, receive, send)

    assert [] == logs
