"""A person can see and change everything by clicking, and sees no secret."""

import re
from typing import Any

import httpx
import pytest

from adapters.sandbox.asgi import mounted
from adapters.sandbox.microsoft.accounts import MIA, NED
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.microsoft.microsoft_app import AUTHORIZE, CALLBACK, MicrosoftApp
from tests.adapters.sandbox.zoom_app import SetClock, returned


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


async def test_people_add_and_delete_events_in_their_calendars(microsoft: MicrosoftApp) -> None:
    times = {"start": "2026-12-01T15:00", "end": "2026-12-01T16:00"}
    form = {"calendar": microsoft.main().id, "subject": "<b>Dentist</b>", "show_as": "oof", **times}
    await microsoft.http.post("/calendars", data=form)
    shown = (await microsoft.http.get("/calendars")).text
    [event] = microsoft.sandbox.mailboxes.events(microsoft.main())
    await microsoft.http.post("/calendars", data={"remove": event.id})

    assert all(words in shown for words in ("&lt;b&gt;Dentist", "2026-12-01 15:00", "oof", MIA.email))
    assert (14, "oof") == (event.start.hour, event.show_as)
    assert [] == microsoft.sandbox.mailboxes.events(microsoft.main())


@pytest.mark.parametrize(
    "changes", [{"start": "tomorrow"}, {"end": "2026-12-01T14:00"}, {"calendar": "x"}, {"remove": "x"}]
)
async def test_an_edit_that_cannot_be_is_explained(microsoft: MicrosoftApp, changes: dict[str, str]) -> None:
    form = {"calendar": microsoft.main().id, "start": "2026-12-01T15:00", "end": "2026-12-01T16:00", **changes}

    page = await microsoft.http.post("/calendars", data=form)

    assert (400, True) == (page.status_code, 'role="alert"' in page.text)
    assert [] == microsoft.sandbox.mailboxes.events(microsoft.main())


async def test_another_process_can_edit_calendars(microsoft: MicrosoftApp) -> None:
    async def commands(**body: object) -> list[dict[str, Any]]:
        state = (await microsoft.http.post("/control", json=body)).json()
        return [each for each in state["calendars"] if each["account"] == MIA.email]

    day = {"start": "2026-12-01T12:00:00Z", "end": "2026-12-02T12:00:00Z", "is_all_day": True}
    [main, *_] = await commands(add_event={"account": MIA.email, **day})
    [event] = main["events"]
    [main, *_] = await commands(change_event={"id": event["id"], "response": "declined"})
    changed = main["events"][0]
    [main, *_] = await commands(remove_event=event["id"])
    *_, new = await commands(add_calendar={"account": MIA.email, "name": "Work"})

    assert ("2026-11-30T23:00:00Z", "2026-12-01T23:00:00Z") == (event["start"], event["end"])
    assert (event["start"], "declined") == (changed["start"], changed["response"])
    assert ([], "Work") == (main["events"], new["name"])


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
