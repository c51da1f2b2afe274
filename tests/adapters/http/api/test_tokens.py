"""API tokens over the API, and what each of their scopes opens."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from litestar.handlers import HTTPRouteHandler

from adapters.http.api.described import Call
from adapters.http.api.routes import FOR_HOSTS
from domain.api_token import SCOPES, Scope, holds
from tests.support.serving import API, Json, Server, fields, problem

FORBIDDEN = 403
A_DAY = timedelta(days=1)

BODIES: dict[str, Json] = {
    "createToken": {"name": "CI", "scopes": ["account:read"]},
    "connectCalendar": {"kind": "ical_feed", "url": "https://calendar.example/none.ics"},
    "createBookingPage": {"slug": "intro", "title": "Intro"},
    "createSchedule": {"name": "Winter"},
    "addEventType": {"slug": "intro", "title": "Intro", "duration_minutes": 30},
    "bookForGuest": {
        "start": "2026-03-03T10:00:00Z",
        "meeting_type": "zoom",
        "guest": {"name": "Ana", "email": "ana@guests.example", "timezone": "UTC"},
    },
    "rescheduleBooking": {"start": "2026-03-03T10:00:00Z"},
    "proposeTimes": {"starts": ["2026-03-03T10:00:00Z"]},
    "setJoinLink": {"join_url": "https://meet.example/1"},
    "switchMeetingType": {"meeting_type": "zoom"},
    "setPicture": {"picture": "iVBORw=="},
    "changePassword": {"current_password": "correct horse", "password": "battery staple"},
    "deleteAccount": {"handle": "gone", "password": "correct horse"},
    "renamePasskey": {"name": "Phone"},
    "removePasskey": {"password": "correct horse"},
    "addWebhook": {"url": "https://hooks.example/", "events": ["booking.created"]},
    "rotateWebhookSecret": {},
    "recoverWebhook": {"since": "2026-03-02T00:00:00Z"},
}
"""For calls that need one; the others take none, or an empty one."""

QUERIES = {"explainTime": {"start": "2026-03-03T10:00:00Z"}, "listPublicHolidays": {"country": "DE"}}


def calls() -> Iterable[tuple[Call, HTTPRouteHandler]]:
    return ((cast("Call", each.opt["call"]), cast("Any", each)) for each in FOR_HOSTS)


async def test_a_token_is_made_listed_used_and_revoked(server: Server) -> None:
    client = await server.host_client(await server.memory.host())

    made = await client.post(f"{API}/tokens", json={"name": "CI", "scopes": ["pages:read"]})
    token = made.json()
    secret = token.pop("token")

    assert 201 == made.status_code
    assert {
        "id": token["id"],
        "name": "CI",
        "scopes": ["pages:read"],
        "created_at": "2026-03-02T08:00:00Z",
        "expires_at": None,
        "last_used_at": None,
    } == token
    assert token in (await client.get(f"{API}/tokens")).json()
    assert 200 == (await server.client(secret).get(f"{API}/booking-pages")).status_code
    listed = {each["id"]: each for each in (await client.get(f"{API}/tokens")).json()}
    assert "2026-03-02T08:00:00Z" == listed[token["id"]]["last_used_at"]
    assert 204 == (await client.delete(f"{API}/tokens/{token['id']}")).status_code
    assert "unauthorized" == problem(await server.client(secret).get(f"{API}/booking-pages"))
    assert "not-found" == problem(await client.delete(f"{API}/tokens/{token['id']}"))


async def test_what_is_wrong_with_a_new_token_is_named(server: Server) -> None:
    client = await server.host_client(await server.memory.host())

    async def wrong(**body: Json) -> list[str]:
        return fields(await client.post(f"{API}/tokens", json={"name": "CI", "scopes": ["*"], **body}))

    assert ["name", "scopes"] == await wrong(name="", scopes=[])
    assert ["name"] == await wrong(name="x" * 10_000)
    assert ["scopes.1"] == await wrong(scopes=["*", "pages:delete"])
    assert ["expires_at"] == await wrong(expires_at="2026-03-02T08:00:00Z")
    assert ["expires_at"] == await wrong(expires_at="2027-03-02T08:00:00")
    assert ["password"] == await wrong(password="correct horse")


async def test_another_hosts_token_is_not_found(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    stranger = await server.host_client(await server.memory.host())
    [token] = (await client.get(f"{API}/tokens")).json()

    assert "not-found" == problem(await stranger.delete(f"{API}/tokens/{token['id']}"))
    assert 200 == (await client.get(f"{API}/me")).status_code


async def test_an_expired_token_is_refused_in_words_by_every_call(server: Server) -> None:
    secret = await server.memory.token_of(await server.memory.host(), "*", expires_at=server.memory.clock() + A_DAY)
    server.memory.clock.advance(A_DAY)
    client = server.client(secret)

    for call, handler in calls():
        answer = await client.request(method_of(handler), path_of(handler), json=BODIES.get(call.id, {}))
        assert "unauthorized" == problem(answer), call.id
        assert "This API token has expired. Create a new one under Settings → API tokens." == answer.json()["detail"]


async def test_each_call_is_open_to_the_scopes_that_it_names_and_to_no_other() -> None:
    server = Server(rate_limit=False)
    host = await server.memory.host()

    async def refusal(call: Call, handler: HTTPRouteHandler, *held: Scope) -> str:
        # A new one, for some calls revoke all.
        client = server.client(await server.memory.token_of(host, *held))
        answer = await client.request(
            method_of(handler), path_of(handler), json=BODIES.get(call.id, {}), params=QUERIES.get(call.id)
        )
        return answer.json()["detail"] if answer.status_code == FORBIDDEN else ""

    wrong = [call.id for call, handler in calls() if not call.scopes or await refusal(call, handler, *call.scopes)]
    for call, handler in calls():
        for each in call.scopes:
            others: list[Scope] = [held for held in SCOPES if not holds({held}, each)]
            if f"needs the scope {each}." not in await refusal(call, handler, *others):
                wrong.append(f"{call.id} without {each}")

    assert [] == wrong


async def test_a_call_outside_the_scopes_is_forbidden_whatever_it_sends() -> None:
    server = Server(rate_limit=False)
    host = await server.memory.host()

    async def problems(call: Call, handler: HTTPRouteHandler) -> set[str]:
        others: list[Scope] = [held for held in SCOPES if not holds({held}, call.scopes[0])]
        client = server.client(await server.memory.token_of(host, *others))
        method, path = method_of(handler), path_of(handler)
        sent = [
            await client.request(method, path, json={"surprise": 1}, params={"surprise": "1"}),
            await client.request(method, path, content=b"{", headers={"Content-Type": "text/plain"}),
        ]
        return {problem(answer) for answer in sent}

    answers = {call.id: await problems(call, handler) for call, handler in calls()}

    assert {} == {name: each for name, each in answers.items() if each != {"forbidden"}}


async def test_the_description_names_the_scopes_of_each_call(server: Server) -> None:
    told = (await server.client().get("/api/openapi.json")).json()

    named = {
        operation["operationId"]: operation["security"]
        for path in told["paths"].values()
        for operation in path.values()
        if operation["security"]
    }
    assert {call.id: [{"token": list(call.scopes)}] for call, _ in calls()} == named
    new = told["components"]["schemas"]["NewApiToken"]
    assert ["name", "scopes"] == new["required"]
    assert {"*", *SCOPES} == {*new["properties"]["scopes"]["items"]["enum"]}


def method_of(handler: HTTPRouteHandler) -> str:
    [method] = handler.http_methods
    return method


def path_of(handler: HTTPRouteHandler) -> str:
    """The call's address, with names of nothing of the host's."""
    [path] = handler.paths
    filled = path.replace("{picture_kind:str}", "photo").replace("{provider:str}", "zoom")
    return API + re.sub(r"\{[a-z_]+:str\}", "gone", filled)
