"""Every failure happens as described and as often as requested."""

from contextlib import suppress

import httpx
import pytest

from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from tests.adapters.sandbox.google.google_app import GoogleApp
from tests.adapters.sandbox.zoom_app import returned


@pytest.mark.parametrize(
    ("failure", "status", "word", "reason"),
    [
        (GoogleFailure.ACCESS_EXPIRED, 401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"),
        (GoogleFailure.ACCESS_REFUSED, 401, "UNAUTHENTICATED", "authError"),
        (GoogleFailure.SCOPE_INSUFFICIENT, 403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        (GoogleFailure.SERVICE_DISABLED, 403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
        (GoogleFailure.PERMISSION_DENIED, 403, "PERMISSION_DENIED", None),
        (GoogleFailure.USER_RATE_LIMIT, 403, "PERMISSION_DENIED", "userRateLimitExceeded"),
        (GoogleFailure.RATE_LIMIT, 403, "PERMISSION_DENIED", "rateLimitExceeded"),
        (GoogleFailure.QUOTA_EXCEEDED, 403, "PERMISSION_DENIED", "quotaExceeded"),
        (GoogleFailure.RESOURCE_EXHAUSTED, 429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
        (GoogleFailure.SERVER_ERROR, 500, "INTERNAL", None),
    ],
)
async def test_the_api_fails_with_googles_status_and_reason(
    google: GoogleApp, failure: GoogleFailure, status: int, word: str, reason: str | None
) -> None:
    google.sandbox.fail(failure, on=GoogleEndpoint.SPACES)

    failed = await google.calls(GoogleEndpoint.SPACES)

    error = failed.json()["error"]
    found = [entry.get("reason") for entry in (*error.get("details", []), *error.get("errors", []))]
    assert (status, status, word, [] if reason is None else [reason]) == (
        failed.status_code,
        error["code"],
        error["status"],
        found,
    )
    assert [] == google.sandbox.spaces


@pytest.mark.parametrize(
    ("failure", "status", "error", "subtype"),
    [
        (GoogleFailure.INVALID_GRANT, 400, "invalid_grant", None),
        (GoogleFailure.INVALID_RAPT, 400, "invalid_grant", "invalid_rapt"),
        (GoogleFailure.ADMIN_POLICY, 400, "admin_policy_enforced", None),
        (GoogleFailure.INVALID_CLIENT, 401, "invalid_client", None),
    ],
)
async def test_the_token_endpoint_fails_with_googles_words(
    google: GoogleApp, failure: GoogleFailure, status: int, error: str, subtype: str | None
) -> None:
    google.sandbox.fail(failure, on=GoogleEndpoint.REFRESH)

    failed = await google.calls(GoogleEndpoint.REFRESH)

    body = failed.json()
    assert (status, error, subtype) == (failed.status_code, body["error"], body.get("error_subtype"))


@pytest.mark.parametrize(
    ("failure", "made"),
    [(GoogleFailure.BAD_GATEWAY, 1), (GoogleFailure.NO_LINK, 1)],
)
async def test_a_space_may_be_made_that_nobody_hears_of(google: GoogleApp, failure: GoogleFailure, made: int) -> None:
    google.sandbox.fail(failure, on=GoogleEndpoint.SPACES)

    with suppress(httpx.TransportError):
        await google.calls(GoogleEndpoint.SPACES)

    assert made == len(google.sandbox.spaces)


@pytest.mark.parametrize(
    ("failure", "field"),
    [(GoogleFailure.NO_LINK, "meetingUri"), (GoogleFailure.NO_NAME, "name"), (GoogleFailure.FOREIGN_LINK, "")],
)
async def test_a_success_may_be_none(google: GoogleApp, failure: GoogleFailure, field: str) -> None:
    google.sandbox.fail(failure)

    answer = await google.calls(GoogleEndpoint.SPACES)

    assert 200 == answer.status_code
    assert field not in answer.json()
    assert "https://meet.google.com/" not in answer.json().get("meetingUri", "") or failure is GoogleFailure.NO_NAME


async def test_a_refresh_may_bring_a_new_refresh_token_after_all(google: GoogleApp) -> None:
    old = google.sandbox.authorize(GINA).refresh_token or ""
    google.sandbox.fail(GoogleFailure.REFRESH_REPLACED)

    new = (await google.refreshes(old)).json()["refresh_token"]

    assert [400, 200] == [(await google.refreshes(token)).status_code for token in (old, new)]


async def test_google_may_block_the_app(google: GoogleApp) -> None:
    google.sandbox.fail(GoogleFailure.APP_BLOCKED)

    blocked = await google.decides()

    assert "admin_policy_enforced" in blocked.text
    assert "code" in returned(await google.decides())
