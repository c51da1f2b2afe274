"""What scripts of other sites may do in a visitor's browser."""

import httpx
import pytest

from adapters.http.api.routes import PUBLIC
from tests.support.serving import API, Server, a_request, an_open_page, problem

ELSEWHERE = {"Origin": "https://elsewhere.example"}
SPANS = {"from": "2026-03-02", "to": "2026-03-05", "timezone": "UTC"}


def preflight(method: str, *headers: str) -> dict[str, str]:
    asked = {"Access-Control-Request-Method": method}
    return {**ELSEWHERE, **asked, **({"Access-Control-Request-Headers": ", ".join(headers)} if headers else {})}


def listed(answer: httpx.Response, header: str) -> set[str]:
    return {each.strip().lower() for each in answer.headers.get(header, "").split(",") if each}


def is_open(answer: httpx.Response) -> bool:
    assert "access-control-allow-credentials" not in answer.headers
    return ["*"] == answer.headers.get_list("access-control-allow-origin")


async def test_any_site_reads_times_and_books(server: Server) -> None:
    _, path = await an_open_page(server)
    client = server.client()

    asked = await client.options(f"{path}/bookings", headers=preflight("POST", "content-type", "idempotency-key"))
    booked = [
        await client.post(f"{path}/bookings", json=a_request(), headers={**ELSEWHERE, "Idempotency-Key": "one"})
        for _ in range(2)
    ]
    times = await client.get(f"{path}/slots", params=SPANS, headers=ELSEWHERE)

    assert (204, b"") == (asked.status_code, asked.content)
    assert {"get", "head", "post"} == listed(asked, "access-control-allow-methods")
    assert {"content-type", "idempotency-key"} <= listed(asked, "access-control-allow-headers")
    assert [201, 201, 200] == [each.status_code for each in (*booked, times)]
    assert all(map(is_open, (asked, *booked, times)))
    assert {"idempotent-replayed", "retry-after"} == listed(booked[1], "access-control-expose-headers")
    assert "true" == booked[1].headers["idempotent-replayed"]


async def test_refusals_can_be_read_too(server: Server) -> None:
    host, path = await an_open_page(server)
    client = server.client()

    refused = {
        "not-found": await client.get(f"{API}/public/{host.handle}/nothing", headers=ELSEWHERE),
        "invalid-input": await client.post(f"{path}/bookings", json={}, headers=ELSEWHERE),
        "unsupported-media-type": await client.post(f"{path}/bookings", content=b"a=b", headers=ELSEWHERE),
    }

    assert [*refused] == [problem(each) for each in refused.values()]
    assert all(map(is_open, refused.values()))


async def test_whoever_asks_too_often_reads_when_to_go_on(server: Server) -> None:
    _, path = await an_open_page(server)
    client = server.client()

    answers = [await client.post(f"{path}/bookings", json={}, headers=ELSEWHERE) for _ in range(61)]

    assert "too-many-requests" == problem(answers[-1])
    assert is_open(answers[-1])


async def test_every_public_call_answers_a_preflight(server: Server) -> None:
    for each in PUBLIC:
        [path] = each.paths
        asked = await server.client().options(f"{API}{path.replace(':str', '')}", headers=preflight("POST"))
        assert (204, True) == (asked.status_code, is_open(asked)), path


@pytest.mark.parametrize(
    "path", ["/", "/signin", "/api/openapi.json", "/api/v1/me", "/api/v1/bookings", "/api/v1/tokens", "/api/v1/public"]
)
async def test_nothing_else_is_open_to_other_sites(server: Server, path: str) -> None:
    client = await server.host_client(await server.memory.host())

    for answer in (
        await client.get(path, headers=ELSEWHERE),
        await client.options(path, headers=preflight("GET", "authorization")),
    ):
        assert [] == [each for each in answer.headers if each.startswith("access-control-")]
