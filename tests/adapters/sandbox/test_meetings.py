"""Meetings are created as Zoom does, and wrong requests are refused."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest

from adapters.sandbox.zoom.accounts import ANNA, BEN, CARLA, DORA, Plan
from tests.adapters.sandbox.zoom_app import BOOKING, ZoomApp, bearer


@pytest.fixture
def token(zoom: ZoomApp) -> str:
    return zoom.sandbox.authorize(ANNA).access_token


async def test_the_user_is_answered_with_the_whole_profile(zoom: ZoomApp, token: str) -> None:
    me = (await zoom.reads_me(token)).json()

    assert ("_rvAnnaH5Sx2rTplFO1PgA", "anna.host@zoom.example", "Anna Höst", 2) == (
        me["id"],
        me["email"],
        me["display_name"],
        me["type"],
    )
    assert isinstance(me["pmi"], int)
    assert "account_id" in me


async def test_a_meeting_is_made_and_answered_at_length(zoom: ZoomApp, token: str) -> None:
    answer = await zoom.books(token)

    body = answer.json()
    assert httpx.codes.CREATED == answer.status_code
    assert 11 == len(str(body["id"]))
    assert re.fullmatch(rf"https://us\d\dweb\.zoom\.us/j/{body['id']}\?pwd=\w+\.1", body["join_url"])
    assert "zak=eyJ" in body["start_url"]
    assert body["encrypted_password"] in body["join_url"]
    assert body["password"] not in body["join_url"]
    assert body["settings"]["use_pmi"] is False
    assert "pmi" not in body
    assert ("Intro call", "2026-12-01T14:00:00Z", 30, "Europe/Berlin", "Ana Guest") == (
        body["topic"],
        body["start_time"],
        body["duration"],
        body["timezone"],
        body["agenda"],
    )
    assert answer.headers["x-zm-trackingid"]


async def test_twenty_meetings_are_twenty_different_ones(zoom: ZoomApp, token: str) -> None:
    made = [(await zoom.books(token)).json() for _ in range(20)]

    assert 20 == len({body["join_url"] for body in made}) == len({body["id"] for body in made})
    assert [body["id"] for body in made] == [meeting.id for meeting in zoom.sandbox.meetings]


@pytest.mark.parametrize("settings", [None, {}, {"use_pmi": True}])
async def test_whoever_forgets_use_pmi_gets_the_personal_room(zoom: ZoomApp, settings: dict[str, Any] | None) -> None:
    dora = zoom.sandbox.authorize(DORA).access_token

    body = (await zoom.books(dora, settings=settings)).json()

    assert body["settings"]["use_pmi"] is True
    assert str(DORA.pmi) == body["pmi"]
    assert str(DORA.pmi) in body["join_url"]


async def test_whoever_sends_use_pmi_false_gets_a_meeting_of_its_own(zoom: ZoomApp) -> None:
    dora = zoom.sandbox.authorize(DORA).access_token

    body = (await zoom.books(dora)).json()

    assert body["settings"]["use_pmi"] is False
    assert str(DORA.pmi) not in body["join_url"]


async def test_the_accounts_own_zone_stands_in_for_one_that_was_left_out(zoom: ZoomApp, token: str) -> None:
    assert "Europe/Berlin" == (await zoom.books(token, timezone=None)).json()["timezone"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": "x" * 201}, "topic"),
        ({"topic": 5}, "topic"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"type": 1}, "type"),
        ({"type": "2"}, "type"),
        ({"start_time": None}, "start_time"),
        ({"start_time": "2026-12-01T14:00:00"}, "start_time"),
        ({"start_time": "2026-12-01T14:00:00.000Z"}, "start_time"),
        ({"start_time": "2026-12-01T14:00:00+00:00"}, "start_time"),
        ({"start_time": "2026-02-30T14:00:00Z"}, "start_time"),
        ({"duration": None}, "duration"),
        ({"duration": 0}, "duration"),
        ({"duration": 1441}, "duration"),
        ({"duration": 30.0}, "duration"),
        ({"duration": True}, "duration"),
        ({"timezone": "Europe/Kyiv"}, "timezone"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"password": "elevenchars"}, "password"),
        ({"colour": "red"}, "colour"),
        ({"settings": "none"}, "settings"),
        ({"settings": {"use_pmi": "false"}}, "settings.use_pmi"),
        ({"settings": {"use_pmi": False, "colour": "red"}}, "settings.colour"),
    ],
)
async def test_a_wrong_field_is_named(zoom: ZoomApp, token: str, changes: dict[str, Any], field: str) -> None:
    refused = await zoom.books(token, **changes)

    assert httpx.codes.BAD_REQUEST == refused.status_code
    assert (300, "Validation Failed.") == (refused.json()["code"], refused.json()["message"])
    assert [field] == [error["field"] for error in refused.json()["errors"]]
    assert [] == zoom.sandbox.meetings


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "ö" * 200, "agenda": "ö" * 2000},
        {"timezone": "UTC", "duration": 1440},
        {"timezone": "Europe/Kiev", "duration": 1},
    ],
)
async def test_the_limits_themselves_are_fine(zoom: ZoomApp, token: str, changes: dict[str, Any]) -> None:
    assert httpx.codes.CREATED == (await zoom.books(token, **changes)).status_code


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"[]", "application/json"), (b"{", "application/json"), (b"{}", "text/plain")]
)
async def test_a_body_that_is_no_json_object_is_refused(
    zoom: ZoomApp, token: str, body: bytes, content_type: str
) -> None:
    headers = {**bearer(token), "content-type": content_type}

    refused = await zoom.http.post("/v2/users/me/meetings", content=body, headers=headers)

    expected = {"code": 300, "message": "Request Body should be a valid JSON object."}
    assert (400, expected) == (refused.status_code, refused.json())


async def test_a_missing_scope_is_400_and_4711(zoom: ZoomApp) -> None:
    reader = zoom.sandbox.authorize(ANNA, ("user:read:user",)).access_token
    refused = await zoom.books(reader)
    writer = zoom.sandbox.authorize(ANNA, ("meeting:write:meeting",)).access_token
    also_refused = await zoom.reads_me(writer)

    text = "Invalid access token, does not contain scopes:[{0}, {0}:admin]."
    assert (400, {"code": 4711, "message": text.format("meeting:write:meeting")}) == (
        refused.status_code,
        refused.json(),
    )
    assert text.format("user:read:user") == also_refused.json()["message"]


@pytest.mark.parametrize("plan", [Plan.UNASSIGNED, Plan.NONE])
async def test_an_account_without_a_meeting_plan_may_not_schedule(zoom: ZoomApp, plan: Plan) -> None:
    account = msgspec.structs.replace(CARLA, plan=plan)
    zoom.sandbox.add(account)
    carla = zoom.sandbox.authorize(account).access_token

    refused = await zoom.books(carla)

    assert (400, 3161) == (refused.status_code, refused.json()["code"])
    assert await zoom.is_known(carla)


async def test_a_user_makes_a_hundred_meetings_a_day_and_no_more(zoom: ZoomApp) -> None:
    zoom.clock.time = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    token, ben = zoom.sandbox.authorize(ANNA).access_token, zoom.sandbox.authorize(BEN)
    made = {(await zoom.books(token)).status_code for _ in range(100)}

    refused = await zoom.books(token)
    of_someone_else = await zoom.books(ben.access_token)
    zoom.clock.pass_by(minutes=30)
    tomorrow = await zoom.books(token)

    assert {201} == made
    assert 429 == refused.status_code == refused.json()["code"]
    assert "daily rate limit (100) of Meeting Create/Update" in refused.json()["message"]
    assert "retry-after" not in refused.headers
    assert "x-ratelimit-type" not in refused.headers
    assert [201, 201] == [of_someone_else.status_code, tomorrow.status_code]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2/users/me/meetings"),
        ("GET", f"/v2/users/{ANNA.id}"),
        ("DELETE", "/v2/meetings/81418912311"),
        ("GET", "/oauth/userinfo"),
    ],
)
async def test_every_other_path_is_not_found_and_remembered(zoom: ZoomApp, token: str, method: str, path: str) -> None:
    answer = await zoom.http.request(method, path, headers=bearer(token))

    assert httpx.codes.NOT_FOUND == answer.status_code
    assert [f"{method} {path}"] == [seen.operation for seen in zoom.sandbox.requests]


async def test_every_request_is_remembered_whole(zoom: ZoomApp, token: str) -> None:
    await zoom.books(token)

    (seen,) = zoom.sandbox.requests
    assert ("POST /v2/users/me/meetings", 201) == (seen.operation, seen.status)
    assert BOOKING == seen.json()
    assert f"Bearer {token}" == seen.headers["authorization"]
