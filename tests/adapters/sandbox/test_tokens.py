"""Lifetimes of a pair of tokens and what ends it."""

import httpx
import pytest

from adapters.sandbox.zoom.accounts import ANNA, BEN
from tests.adapters.sandbox.zoom_app import ZoomApp, bearer

DEAD = {"reason": "Invalid Token!", "error": "invalid_grant"}


async def test_a_refresh_gives_a_new_pair_and_the_old_refresh_token_is_dead(zoom: ZoomApp) -> None:
    first = await zoom.connects()

    second = (await zoom.refreshes(first["refresh_token"])).json()
    old_again = await zoom.refreshes(first["refresh_token"])

    assert first["refresh_token"] != second["refresh_token"]
    assert await zoom.is_known(second["access_token"])
    assert (400, DEAD) == (old_again.status_code, old_again.json())
    assert httpx.codes.OK == (await zoom.refreshes(second["refresh_token"])).status_code


async def test_with_grace_an_old_refresh_token_still_works(zoom: ZoomApp) -> None:
    zoom.sandbox.grants.grace = True
    first = zoom.sandbox.authorize(ANNA)
    await zoom.refreshes(first.refresh_token)

    again = await zoom.refreshes(first.refresh_token)

    assert httpx.codes.OK == again.status_code


async def test_a_refresh_token_lives_ninety_days(zoom: ZoomApp) -> None:
    idle, kept = zoom.sandbox.authorize(ANNA), zoom.sandbox.authorize(BEN)
    zoom.clock.pass_by(days=30)
    renewed = (await zoom.refreshes(kept.refresh_token)).json()
    zoom.clock.pass_by(days=60)

    assert DEAD == (await zoom.refreshes(idle.refresh_token)).json()
    assert httpx.codes.OK == (await zoom.refreshes(renewed["refresh_token"])).status_code


async def test_a_refresh_keeps_the_scopes(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA, ("user:read:user",))

    assert "user:read:user" == (await zoom.refreshes(pair.refresh_token)).json()["scope"]


async def test_revoking_kills_both_tokens(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)

    answer = await zoom.revokes(pair.access_token)

    assert {"status": "success"} == answer.json()
    refused = await zoom.reads_me(pair.access_token)
    assert (401, 124) == (refused.status_code, refused.json()["code"])
    assert DEAD == (await zoom.refreshes(pair.refresh_token)).json()


async def test_an_expired_access_token_cannot_be_revoked(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)
    zoom.sandbox.grants.expire_access_tokens()

    refused = await zoom.revokes(pair.access_token)

    assert httpx.codes.BAD_REQUEST == refused.status_code
    assert httpx.codes.OK == (await zoom.refreshes(pair.refresh_token)).status_code


async def test_revoking_one_account_leaves_the_others(zoom: ZoomApp) -> None:
    anna, ben = zoom.sandbox.authorize(ANNA), zoom.sandbox.authorize(BEN)

    await zoom.revokes(anna.access_token)

    assert await zoom.is_known(ben.access_token)


@pytest.mark.parametrize(
    ("method", "path", "parameter"),
    [
        ("GET", "/v2/users/me", "access_token"),
        ("POST", "/v2/users/me/meetings", "access_token"),
        ("POST", "/oauth/token", "refresh_token"),
        ("POST", "/oauth/revoke", "token"),
    ],
)
async def test_a_token_in_the_query_string_is_refused(zoom: ZoomApp, method: str, path: str, parameter: str) -> None:
    token = zoom.sandbox.authorize(ANNA).access_token

    refused = await zoom.http.request(method, path, params={parameter: token}, auth=zoom.basic)

    message = "Invalid access token, this access token is not supported as query parameter string."
    assert (401, {"code": 124, "message": message}) == (refused.status_code, refused.json())


@pytest.mark.parametrize("headers", [{}, bearer("garbage"), {"authorization": "Basic eA=="}])
async def test_without_a_good_token_the_api_says_124(zoom: ZoomApp, headers: dict[str, str]) -> None:
    refused = await zoom.http.get("/v2/users/me", headers=headers)

    assert (401, {"code": 124, "message": "Invalid access token."}) == (refused.status_code, refused.json())
