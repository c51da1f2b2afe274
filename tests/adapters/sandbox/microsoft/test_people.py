"""A person can see and change everything by clicking, and sees no secret."""

import re

import httpx

from adapters.sandbox.asgi import mounted
from adapters.sandbox.microsoft.accounts import MIA, NED
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.microsoft.microsoft_app import AUTHORIZE, CALLBACK, MicrosoftApp
from tests.adapters.sandbox.zoom_app import SetClock, returned

PAGES = ("/", "/connections", "/switches", "/meetings", "/requests")


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


async def test_another_process_can_approve_the_app_for_an_organisation(microsoft: MicrosoftApp) -> None:
    approved = (await microsoft.http.post("/control", json={"approve": NED.tenant})).json()
    wrong = await microsoft.http.post("/control", json={"approve": "contoso.example"})

    assert [NED.tenant] == approved["approved"]
    assert (400, True) == (wrong.status_code, "contoso.example" in wrong.json()["problem"])


async def test_who_needs_an_administrator_stays_under_the_prefix() -> None:
    with SandboxMicrosoft(redirect_uris=[CALLBACK], client_id="id") as sandbox:
        app = mounted({"/sandbox/microsoft": sandbox.app}, otherwise=sandbox.app)
        async with serving(app) as url, httpx.AsyncClient(trust_env=False, verify=False) as http:
            asks = MicrosoftApp(sandbox, http, SetClock()).asks()
            form = {**asks, "account": NED.id, "decision": "allow"}
            page = await http.post(f"{url}/sandbox/microsoft{AUTHORIZE}", data=form)

    assert "Need admin approval" in page.text
    for link in re.findall(r'(?:href|action)="([^"]+)"', page.text):
        assert link == "data:," or link.startswith("/sandbox/microsoft/")
