"""Every failure happens as described and as often as requested."""

from contextlib import suppress

import httpx
import pytest

from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.switches import Endpoint, Failure
from tests.adapters.sandbox.google.google_app import GoogleApp
from tests.adapters.sandbox.zoom_app import returned


@pytest.mark.parametrize(
    ("failure", "status", "word", "reason"),
    [
        (Failure.ACCESS_EXPIRED, 401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"),
        (Failure.ACCESS_REFUSED, 401, "UNAUTHENTICATED", "authError"),
        (Failure.SCOPE_INSUFFICIENT, 403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        (Failure.SERVICE_DISABLED, 403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
        (Failure.PERMISSION_DENIED, 403, "PERMISSION_DENIED", None),
        (Failure.USER_RATE_LIMIT, 403, "PERMISSION_DENIED", "userRateLimitExceeded"),
        (Failure.RATE_LIMIT, 403, "PERMISSION_DENIED", "rateLimitExceeded"),
        (Failure.QUOTA_EXCEEDED, 403, "PERMISSION_DENIED", "quotaExceeded"),
        (Failure.RESOURCE_EXHAUSTED, 429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
        (Failure.SERVER_ERROR, 500, "INTERNAL", None),
    ],
)
async def test_the_api_fails_with_googles_status_and_reason(
    google: GoogleApp, failure: Failure, status: int, word: str, reason: str | None
) -> None:
    google.sandbox.fail(failure, on=Endpoint.SPACES)

    failed = await google.calls(Endpoint.SPACES)

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
        (Failure.INVALID_GRANT, 400, "invalid_grant", None),
        (Failure.INVALID_RAPT, 400, "invalid_grant", "invalid_rapt"),
        (Failure.ADMIN_POLICY, 400, "admin_policy_enforced", None),
        (Failure.INVALID_CLIENT, 401, "invalid_client", None),
    ],
)
async def test_the_token_endpoint_fails_with_googles_words(
    google: GoogleApp, failure: Failure, status: int, error: str, subtype: str | None
) -> None:
    google.sandbox.fail(failure, on=Endpoint.REFRESH)

    failed = await google.calls(Endpoint.REFRESH)

    body = failed.json()
    assert (status, error, subtype) == (failed.status_code, body["error"], body.get("error_subtype"))


@pytest.mark.parametrize(
    ("failure", "made"),
    [(Failure.BAD_GATEWAY, 1), (Failure.NO_LINK, 1)],
)
async def test_a_space_may_be_made_that_nobody_hears_of(google: GoogleApp, failure: Failure, made: int) -> None:
    google.sandbox.fail(failure, on=Endpoint.SPACES)

    with suppress(httpx.TransportError):
        await google.calls(Endpoint.SPACES)

    assert made == len(google.sandbox.spaces)


@pytest.mark.parametrize(
    ("failure", "field"), [(Failure.NO_LINK, "meetingUri"), (Failure.NO_NAME, "name"), (Failure.FOREIGN_LINK, "")]
)
async def test_a_success_may_be_none(google: GoogleApp, failure: Failure, field: str) -> None:
    google.sandbox.fail(failure)

    answer = await google.calls(Endpoint.SPACES)

    assert 200 == answer.status_code
    assert field not in answer.json()
    assert "https://meet.google.com/" not in answer.json().get("meetingUri", "") or failure is Failure.NO_NAME


async def test_a_refresh_may_bring_a_new_refresh_token_after_all(google: GoogleApp) -> None:
    old = google.sandbox.authorize(GINA).refresh_token or ""
    google.sandbox.fail(Failure.REFRESH_REPLACED)

    new = (await google.refreshes(old)).json()["refresh_token"]

    assert [400, 200] == [(await google.refreshes(token)).status_code for token in (old, new)]


async def test_google_may_block_the_app(google: GoogleApp) -> None:
    google.sandbox.fail(Failure.APP_BLOCKED)

    blocked = await google.decides()

    assert "admin_policy_enforced" in blocked.text
    assert "code" in returned(await google.decides())
