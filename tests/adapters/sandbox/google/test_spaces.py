"""The sandbox is as strict about a space as Google Meet."""

import re
from typing import Any

import httpx
import pytest

from adapters.sandbox.google.accounts import GINA, RUTH, WILL
from adapters.sandbox.google.scopes import EMAIL, OPENID
from tests.adapters.sandbox.google.google_app import OPEN, GoogleApp
from tests.adapters.sandbox.zoom_app import bearer


@pytest.fixture
def token(google: GoogleApp) -> str:
    return google.sandbox.authorize(GINA).access_token


async def test_a_space_has_a_name_a_link_and_a_code_of_its_own(google: GoogleApp, token: str) -> None:
    one, other = [(await google.books(token)).json() for _ in range(2)]

    assert {"name", "meetingUri", "meetingCode", "config"} == one.keys()
    assert re.fullmatch(r"spaces/\w{12}", one["name"])
    assert re.fullmatch(r"[a-z]{3}-[a-z]{4}-[a-z]{3}", one["meetingCode"])
    assert f"https://meet.google.com/{one['meetingCode']}" == one["meetingUri"]
    assert OPEN["config"] == one["config"]
    assert one["meetingUri"] != other["meetingUri"]


@pytest.mark.parametrize(("account", "access"), [(GINA, "RESTRICTED"), (WILL, "TRUSTED")])
async def test_who_gets_in_is_the_accounts_own_setting_where_the_request_says_nothing(
    google: GoogleApp, account: Any, access: str
) -> None:
    made = await google.books(google.sandbox.authorize(account).access_token, {})

    assert access == made.json()["config"]["accessType"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"config": {}},
        {"config": {"accessType": "TRUSTED", "moderation": "ON"}},
        {"config": {"moderationRestrictions": {"chatRestriction": "HOSTS_ONLY", "defaultJoinAsViewerType": "OFF"}}},
        {"config": {"artifactConfig": {"recordingConfig": {"autoRecordingGeneration": "ON"}}}},
        {"config": {"attendanceReportGenerationType": "DO_NOT_GENERATE"}},
        {"name": "spaces/mine", "meetingUri": "https://elsewhere.example", "meetingCode": "x"},
    ],
)
async def test_what_meets_description_allows_is_taken(google: GoogleApp, token: str, body: dict[str, Any]) -> None:
    made = await google.books(token, body)

    assert httpx.codes.OK == made.status_code
    assert made.json()["meetingUri"].startswith("https://meet.google.com/")
    assert "spaces/mine" != made.json()["name"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"topic": "Intro"}, "space"),
        ({"config": {"access_typ": "OPEN"}}, "space.config"),
        ({"config": {"accessType": "PUBLIC"}}, "space.config.accessType"),
        ({"config": {"accessType": 1}}, "space.config.accessType"),
        ({"config": {"accessType": ["OPEN"]}}, "space.config.accessType"),
        ({"config": {"accessType": None}}, "space.config.accessType"),
        ({"config": {"entryPointAccess": "open"}}, "space.config.entryPointAccess"),
        ({"config": "OPEN"}, "space.config"),
        ({"config": {"moderationRestrictions": {"chat": "ON"}}}, "space.config.moderationRestrictions"),
        ({"config": {"artifactConfig": {"recordingConfig": []}}}, "space.config.artifactConfig.recordingConfig"),
    ],
)
async def test_an_unknown_or_wrong_field_is_refused_by_name(
    google: GoogleApp, token: str, body: dict[str, Any], field: str
) -> None:
    refused = await google.books(token, body)

    error = refused.json()["error"]
    assert (400, "INVALID_ARGUMENT") == (refused.status_code, error["status"])
    assert field == error["details"][0]["fieldViolations"][0]["field"]
    assert [] == google.sandbox.spaces


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
        (b"{}", "text/plain"),
        (b"a=b", "application/x-www-form-urlencoded"),
    ],
)
async def test_only_a_json_object_counts(google: GoogleApp, token: str, content: bytes, content_type: str) -> None:
    headers = {**bearer(token), "content-type": content_type}

    refused = await google.http.post("/v2/spaces", content=content, headers=headers)

    assert (400, "INVALID_ARGUMENT") == (refused.status_code, refused.json()["error"]["status"])


async def test_without_the_scope_it_is_403_with_a_reason(google: GoogleApp) -> None:
    token = google.sandbox.authorize(GINA, (OPENID, EMAIL)).access_token

    refused = await google.books(token)

    assert 403 == refused.status_code
    assert "ACCESS_TOKEN_SCOPE_INSUFFICIENT" == refused.json()["error"]["details"][0]["reason"]


async def test_where_the_administrator_has_switched_meet_off_it_is_403_without_one(google: GoogleApp) -> None:
    refused = await google.books(google.sandbox.authorize(RUTH).access_token)

    assert 403 == refused.status_code
    assert "details" not in refused.json()["error"]


async def test_ten_spaces_a_minute_are_all_that_one_user_gets(google: GoogleApp, token: str) -> None:
    statuses = [(await google.books(token)).status_code for _ in range(11)]
    of_will = (await google.books(google.sandbox.authorize(WILL).access_token)).status_code
    google.clock.pass_by(minutes=1)

    assert [200] * 10 + [429] == statuses
    assert 200 == of_will
    assert 200 == (await google.books(token)).status_code


@pytest.mark.parametrize(("method", "path"), [("GET", "/v2/spaces"), ("DELETE", "/v2/spaces/x"), ("POST", "/v2/x")])
async def test_there_is_nothing_else_on_the_api(google: GoogleApp, token: str, method: str, path: str) -> None:
    refused = await google.http.request(method, path, headers=bearer(token))

    assert (404, "NOT_FOUND") == (refused.status_code, refused.json()["error"]["status"])
