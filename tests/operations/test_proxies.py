"""TimeTuna behind Debian's nginx and Caddy, as the files in `deploy/` set them up."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from adapters.sandbox.zoom.deauthorization import signed
from domain.picture import LARGEST_PICTURE
from tests.operations.proxies import BEFORE, Proxy
from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, token_of
from tests.support.processes import PATIENCE, Running
from tests.support.serving import Server

pytestmark = pytest.mark.redis

SOMEBODY = "127.0.0.2"
"""Where a client comes from; the proxy comes from 127.0.0.1."""

SECRET = "kept-by-whoever-has-it"
SECRET_PARAMETERS = r"\{(token|proof|link):\w+\}"
"""Those of paths; `link_id` and `token_id` let nobody do anything."""


@pytest.fixture(params=[pytest.param(name, marks=getattr(pytest.mark, name)) for name in BEFORE])
async def proxy(request: pytest.FixtureRequest, deployment: Deployment, tmp_path: Path) -> AsyncGenerator[Proxy]:
    deployment.environ["TIMETUNA_TRUSTED_PROXIES"] = "127.0.0.1"
    deployment.environ["TIMETUNA_RATE_LIMIT"] = "on"
    async with BEFORE[request.param](tmp_path, await deployment.web()) as proxy:
        yield proxy


@pytest.fixture
async def guest(proxy: Proxy) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(verify=proxy.trusting, local_address=SOMEBODY)
    async with httpx.AsyncClient(base_url=proxy.url, transport=transport, timeout=PATIENCE) as client:
        yield client


async def test_all_that_people_and_providers_send_and_get_passes(
    deployment: Deployment, proxy: Proxy, guest: httpx.AsyncClient
) -> None:
    """One story, since each deployment takes seconds to start."""
    [web] = deployment.webs
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(guest, embedding=["https://blog.example"])

    await _a_guest_sees_the_link_as_soon_as_it_is_there(deployment, guest, path)
    await _the_address_is_the_guests_own_whatever_they_write(deployment, web, guest)
    await _pictures_pass_and_larger_things_do_not(host.headers, guest)
    await _zoom_is_answered(deployment, guest)
    await _only_the_allowed_site_may_frame_it(web, guest)
    await asyncio.to_thread(_http_2_is_spoken, proxy)
    await _plain_http_leads_to_https(proxy)
    await _no_secret_and_no_query_is_logged(deployment.webs[web], proxy, guest)


async def _a_guest_sees_the_link_as_soon_as_it_is_there(
    deployment: Deployment, guest: httpx.AsyncClient, path: str
) -> None:
    [start] = await free_times(guest, path, 1)
    booking = await books(guest, path, start)
    live = f"/b/{token_of(booking)}/live"
    [seen] = [part.partition('"')[0] for part in (await guest.get(live)).text.split("seen=")[1:]][:1]
    waiting = asyncio.create_task(_told(guest, live, seen))

    await deployment.workers()

    async with asyncio.timeout(PATIENCE):
        assert "Join Zoom meeting" in await waiting


async def _told(guest: httpx.AsyncClient, live: str, seen: str) -> str:
    """What an open page is told, which asks again after each answer without news."""
    while not (answer := await guest.get(live, params={"seen": seen})).text:
        assert 204 == answer.status_code
    return answer.text


async def _the_address_is_the_guests_own_whatever_they_write(
    deployment: Deployment, web: str, guest: httpx.AsyncClient
) -> None:
    wrong = {"email": "anna@hosts.example", "password": "not hers at all"}
    forged = {"x-forwarded-for": "203.0.113.9"}
    await guest.get("/signin", headers=forged)

    await guest.post("/signin", data=wrong, headers=forged)

    lines = deployment.webs[web].says().splitlines()
    events = [json.loads(line) for line in lines if '"security"' in line]
    assert [SOMEBODY] == [each["network"] for each in events if each["what"] == "failure"]


async def _pictures_pass_and_larger_things_do_not(headers: dict[str, str], guest: httpx.AsyncClient) -> None:
    path = "/api/v1/me/pictures/photo"
    # As long as the largest picture in Base64, and none.
    passed = await guest.put(path, headers=headers, json={"picture": "A" * LARGEST_PICTURE})
    try:
        refused = (await guest.put(path, headers=headers, content=b"x" * (2 * LARGEST_PICTURE + 1))).status_code
    except httpx.TransportError:
        # Answered, and cut off while the rest was being sent.
        refused = 413

    assert (400, "application/problem+json") == (passed.status_code, passed.headers["content-type"])
    assert 413 == refused


async def _zoom_is_answered(deployment: Deployment, guest: httpx.AsyncClient) -> None:
    body = b'{"event":"endpoint.url_validation","payload":{"plainToken":"prove-it"}}'
    headers = signed(body, deployment.sandbox.secret_token, datetime.now(UTC))

    answer = await guest.post("/integrations/zoom/deauthorized", content=body, headers=headers)

    assert (200, "prove-it") == (answer.status_code, answer.json()["plainToken"])


async def _only_the_allowed_site_may_frame_it(web: str, guest: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(base_url=web) as without_proxy:
        for path in ("/embed/anna/intro", "/anna/intro", "/embed/v1.js"):
            behind, directly = await guest.get(path), await without_proxy.get(path)
            for name in ("content-security-policy", "x-frame-options", "cache-control", "content-type"):
                assert directly.headers.get(name) == behind.headers.get(name)
    framed = await guest.get("/embed/anna/intro")
    assert "frame-ancestors https://blog.example" in framed.headers["content-security-policy"]


def _http_2_is_spoken(proxy: Proxy) -> None:
    proxy.trusting.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.port)) as connection,
        proxy.trusting.wrap_socket(connection, server_hostname="127.0.0.1") as wrapped,
    ):
        assert "h2" == wrapped.selected_alpn_protocol()


async def _plain_http_leads_to_https(proxy: Proxy) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{proxy.plain_port}/anna?a=b")

    assert 308 == answer.status_code
    assert answer.headers["location"].startswith("https://127.0.0.1")
    assert answer.headers["location"].endswith("/anna?a=b")


async def _no_secret_and_no_query_is_logged(web: Running, proxy: Proxy, guest: httpx.AsyncClient) -> None:
    paths = [route.path for route in Server().litestar.routes if re.search(SECRET_PARAMETERS, route.path)]
    headers = {"referer": f"{proxy.url}/b/{SECRET}"}
    name = {"name": SECRET}
    assert paths
    for path in paths:
        await guest.get(re.sub(SECRET_PARAMETERS, SECRET, path), params=name, headers=headers)
    await guest.get("/anna/seen", params=name, headers=headers)
    await guest.get(f"/anna/seen?name={SECRET}&utm_source=shop/b/1", headers=headers)
    for path in (f"/%62/{SECRET}", f"/%62/{SECRET}/b/1", f"/b%2F{SECRET}"):
        await guest.get(path, headers=headers)
    async with httpx.AsyncClient() as client:
        await client.get(f"http://127.0.0.1:{proxy.plain_port}/b/{SECRET}", params=name, headers=headers)
    await web.kill()
    missed = (f"/b/{SECRET}", "/anna/missed")
    await asyncio.gather(*(guest.get(each, params=name, headers=headers) for each in missed))

    async with asyncio.timeout(PATIENCE):
        while "/anna/missed" not in (logged := "".join(each.read_text("utf-8") for each in proxy.logs)):
            await asyncio.sleep(0.05)
    assert SECRET not in logged
    assert {"/anna/seen", "/b/*", "/leave/*", "/public/bookings/*"} <= set(
        re.findall(r"/anna/seen|/[a-z/]+/\*", logged)
    )
