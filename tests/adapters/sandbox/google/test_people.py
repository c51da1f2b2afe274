"""A person can see and change everything by clicking, and sees no secret."""

import re

import httpx
import pytest

from adapters.sandbox.asgi import mounted
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.switches import Failure
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.google.google_app import CALLBACK, GoogleApp

PAGES = ("/", "/connections", "/switches", "/spaces", "/requests")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_says_that_it_is_not_google_and_runs_no_script(google: GoogleApp, path: str) -> None:
    page = await google.http.get(path)

    assert httpx.codes.OK == page.status_code
    assert "Sandbox Google – not the real Google" in page.text
    assert "Zoom" not in page.text
    assert "<script" not in page.text


async def test_the_list_of_requests_masks_every_secret(google: GoogleApp) -> None:
    tokens = await google.connects()
    await google.books(tokens["access_token"])
    await google.refreshes(tokens["refresh_token"])
    await google.revokes(tokens["refresh_token"])

    shown = (await google.http.get("/requests")).text

    assert "POST /v2/spaces" in shown
    assert "accessType" in shown
    for secret in (*google.sandbox.secrets, google.sandbox.client_secret, "a-verifier-of-more"):
        assert secret not in shown


async def test_the_spaces_page_lists_what_was_made(google: GoogleApp) -> None:
    await google.books(google.sandbox.authorize(GINA).access_token)

    shown = (await google.http.get("/spaces")).text

    assert google.sandbox.spaces[0].meeting_uri in shown
    assert "anyone with the link" in shown


async def test_deleting_all_connections_ends_every_token_of_that_account(google: GoogleApp) -> None:
    tokens = [google.sandbox.authorize(GINA) for _ in range(2)]
    before = (await google.http.get("/connections")).text

    await google.http.post("/connections", data={"remove": GINA.id})

    assert 'aria-label="Delete all connections of TimeTuna with Gina Höst"' in before
    assert "No app is connected" in (await google.http.get("/connections")).text
    assert [400, 400] == [(await google.refreshes(token.refresh_token or "")).status_code for token in tokens]


async def test_failures_are_switched_on_and_put_right_on_their_page(google: GoogleApp) -> None:
    token = google.sandbox.authorize(GINA).access_token
    form = {"failure": "server-error", "on": "", "times": "1", "always": "on", "seconds": ""}
    await google.http.post("/switches", data=form)
    failing = [(await google.books(token)).status_code for _ in range(2)]
    shown = (await google.http.get("/switches")).text

    await google.http.post("/switches", data={"works": "all"})

    assert [500, 500] == failing
    assert all(failure in shown for failure in Failure)
    assert httpx.codes.OK == (await google.books(token)).status_code


async def test_another_process_can_see_and_change_everything(google: GoogleApp) -> None:
    tokens = google.sandbox.authorize(GINA)
    body = {"fail": [{"failure": "resource-exhausted", "times": None}], "latency": 0.001, "testing": True}
    await google.http.post("/control", json=body)
    await google.books(tokens.access_token)

    state = (await google.http.post("/control", json={"works": "all", "remove": GINA.email})).json()

    assert [{"number": 1, "operation": "POST /v2/spaces", "failure": "resource-exhausted", "status": 429}] == state[
        "requests"
    ]
    assert ([], [], [], 0.001, True) == (
        state["switches"],
        state["connected"],
        state["spaces"],
        state["latency"],
        state["testing"],
    )
    assert tokens.access_token not in str(state)


@pytest.mark.parametrize("body", [{"fail": [{"failure": "no-such"}]}, {"other": 1}, {"works": "x"}, {"remove": "x"}])
async def test_a_wrong_command_is_explained(google: GoogleApp, body: dict[str, object]) -> None:
    answer = await google.http.post("/control", json=body)

    assert httpx.codes.BAD_REQUEST == answer.status_code
    assert answer.json()["problem"]


@pytest.mark.parametrize("base_url", [None, "https://demo.example/sandbox/google"])
async def test_links_and_forms_stay_under_the_prefix(google: GoogleApp, base_url: str | None) -> None:
    with SandboxGoogle(redirect_uris=[CALLBACK], base_url=base_url) as sandbox:
        app = mounted({"/sandbox/google": sandbox.app}, otherwise=google.sandbox.app)
        sandbox.authorize(GINA)
        asks = google.asks(client_id=sandbox.client_id)
        async with (
            serving(app) as url,
            httpx.AsyncClient(base_url=f"{url}/sandbox/google", trust_env=False, verify=False) as http,
        ):
            pages = [await http.get(path) for path in ("", *PAGES)]
            pages.append(await http.get("/o/oauth2/v2/auth", params=asks))

    for page in pages:
        assert httpx.codes.OK == page.status_code
        for link in re.findall(r'(?:href|action)="([^"]+)"', page.text):
            assert link == "data:," or link.startswith("/sandbox/google/")
