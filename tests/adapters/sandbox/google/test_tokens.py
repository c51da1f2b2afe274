"""Lifetimes of tokens and what ends them."""

import httpx
import pytest

from adapters.sandbox.google.accounts import GINA, WILL
from adapters.sandbox.google.grants import MOST_REFRESH_TOKENS
from adapters.sandbox.google.scopes import OPENID, SPACE_CREATED
from tests.adapters.sandbox.google.google_app import GoogleApp
from tests.adapters.sandbox.zoom_app import bearer

DEAD = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}


async def test_a_refresh_brings_no_refresh_token_and_the_old_one_stays_good(google: GoogleApp) -> None:
    tokens = await google.connects()

    first, second = [(await google.refreshes(tokens["refresh_token"])).json() for _ in range(2)]

    assert {"access_token", "expires_in", "scope", "token_type"} == first.keys()
    assert first["access_token"] != second["access_token"]
    assert tokens["scope"] == second["scope"]
    assert httpx.codes.OK == (await google.reads(first["access_token"])).status_code


async def test_a_refresh_token_that_nobody_uses_for_half_a_year_is_dead(google: GoogleApp) -> None:
    idle, used = google.sandbox.authorize(GINA), google.sandbox.authorize(WILL)
    google.clock.pass_by(days=120)
    await google.refreshes(used.refresh_token or "")
    google.clock.pass_by(days=70)

    assert DEAD == (await google.refreshes(idle.refresh_token or "")).json()
    assert httpx.codes.OK == (await google.refreshes(used.refresh_token or "")).status_code


async def test_an_app_in_testing_loses_its_refresh_tokens_after_seven_days(google: GoogleApp) -> None:
    google.sandbox.grants.testing = True
    token = google.sandbox.authorize(GINA).refresh_token or ""
    google.clock.pass_by(days=6, hours=23)
    in_time = await google.refreshes(token)
    google.clock.pass_by(hours=1)

    assert httpx.codes.OK == in_time.status_code
    assert DEAD == (await google.refreshes(token)).json()


async def test_the_oldest_of_more_than_a_hundred_refresh_tokens_is_dropped_silently(google: GoogleApp) -> None:
    oldest, *rest = [google.sandbox.authorize(GINA).refresh_token or "" for _ in range(MOST_REFRESH_TOKENS + 1)]

    assert DEAD == (await google.refreshes(oldest)).json()
    assert httpx.codes.OK == (await google.refreshes(rest[0])).status_code


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_revoking_either_token_ends_everything_of_that_user_and_nothing_of_others(
    google: GoogleApp, which: str
) -> None:
    one, other = await google.connects(), await google.connects()
    of_will = await google.connects(account=WILL)

    answer = await google.revokes(one[which])

    assert httpx.codes.OK == answer.status_code
    assert DEAD == (await google.refreshes(other["refresh_token"])).json()
    assert httpx.codes.UNAUTHORIZED == (await google.books(other["access_token"])).status_code
    assert httpx.codes.OK == (await google.refreshes(of_will["refresh_token"])).status_code


async def test_what_is_dead_cannot_be_revoked(google: GoogleApp) -> None:
    tokens = google.sandbox.authorize(GINA)
    google.sandbox.grants.expire_access_tokens()

    refused = await google.revokes(tokens.access_token)

    assert (400, "invalid_token") == (refused.status_code, refused.json()["error"])
    assert httpx.codes.OK == (await google.refreshes(tokens.refresh_token or "")).status_code


@pytest.mark.parametrize("headers", [{}, bearer("garbage"), {"authorization": "Basic eA=="}])
async def test_without_a_good_token_nothing_is_told(google: GoogleApp, headers: dict[str, str]) -> None:
    who = await google.http.get("/userinfo", headers=headers)
    made = await google.http.post("/v2/spaces", json={}, headers=headers)

    assert (401, "Invalid Credentials") == (who.status_code, who.json()["error_description"])
    assert (401, "UNAUTHENTICATED") == (made.status_code, made.json()["error"]["status"])


async def test_who_has_signed_in_is_told_as_far_as_the_scopes_go(google: GoogleApp) -> None:
    whole = await google.reads(google.sandbox.authorize(WILL).access_token)
    little = await google.reads(google.sandbox.authorize(WILL, (OPENID,)).access_token)
    nothing = await google.reads(google.sandbox.authorize(WILL, (SPACE_CREATED,)).access_token)

    assert {"sub": WILL.id, "email": WILL.email, "email_verified": True, "hd": "work.example"} == whole.json()
    assert {"sub": WILL.id} == little.json()
    assert httpx.codes.UNAUTHORIZED == nothing.status_code
