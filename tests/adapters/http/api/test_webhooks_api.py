"""The calls about webhooks and events."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.http.api.event_json import EventData
from adapters.memory.webhook_sender import TAKEN
from application.actor import HostActor
from application.ports.webhooks import Sent
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import a_host, a_page, phone_by_guest
from tests.support.serving import API, Server, a_request, an_open_page, fields, problem

URL = "https://hooks.example/timetuna"
EVENTS = ["booking.created", "booking.cancelled"]


async def test_a_webhook_is_added_tried_changed_and_removed(server: Server) -> None:
    host = a_host()
    page = a_page(host)
    await an_open_page(server, page, host)
    client = await server.host_client(host)

    made = await client.post(f"{API}/webhooks", json={"url": URL, "events": EVENTS})
    webhook = made.json()
    secret = webhook.pop("secret")
    path = f"{API}/webhooks/{webhook['id']}"
    assert (201, True) == (made.status_code, secret.startswith("whsec_"))
    assert {
        "id": webhook["id"],
        "url": URL,
        "events": EVENTS,
        "page_id": None,
        "state": "active",
        "last_success_at": None,
        "problem": None,
    } == webhook
    assert [webhook] == (await client.get(f"{API}/webhooks")).json()
    assert webhook == (await client.get(path)).json()

    server.memory.webhooks.answer(URL, Sent(7, 500, EndpointAnswered(500), "secret details"))
    tried = (await client.post(f"{path}/test")).json()
    await server.memory.work_off()
    failing = (await client.get(path)).json()
    assert ("ping", "pending", []) == (tried["type"], tried["state"], tried["attempts"])
    assert ("failing", "endpoint-answered") == (failing["state"], failing["problem"]["type"])
    listed = (await client.get(f"{path}/deliveries", params={"state": "pending"})).json()
    [delivery] = listed["items"]
    assert None is listed["next"]
    assert [{"at": "2026-03-02T08:00:00Z", "status": 500, "error": "answered 500", "milliseconds": 7}] == delivery[
        "attempts"
    ]
    assert delivery["next_attempt_at"] > "2026-03-02T08:00:03"
    assert "secret details" not in str(listed)

    server.memory.webhooks.answer(URL, TAKEN)
    again = (await client.post(f"{API}/webhook-deliveries/{delivery['id']}/retry")).json()
    await server.memory.work_off()
    assert (delivery["id"], delivery["event_id"]) == (again["id"], again["event_id"])
    assert "active" == (await client.get(path)).json()["state"]

    changed = (await client.patch(path, json={"events": ["booking.rescheduled"], "page_id": page.id})).json()
    assert (URL, ["booking.rescheduled"], page.id) == (changed["url"], changed["events"], changed["page_id"])
    rotated = (await client.post(f"{path}/rotate-secret", json={"overlap_hours": 1})).json()
    assert secret != rotated["secret"]
    assert "active" == (await client.post(f"{path}/resume")).json()["state"]
    assert {"events": 0} == (await client.post(f"{path}/recover", json={"since": "2026-03-02T00:00:00Z"})).json()
    assert 204 == (await client.delete(path)).status_code
    assert "not-found" == problem(await client.get(path))


async def test_a_webhook_that_is_paused_because_its_account_may_be_somebody_elses_says_so(server: Server) -> None:
    host = a_host()
    await an_open_page(server, a_page(host), host)
    made = (await (await server.host_client(host)).post(f"{API}/webhooks", json={"url": URL, "events": EVENTS})).json()
    await server.memory.app.disown(HostActor(host.id))
    client = await server.host_client(host)
    path = f"{API}/webhooks/{made['id']}"

    paused = (await client.get(path)).json()
    await client.post(f"{path}/test")
    await server.memory.work_off()
    tried = (await client.get(path)).json()
    resumed = (await client.post(f"{path}/resume")).json()

    assert ("paused", "account-not-trusted") == (paused["state"], paused["problem"]["type"])
    assert "make a new secret and resume it" in paused["problem"]["message"]
    # It stays so however a test fares.
    assert paused["problem"] == tried["problem"]
    assert ("active", None) == (resumed["state"], resumed["problem"])


async def test_events_can_be_polled_and_are_what_webhooks_are_told(server: Server) -> None:
    host = a_host()
    page = a_page(host, meeting_types=(phone_by_guest,))
    await an_open_page(server, page, host)
    client = await server.host_client(host)
    made = (await client.post(f"{API}/webhooks", json={"url": URL, "events": EVENTS})).json()
    booked = await server.client().post(
        f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=a_request(meeting_type="phone")
    )
    assert 201 == booked.status_code
    shown = (await client.get(f"{API}/bookings/{booked.json()['id']}")).json()
    assert 200 == (await client.post(f"{API}/bookings/{shown['id']}/cancel", json={"reason": "Ill"})).status_code
    await server.memory.work_off()

    first: Any = (await client.get(f"{API}/events", params={"after": "", "limit": 1})).json()
    rest: Any = (await client.get(f"{API}/events", params={"after": first["next"]})).json()
    [created], [cancelled] = first["items"], rest["items"]
    sent = [each.event.id for each in server.memory.webhooks.sent]
    assert sent == [created["id"], cancelled["id"]]
    assert ("booking.created", "booking.cancelled") == (created["type"], cancelled["type"])
    expected: Any = {**shown, "timeline": []}
    del expected["manage_url"]
    assert expected == created["data"]["booking"]
    assert {"status": "confirmed"} == cancelled["data"]["previous"]
    assert datetime.fromisoformat(created["timestamp"]) - server.memory.clock() == timedelta(0)
    assert [made["id"]] == [each["id"] for each in (await client.get(f"{API}/webhooks")).json()]
    assert "not-found" == problem(await client.get(f"{API}/events", params={"after": "evt_unknown"}))


@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_help_names_every_member_of_an_event(server: Server, language: str) -> None:
    page = (await server.client().get("/help/webhooks", headers={"Accept-Language": language})).text

    assert [] == [each for each in EventData.__struct_fields__ if f"<code>{each}</code>" not in page]


async def test_what_cannot_work_is_refused_member_by_member(server: Server) -> None:
    host = a_host()
    await an_open_page(server, a_page(host), host)
    client = await server.host_client(host)
    server.memory.webhooks.inside.add("https://2130706433/")

    cases: tuple[tuple[Any, set[str]], ...] = (
        ({"url": "https://2130706433/", "events": EVENTS}, {"url"}),
        ({"url": "http:/nowhere", "events": []}, {"url", "events"}),
        ({"url": URL, "events": ["booking.eaten"]}, {"events.0"}),
        ({"url": URL, "events": EVENTS, "secret": "mine"}, {"secret"}),
        ({}, {"url", "events"}),
    )
    for body, expected in cases:
        assert expected == set(fields(await client.post(f"{API}/webhooks", json=body)))
