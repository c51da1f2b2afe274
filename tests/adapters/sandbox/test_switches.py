"""Every failure happens as described and as often as requested."""

import asyncio
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from tests.adapters.sandbox.zoom_app import ZoomApp, returned

IMPATIENT = 0.05


@pytest.fixture
def token(zoom: ZoomApp) -> str:
    return zoom.sandbox.authorize(ANNA).access_token


API_ANSWERS: list[tuple[ZoomFailure, int, int]] = [
    (ZoomFailure.ACCESS_REFUSED, 401, 124),
    (ZoomFailure.ACCESS_EXPIRED, 401, 124),
    (ZoomFailure.ACCESS_EMPTY, 400, 4700),
    (ZoomFailure.MISSING_SCOPE, 400, 4711),
    (ZoomFailure.DAILY_LIMIT, 429, 429),
    (ZoomFailure.DAILY_LIMIT_OLD, 300, 300),
    (ZoomFailure.ACCOUNT_DAILY_LIMIT, 429, 429),
    (ZoomFailure.QPS_LIMIT, 429, 429),
    (ZoomFailure.MAY_NOT_SCHEDULE, 400, 3161),
    (ZoomFailure.PAID_ONLY, 400, 200),
    (ZoomFailure.NO_PERMISSION, 400, 200),
    (ZoomFailure.BLOCKED_USER, 400, 3000),
    (ZoomFailure.VALIDATION, 400, 300),
    (ZoomFailure.USER_GONE, 404, 1001),
    (ZoomFailure.USER_MOVED, 400, 1010),
    (ZoomFailure.OWNER_GONE, 401, 4735),
    (ZoomFailure.REFRESH_NOT_FOUND, 401, 4737),
    (ZoomFailure.DISABLED_BY_ADMIN, 401, 4738),
    (ZoomFailure.TOO_OFTEN, 401, 4740),
    (ZoomFailure.NEWER_AUTHORIZATION, 401, 4741),
    (ZoomFailure.SERVER_ERROR, 500, 500),
]


@pytest.mark.parametrize(("failure", "status", "code"), API_ANSWERS)
async def test_the_api_fails_with_zooms_status_and_code(
    zoom: ZoomApp, token: str, failure: ZoomFailure, status: int, code: int
) -> None:
    zoom.sandbox.fail(failure, on="meetings")

    failed = await zoom.books(token)
    then = await zoom.books(token)

    assert (status, code) == (failed.status_code, failed.json()["code"])
    assert failed.json()["message"]
    assert httpx.codes.CREATED == then.status_code
    assert 1 == len(zoom.sandbox.meetings)


TOKEN_ANSWERS: list[tuple[ZoomFailure, int, dict[str, str]]] = [
    (ZoomFailure.INVALID_GRANT, 400, {"reason": "Invalid Token!", "error": "invalid_grant"}),
    (ZoomFailure.INVALID_GRANT_BARE, 400, {"error": "invalid_grant"}),
    (ZoomFailure.INVALID_GRANT_401, 401, {"reason": "Invalid Token!", "error": "invalid_grant"}),
    (ZoomFailure.INVALID_GRANT_OLD, 400, {"reason": "Invalid Token!", "error": "invalid_request"}),
    (
        ZoomFailure.INVALID_CLIENT,
        401,
        {"reason": "Invalid client_id or client_secret", "error": "invalid_client"},
    ),
]


@pytest.mark.parametrize(("failure", "status", "body"), TOKEN_ANSWERS)
async def test_the_token_endpoint_fails_with_zooms_words(
    zoom: ZoomApp, failure: ZoomFailure, status: int, body: dict[str, str]
) -> None:
    pair = zoom.sandbox.authorize(ANNA)
    zoom.sandbox.fail(failure, on=ZoomEndpoint.REFRESH)

    failed = await zoom.refreshes(pair.refresh_token)
    then = await zoom.refreshes(pair.refresh_token)

    assert (status, body) == (failed.status_code, failed.json())
    assert httpx.codes.OK == then.status_code


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ZoomFailure.OWNER_GONE, "4735"),
        (ZoomFailure.NEWER_AUTHORIZATION, "4741"),
        (ZoomFailure.SCOPES_CHANGED, "4711"),
        (ZoomFailure.APP_DISABLED, "4717"),
    ],
)
async def test_a_numbered_refusal_of_a_refresh_carries_its_number(
    zoom: ZoomApp, failure: ZoomFailure, code: str
) -> None:
    zoom.sandbox.fail(failure, on="refresh")

    failed = await zoom.calls(ZoomEndpoint.REFRESH)

    assert f"({code})" in failed.json()["reason"]


async def test_retry_after_comes_in_each_of_its_forms(zoom: ZoomApp, token: str) -> None:
    found: dict[str, str | None] = {}
    for failure in (
        ZoomFailure.QPS_LIMIT,
        ZoomFailure.QPS_LIMIT_ISO,
        ZoomFailure.QPS_LIMIT_DATE,
        ZoomFailure.QPS_LIMIT_SECONDS,
        ZoomFailure.ACCOUNT_DAILY_LIMIT,
    ):
        zoom.sandbox.fail(failure)
        found[failure] = (await zoom.books(token)).headers.get("retry-after")

    date = found.pop(ZoomFailure.QPS_LIMIT_DATE)
    assert date is not None
    assert "2026-11-22T09:00:07+00:00" == parsedate_to_datetime(date).isoformat()
    assert {
        "qps-limit": None,
        "qps-limit-iso": "2026-11-22T09:00:07Z",
        "qps-limit-seconds": "7",
        "account-daily-limit": "2026-11-23T00:00:00Z",
    } == found


@pytest.mark.parametrize(
    ("failure", "status", "content"),
    [
        (ZoomFailure.UNAVAILABLE_HTML, 503, "<html>"),
        (ZoomFailure.OK_XML, 200, "<?xml"),
        (ZoomFailure.OK_EMPTY, 200, ""),
        (ZoomFailure.REDIRECT, 302, ""),
        (ZoomFailure.STATUS_FALSE, 401, '{"status":false,"errorCode":401}'),
    ],
)
async def test_an_answer_may_be_no_json_of_zooms(
    zoom: ZoomApp, token: str, failure: ZoomFailure, status: int, content: str
) -> None:
    zoom.sandbox.fail(failure)

    answer = await zoom.books(token)

    assert status == answer.status_code
    assert answer.text.startswith(content)
    assert [] == zoom.sandbox.meetings


async def test_a_made_meeting_may_come_without_its_link(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.fail("no-join-url")

    answer = await zoom.books(token)

    assert (201, False) == (answer.status_code, "join_url" in answer.json())
    assert 1 == len(zoom.sandbox.meetings)


async def test_an_answer_may_say_that_the_personal_room_was_used(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.fail("pmi-used")

    body = (await zoom.books(token)).json()

    assert body["settings"]["use_pmi"] is True
    assert "pmi" in body


async def test_too_few_scopes_may_come_back_though_all_were_ticked(zoom: ZoomApp) -> None:
    zoom.sandbox.fail("too-few-scopes")

    assert "user:read:user" == (await zoom.connects())["scope"]


async def test_zoom_may_fail_to_make_a_code(zoom: ZoomApp) -> None:
    zoom.sandbox.fail("no-code")

    failed = await zoom.decides()

    assert "(4732)" in failed.text
    assert "code" in returned(await zoom.decides())


@pytest.mark.parametrize(("failure", "made"), [(ZoomFailure.HANG_BEFORE, 0), (ZoomFailure.HANG_AFTER, 1)])
async def test_an_answer_may_never_come(zoom: ZoomApp, token: str, failure: ZoomFailure, made: int) -> None:
    zoom.sandbox.fail(failure)
    zoom.http.timeout = httpx.Timeout(IMPATIENT)

    with pytest.raises(httpx.ReadTimeout):
        await zoom.books(token)

    assert made == len(zoom.sandbox.meetings)


async def test_a_test_can_wait_for_the_meeting_behind_a_lost_answer(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.fail("hang-after")

    booking = asyncio.create_task(zoom.books(token))
    await zoom.sandbox.until(lambda: len(zoom.sandbox.meetings) == 1)
    booking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await booking

    assert ["hang-after"] == [seen.failure for seen in zoom.sandbox.arrived("meetings")]


async def test_a_slow_answer_is_right_in_the_end(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.fail("slow", seconds=0.01)

    assert httpx.codes.CREATED == (await zoom.books(token)).status_code


async def test_a_lost_answer_to_a_refresh_has_rotated_the_token(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)
    zoom.sandbox.fail("drop-after", on="refresh")
    with pytest.raises(httpx.TransportError):
        await zoom.refreshes(pair.refresh_token)

    again = await zoom.refreshes(pair.refresh_token)

    assert "invalid_grant" == again.json()["error"]


async def test_latency_is_added_to_every_call(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.switches.latency = 0.03
    started = asyncio.get_running_loop().time()

    await zoom.reads_me(token)

    assert asyncio.get_running_loop().time() - started >= 0.03


async def test_failures_happen_in_order_and_as_often_as_asked(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.fail("server-error", times=2)
    zoom.sandbox.fail("qps-limit")
    zoom.sandbox.fail("server-error", on="me")

    statuses = [(await zoom.books(token)).status_code for _ in range(4)]

    assert [500, 500, 429, 201] == statuses
    assert [("server-error", "me", 1)] == [
        (switch.failure, switch.on, switch.times) for switch in zoom.sandbox.switches.all()
    ]


async def test_a_failure_without_an_end_lasts_until_it_is_put_right(zoom: ZoomApp, token: str) -> None:
    zoom.sandbox.fail("server-error", times=None)
    zoom.sandbox.fail("server-error", on="me", times=None)
    before = [(await zoom.books(token)).status_code for _ in range(3)]

    zoom.sandbox.works("meetings")

    assert [500, 500, 500] == before
    assert [201, 500] == [(await zoom.books(token)).status_code, (await zoom.reads_me(token)).status_code]


@pytest.mark.parametrize(
    "wrong", [{"failure": "no-such"}, {"failure": "daily-limit", "on": "me"}, {"failure": "slow", "times": 0}]
)
def test_a_failure_that_cannot_be_is_refused(zoom: ZoomApp, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no-such|can't happen at me|at least once"):
        zoom.sandbox.fail(**wrong)
