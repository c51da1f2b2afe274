"""Lifetimes of tokens and what ends them."""

import httpx
import pytest

from adapters.sandbox.microsoft.accounts import MIA, TOM
from tests.adapters.sandbox.microsoft.microsoft_app import MEETING, MicrosoftApp
from tests.adapters.sandbox.zoom_app import bearer


async def test_a_refresh_brings_a_new_pair_and_the_old_refresh_token_stays_good(microsoft: MicrosoftApp) -> None:
    tokens = await microsoft.connects()

    first, second = [(await microsoft.refreshes(tokens["refresh_token"])).json() for _ in range(2)]

    assert 3 == len({tokens["refresh_token"], first["refresh_token"], second["refresh_token"]})
    assert tokens["scope"] == second["scope"]
    assert httpx.codes.CREATED == (await microsoft.books(second["access_token"])).status_code


async def test_each_refresh_token_lives_ninety_days_from_its_own_making(microsoft: MicrosoftApp) -> None:
    old = microsoft.sandbox.authorize(MIA).refresh_token
    microsoft.clock.pass_by(days=89)
    new = (await microsoft.refreshes(old)).json()["refresh_token"]
    microsoft.clock.pass_by(days=1)

    dead, alive = await microsoft.refreshes(old), await microsoft.refreshes(new)

    assert ("invalid_grant", [700082]) == (dead.json()["error"], dead.json()["error_codes"])
    assert httpx.codes.OK == alive.status_code


async def test_removing_the_app_ends_everything_of_that_account_and_nothing_of_others(microsoft: MicrosoftApp) -> None:
    one, other = await microsoft.connects(), await microsoft.connects()
    of_tom = await microsoft.connects(account=TOM)

    microsoft.sandbox.remove(MIA)

    dead = await microsoft.refreshes(other["refresh_token"])
    assert ("invalid_grant", [50173]) == (dead.json()["error"], dead.json()["error_codes"])
    assert httpx.codes.UNAUTHORIZED == (await microsoft.books(one["access_token"])).status_code
    assert httpx.codes.OK == (await microsoft.refreshes(of_tom["refresh_token"])).status_code


@pytest.mark.parametrize("path", ["/revoke", "/organizations/oauth2/v2.0/revoke", "/organizations/oauth2/v2.0/logout"])
async def test_there_is_nowhere_to_revoke(microsoft: MicrosoftApp, path: str) -> None:
    token = (await microsoft.connects())["refresh_token"]

    assert httpx.codes.NOT_FOUND == (await microsoft.http.post(path, data={"token": token})).status_code
    assert httpx.codes.OK == (await microsoft.refreshes(token)).status_code


@pytest.mark.parametrize("headers", [{}, bearer("garbage"), {"authorization": "Basic eA=="}])
async def test_without_a_good_token_nothing_is_made(microsoft: MicrosoftApp, headers: dict[str, str]) -> None:
    refused = await microsoft.http.post("/v1.0/me/onlineMeetings/createOrGet", json=MEETING, headers=headers)

    assert (401, "InvalidAuthenticationToken") == (refused.status_code, refused.json()["error"]["code"])
