"""What every answer carries."""

import pytest
from litestar import Response, get

from tests.support.serving import Server


@get("/b/{token:str}/probe")
async def guests_page() -> str:
    return "Yours"


@get("/kept")
async def kept() -> Response[str]:
    return Response("Kept", headers={"Cache-Control": "private, no-cache"})


@get("/broken")
async def broken() -> None:
    raise RuntimeError


MORE = (guests_page, kept, broken)


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/docs", "/api/v1/me", "/api/nothing", "/nothing/at/all/here/x", "/b/t/probe", "/broken"]
)
async def test_every_answer_tells_the_browser_to_keep_to_what_we_mean(path: str) -> None:
    headers = (await Server(more=MORE).client().get(path)).headers

    policy = dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))
    assert "'none'" == policy["default-src"]
    assert "'none'" == policy["base-uri"]
    assert "'none'" == policy["frame-ancestors"]
    for what in ("style-src", "script-src", "font-src", "connect-src", "form-action"):
        assert "'self'" == policy[what]
    assert "nosniff" == headers["x-content-type-options"]
    assert "same-origin" == headers["cross-origin-opener-policy"]
    assert "camera=()" in headers["permissions-policy"]
    assert "no-store" == headers["cache-control"]
    assert "strict-transport-security" not in headers


async def test_forms_may_lead_on_to_a_provider() -> None:
    server = Server(provider_origins=("https://zoom.us", "https://accounts.google.com"))

    policy = (await server.client().get("/healthz")).headers["content-security-policy"]

    assert "form-action 'self' https://zoom.us https://accounts.google.com;" in policy


async def test_a_guests_address_is_told_to_nobody() -> None:
    client = Server(more=MORE).client()

    assert "strict-origin" == (await client.get("/b/t/probe")).headers["referrer-policy"]
    assert "same-origin" == (await client.get("/healthz")).headers["referrer-policy"]


async def test_over_https_the_browser_is_told_to_stay_there() -> None:
    headers = (await Server(public_url="https://timetuna.example").client().get("/healthz")).headers

    assert headers["strict-transport-security"].startswith("max-age=")


async def test_what_a_handler_says_about_caching_stays() -> None:
    headers = (await Server(more=MORE).client().get("/kept")).headers

    assert ["private, no-cache"] == headers.get_list("cache-control")
