"""Every failure happens as described and as often as requested."""

from contextlib import suppress

import httpx
import pytest

from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.switches import Endpoint, Failure
from tests.adapters.sandbox.google.google_app import GoogleApp
from tests.adapters.sandbox.zoom_app import returned


async def calls(google: GoogleApp, endpoint: Endpoint) -> httpx.Response:
    """Make a call that is right in every way."""
    match endpoint:
        case Endpoint.AUTHORIZE:
            return await google.decides()
        case Endpoint.CODE:
            return await google.redeems(await google.code())
        case Endpoint.REFRESH:
            return await google.refreshes(google.sandbox.authorize(GINA).refresh_token or "")
        case Endpoint.REVOKE:
            return await google.revokes(google.sandbox.authorize(GINA).access_token)
        case Endpoint.USERINFO:
            return await google.reads(google.sandbox.authorize(GINA).access_token)
        case Endpoint.SPACES:
            return await google.books(google.sandbox.authorize(GINA).access_token)


@pytest.mark.parametrize(
    ("failure", "endpoint"), [(failure, endpoint) for failure in Failure for endpoint in failure.where]
)
async def test_every_failure_happens_once_wherever_it_can(
    google: GoogleApp, failure: Failure, endpoint: Endpoint
) -> None:
    google.sandbox.fail(failure, on=endpoint, seconds=0.0)

    with suppress(httpx.TransportError):
        await calls(google, endpoint)
    right = await calls(google, endpoint)

    assert [failure, None] == [seen.failure for seen in google.sandbox.arrived(endpoint)]
    assert right.status_code < httpx.codes.BAD_REQUEST
    assert failure.says


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

    failed = await calls(google, Endpoint.SPACES)

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

    failed = await calls(google, Endpoint.REFRESH)

    body = failed.json()
    assert (status, error, subtype) == (failed.status_code, body["error"], body.get("error_subtype"))


@pytest.mark.parametrize(
    ("failure", "made"),
    [(Failure.DROP_BEFORE, 0), (Failure.DROP_AFTER, 1), (Failure.BAD_GATEWAY, 1), (Failure.NO_LINK, 1)],
)
async def test_a_space_may_be_made_that_nobody_hears_of(google: GoogleApp, failure: Failure, made: int) -> None:
    google.sandbox.fail(failure, on=Endpoint.SPACES)

    with suppress(httpx.TransportError):
        await calls(google, Endpoint.SPACES)

    assert made == len(google.sandbox.spaces)


@pytest.mark.parametrize(
    ("failure", "field"), [(Failure.NO_LINK, "meetingUri"), (Failure.NO_NAME, "name"), (Failure.FOREIGN_LINK, "")]
)
async def test_a_success_may_be_none(google: GoogleApp, failure: Failure, field: str) -> None:
    google.sandbox.fail(failure)

    answer = await calls(google, Endpoint.SPACES)

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
