"""A person can see and change everything by clicking, and sees no secret."""

import re

import httpx
import pytest

from adapters.sandbox.asgi import mounted
from adapters.sandbox.microsoft.accounts import MIA, NED
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.switches import Failure
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.microsoft.microsoft_app import AUTHORIZE, CALLBACK, MicrosoftApp
from tests.adapters.sandbox.zoom_app import returned

PAGES = ("/", "/connections", "/switches", "/meetings", "/requests")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_says_that_it_is_not_microsoft_and_runs_no_script(microsoft: MicrosoftApp, path: str) -> None:
    page = await microsoft.http.get(path)

    assert httpx.codes.OK == page.status_code
    assert "Sandbox Microsoft – not the real Microsoft" in page.text
    assert not any(other in page.text for other in ("Zoom", "Google"))
    assert "<script" not in page.text


async def test_the_list_of_requests_masks_every_secret(microsoft: MicrosoftApp) -> None:
    tokens = await microsoft.connects()
    await microsoft.books(tokens["access_token"])
    await microsoft.refreshes(tokens["refresh_token"])

    shown = (await microsoft.http.get("/requests")).text

    assert "POST /v1.0/me/onlineMeetings/createOrGet" in shown
    assert "externalId" in shown
    for secret in (*microsoft.sandbox.secrets, microsoft.sandbox.client_secret, "a-verifier-of-more"):
        assert secret not in shown


async def test_the_meetings_page_lists_what_was_made(microsoft: MicrosoftApp) -> None:
    await microsoft.books(microsoft.sandbox.authorize(MIA).access_token)

    shown = (await microsoft.http.get("/meetings")).text

    assert all(words in shown for words in ("Intro call", "booking-000001", MIA.email, "2026-12-01 14:00"))


async def test_removing_the_app_ends_every_token_of_that_account(microsoft: MicrosoftApp) -> None:
    tokens = [microsoft.sandbox.authorize(MIA) for _ in range(2)]
    before = (await microsoft.http.get("/connections")).text

    await microsoft.http.post("/connections", data={"remove": MIA.id})

    assert 'aria-label="Remove TimeTuna from Mia Höst"' in before
    assert "No app is connected" in (await microsoft.http.get("/connections")).text
    assert [400, 400] == [(await microsoft.refreshes(token.refresh_token)).status_code for token in tokens]


async def test_an_administrator_approves_the_app_by_a_click(microsoft: MicrosoftApp) -> None:
    await microsoft.http.post("/connections", data={"approve": NED.tenant})
    approved = returned(await microsoft.decides(account=NED))
    shown = (await microsoft.http.get("/connections")).text
    await microsoft.http.post("/connections", data={"withdraw": NED.tenant})

    assert "code" in approved
    assert "Withdraw the approval of TimeTuna for guarded.example" in shown
    assert "Need admin approval" in (await microsoft.decides(account=NED)).text


async def test_failures_are_switched_on_and_put_right_on_their_page(microsoft: MicrosoftApp) -> None:
    token = microsoft.sandbox.authorize(MIA).access_token
    form = {"failure": "server-error", "on": "", "times": "1", "always": "on", "seconds": ""}
    await microsoft.http.post("/switches", data=form)
    failing = [(await microsoft.books(token)).status_code for _ in range(2)]
    shown = (await microsoft.http.get("/switches")).text

    await microsoft.http.post("/switches", data={"works": "all"})

    assert [500, 500] == failing
    assert all(failure in shown for failure in Failure)
    assert httpx.codes.CREATED == (await microsoft.books(token)).status_code


async def test_another_process_can_see_and_change_everything(microsoft: MicrosoftApp) -> None:
    tokens = microsoft.sandbox.authorize(MIA)
    body = {"fail": [{"failure": "too-many-requests", "times": None}], "latency": 0.001, "approve": NED.tenant}
    await microsoft.http.post("/control", json=body)
    await microsoft.books(tokens.access_token)

    state = (await microsoft.http.post("/control", json={"works": "all", "remove": MIA.email})).json()

    [request] = state["requests"]
    assert ("POST /v1.0/me/onlineMeetings/createOrGet", "too-many-requests", 429) == (
        request["operation"],
        request["failure"],
        request["status"],
    )
    assert ([], [], [], 0.001, [NED.tenant]) == (
        state["switches"],
        state["connected"],
        state["meetings"],
        state["latency"],
        state["approved"],
    )
    assert tokens.access_token not in str(state)


async def test_access_tokens_run_out_on_command(microsoft: MicrosoftApp) -> None:
    token = microsoft.sandbox.authorize(MIA).access_token

    await microsoft.http.post("/control", json={"expire_access_tokens": True})

    assert httpx.codes.UNAUTHORIZED == (await microsoft.books(token)).status_code


@pytest.mark.parametrize(
    "body",
    [{"fail": [{"failure": "no-such"}]}, {"other": 1}, {"works": "x"}, {"remove": "x"}, {"approve": "contoso.example"}],
)
async def test_a_wrong_command_is_explained(microsoft: MicrosoftApp, body: dict[str, object]) -> None:
    answer = await microsoft.http.post("/control", json=body)

    assert httpx.codes.BAD_REQUEST == answer.status_code
    assert answer.json()["problem"]


@pytest.mark.parametrize("base_url", [None, "https://demo.example/sandbox/microsoft"])
async def test_links_and_forms_stay_under_the_prefix(microsoft: MicrosoftApp, base_url: str | None) -> None:
    with SandboxMicrosoft(redirect_uris=[CALLBACK], base_url=base_url) as sandbox:
        app = mounted({"/sandbox/microsoft": sandbox.app}, otherwise=microsoft.sandbox.app)
        sandbox.authorize(MIA)
        asks = microsoft.asks(client_id=sandbox.client_id)
        async with (
            serving(app) as url,
            httpx.AsyncClient(base_url=f"{url}/sandbox/microsoft", trust_env=False, verify=False) as http,
        ):
            pages = [await http.get(path) for path in ("", *PAGES)]
            pages.append(await http.get(AUTHORIZE, params=asks))
            pages.append(await http.post(AUTHORIZE, data={**asks, "account": NED.id, "decision": "allow"}))

    for page in pages:
        assert httpx.codes.OK == page.status_code
        for link in re.findall(r'(?:href|action)="([^"]+)"', page.text):
            assert link == "data:," or link.startswith("/sandbox/microsoft/")
