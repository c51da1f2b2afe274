"""A person can see and change everything by clicking, and sees no secret."""

import re

import httpx
import pytest

from adapters.sandbox.asgi import mounted
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.sandbox.zoom.switches import Failure
from tests.adapters.sandbox.zoom_app import CALLBACK, ZoomApp

PAGES = ("/", "/installed", "/switches", "/meetings", "/requests")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_says_that_it_is_not_zoom_and_runs_no_script(zoom: ZoomApp, path: str) -> None:
    page = await zoom.http.get(path)

    assert httpx.codes.OK == page.status_code
    assert "Sandbox Zoom – not the real Zoom" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_what_people_click_is_not_among_the_requests(zoom: ZoomApp) -> None:
    for path in (*PAGES, "/sandbox.css", "/control", "/favicon.ico"):
        assert (await zoom.http.get(path)).is_success

    assert [] == zoom.sandbox.requests


async def test_the_list_of_requests_masks_every_secret(zoom: ZoomApp) -> None:
    pair = await zoom.connects()
    await zoom.books(pair["access_token"])
    await zoom.refreshes(pair["refresh_token"])
    await zoom.http.get("/v2/users/me", params={"access_token": pair["access_token"]})

    shown = (await zoom.http.get("/requests")).text

    assert "POST /oauth/token" in shown
    assert "Intro call" in shown
    for secret in (*zoom.sandbox.secrets, zoom.sandbox.client_secret, "a-verifier-of-more"):
        assert secret not in shown


async def test_the_meetings_page_lists_what_was_made(zoom: ZoomApp) -> None:
    await zoom.books(zoom.sandbox.authorize(ANNA).access_token, topic="<b>Intro</b>")

    shown = (await zoom.http.get("/meetings")).text

    assert "&lt;b&gt;Intro&lt;/b&gt;" in shown
    assert zoom.sandbox.meetings[0].join_url in shown
    assert "zak=" not in shown


async def test_remove_on_installed_apps_ends_the_tokens(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)
    before = (await zoom.http.get("/installed")).text

    await zoom.http.post("/installed", data={"remove": ANNA.id})

    assert 'aria-label="Remove TimeTuna from Anna Höst"' in before
    assert "No app is installed" in (await zoom.http.get("/installed")).text
    assert not await zoom.is_known(pair.access_token)


async def test_failures_are_switched_on_and_put_right_on_their_page(zoom: ZoomApp) -> None:
    token = zoom.sandbox.authorize(ANNA).access_token
    form = {"failure": "server-error", "on": "", "times": "1", "always": "on", "seconds": ""}
    await zoom.http.post("/switches", data=form)
    failing = [(await zoom.books(token)).status_code for _ in range(2)]
    shown = (await zoom.http.get("/switches")).text

    await zoom.http.post("/switches", data={"works": "all"})

    assert [500, 500] == failing
    assert "until put right" in shown
    assert all(failure in shown for failure in Failure)
    assert httpx.codes.CREATED == (await zoom.books(token)).status_code


async def test_a_wrong_choice_of_failure_is_explained(zoom: ZoomApp) -> None:
    page = await zoom.http.post("/switches", data={"failure": "daily-limit", "on": "me", "times": "1"})

    assert httpx.codes.BAD_REQUEST == page.status_code
    assert "happen at me" in page.text


async def test_another_process_can_see_and_change_everything(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)
    body = {"fail": [{"failure": "qps-limit", "times": None}], "latency": 0.001, "grace": True}
    await zoom.http.post("/control", json=body)
    await zoom.books(pair.access_token)

    state = (await zoom.http.post("/control", json={"works": "all", "remove": ANNA.email})).json()

    assert [{"number": 1, "operation": "POST /v2/users/me/meetings", "failure": "qps-limit", "status": 429}] == state[
        "requests"
    ]
    assert ([], [], [], 0.001, True) == (
        state["switches"],
        state["installed"],
        state["meetings"],
        state["latency"],
        state["grace"],
    )
    assert pair.access_token not in str(state)


@pytest.mark.parametrize("body", [{"fail": [{"failure": "no-such"}]}, {"other": 1}, {"works": "x"}, {"remove": "x"}])
async def test_a_wrong_command_is_explained(zoom: ZoomApp, body: dict[str, object]) -> None:
    answer = await zoom.http.post("/control", json=body)

    assert httpx.codes.BAD_REQUEST == answer.status_code
    assert answer.json()["problem"]


@pytest.mark.parametrize("base_url", [None, "https://demo.example/sandbox/zoom"])
async def test_links_and_forms_stay_under_the_prefix(zoom: ZoomApp, base_url: str | None) -> None:
    with SandboxZoom(redirect_uris=[CALLBACK], base_url=base_url) as sandbox:
        app = mounted({"/sandbox/zoom": sandbox.app}, otherwise=zoom.sandbox.app)
        sandbox.authorize(ANNA)
        asks = {**zoom.asks(), "client_id": sandbox.client_id}
        async with (
            serving(app) as url,
            httpx.AsyncClient(base_url=f"{url}/sandbox/zoom", trust_env=False, verify=False) as http,
        ):
            pages = [await http.get(path) for path in ("", *PAGES)]
            pages.append(await http.get("/oauth/authorize", params=asks))
            moved = await http.post("/switches", data={"works": "all"})

    for page in pages:
        assert httpx.codes.OK == page.status_code
        for link in re.findall(r'(?:href|action)="([^"]+)"', page.text):
            assert link == "data:," or link.startswith("/sandbox/zoom/")
    assert "/sandbox/zoom/switches" == moved.headers["location"]
