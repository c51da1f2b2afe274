"""The sandbox is as strict about a meeting as Microsoft Graph."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from adapters.sandbox.microsoft.accounts import LIV, MIA, PIA, TOM, MicrosoftAccount
from adapters.sandbox.microsoft.scopes import OPENID
from tests.adapters.sandbox.microsoft.microsoft_app import MEETING, MicrosoftApp
from tests.adapters.sandbox.zoom_app import bearer

ATTENDEE = {"upn": "ana@guest.example", "role": "attendee", "identity": {"user": {"id": "1", "displayName": "Ana"}}}


@pytest.fixture
def token(microsoft: MicrosoftApp) -> str:
    return microsoft.sandbox.authorize(MIA).access_token


async def test_a_meeting_has_an_id_and_a_link_and_what_was_asked_for(microsoft: MicrosoftApp, token: str) -> None:
    answer = await microsoft.books(token)

    made = answer.json()
    assert httpx.codes.CREATED == answer.status_code
    assert MEETING == {name: made[name] for name in MEETING}
    assert made["joinWebUrl"].startswith("https://teams.microsoft.com/l/meetup-join/19%3Ameeting_")
    assert {"scope": "organization", "isDialInBypassEnabled": False} == made["lobbyBypassSettings"]


async def test_the_same_external_id_gets_the_meeting_that_is_there_as_it_is(
    microsoft: MicrosoftApp, token: str
) -> None:
    first = await microsoft.books(token)

    again = await microsoft.books(token, {**MEETING, "subject": "Other", "startDateTime": "2026-12-01T14:15:00Z"})

    assert (201, 200) == (first.status_code, again.status_code)
    assert first.json() == again.json()
    assert 1 == len(microsoft.sandbox.meetings)


async def test_an_external_id_is_known_whichever_token_of_the_user_comes(microsoft: MicrosoftApp, token: str) -> None:
    first = await microsoft.books(token)

    again = await microsoft.books(microsoft.sandbox.authorize(MIA).access_token)

    assert first.json()["id"] == again.json()["id"]


async def test_another_external_id_or_another_user_makes_another_meeting(microsoft: MicrosoftApp, token: str) -> None:
    of_tom = microsoft.sandbox.authorize(TOM).access_token
    answers = [
        await microsoft.books(token),
        await microsoft.books(token, {**MEETING, "externalId": "booking-000002"}),
        await microsoft.books(of_tom),
    ]

    assert [201, 201, 201] == [answer.status_code for answer in answers]
    assert 3 == len({answer.json()["joinWebUrl"] for answer in answers})


@pytest.mark.parametrize(
    "body",
    [
        {"externalId": "x"},
        {**MEETING, "subject": None},
        {**MEETING, "startDateTime": "2026-12-01T15:00:00.0000000+01:00"},
        {**MEETING, "participants": {"attendees": [ATTENDEE]}},
        {**MEETING, "chatInfo": {"threadId": "19:abc@thread.v2"}},
        {**MEETING, "participants": {"@odata.type": "#microsoft.graph.meetingParticipants", "attendees": []}},
    ],
)
async def test_what_graphs_description_allows_is_taken(
    microsoft: MicrosoftApp, token: str, body: dict[str, Any]
) -> None:
    assert httpx.codes.CREATED == (await microsoft.books(token, body)).status_code


async def test_without_times_a_meeting_is_an_hour_from_now(microsoft: MicrosoftApp, token: str) -> None:
    await microsoft.books(token, {"externalId": "x"})

    [made] = microsoft.sandbox.meetings
    assert (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), datetime(2026, 11, 22, 10, 0, tzinfo=UTC)) == (
        made.start,
        made.end,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "Intro"},
        {"lobbyBypassSettings": {"scope": "everyone"}},
        {"externalId": None},
        {"externalId": ""},
        {"externalId": 1},
        {"subject": 1},
        {"subject": ["Intro"]},
        {"startDateTime": "2026-12-01T14:00:00"},
        {"startDateTime": "tomorrow"},
        {"startDateTime": 1764597600},
        {"startDateTime": None},
        {"endDateTime": "2026-12-01T13:59:59Z"},
        {"participants": []},
        {"participants": {"guests": []}},
        {"participants": {"attendees": {}}},
        {"participants": {"attendees": ["Ana"]}},
        {"participants": {"attendees": [{"role": "guest"}]}},
        {"participants": {"organizer": {"identity": {"user": {"mail": "x"}}}}},
        {"chatInfo": {"thread": "x"}},
    ],
)
async def test_an_unknown_or_wrong_parameter_is_refused(
    microsoft: MicrosoftApp, token: str, changes: dict[str, Any]
) -> None:
    refused = await microsoft.books(token, {**MEETING, **changes})

    assert (400, "BadRequest") == (refused.status_code, refused.json()["error"]["code"])
    assert refused.json()["error"]["message"]
    assert [] == microsoft.sandbox.meetings


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
        (b'{"externalId":"x"}', "text/plain"),
        (b"externalId=x", "application/x-www-form-urlencoded"),
    ],
)
async def test_only_a_json_object_counts(
    microsoft: MicrosoftApp, token: str, content: bytes, content_type: str
) -> None:
    headers = {**bearer(token), "content-type": content_type}

    refused = await microsoft.http.post("/v1.0/me/onlineMeetings/createOrGet", content=content, headers=headers)

    assert (400, "BadRequest") == (refused.status_code, refused.json()["error"]["code"])


@pytest.mark.parametrize("account", [LIV, PIA])
async def test_an_account_that_cannot_make_meetings_gets_a_403_that_says_nothing(
    microsoft: MicrosoftApp, account: MicrosoftAccount
) -> None:
    refused = await microsoft.books(microsoft.sandbox.authorize(account).access_token)

    error = refused.json()["error"]
    assert (403, "Forbidden", "") == (refused.status_code, error["code"], error["message"])


async def test_without_the_scope_it_is_the_same_403(microsoft: MicrosoftApp) -> None:
    refused = await microsoft.books(microsoft.sandbox.authorize(MIA, (OPENID,)).access_token)

    assert (403, "Forbidden") == (refused.status_code, refused.json()["error"]["code"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1.0/me/onlineMeetings"), ("POST", "/v1.0/me/onlineMeetings"), ("POST", "/v1.0/me/events")],
)
async def test_there_is_nothing_else_on_the_api(microsoft: MicrosoftApp, token: str, method: str, path: str) -> None:
    refused = await microsoft.http.request(method, path, headers=bearer(token))

    assert (400, "BadRequest") == (refused.status_code, refused.json()["error"]["code"])
