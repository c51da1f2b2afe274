"""Authorization follows Zoom's rules."""

from typing import Any

import httpx
import pytest

from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.grants import SCOPES
from tests.adapters.sandbox.zoom_app import CALLBACK, CHALLENGE, VERIFIER, ZoomApp, returned


async def test_the_consent_page_names_the_app_the_accounts_and_both_scopes(zoom: ZoomApp) -> None:
    shown = (await zoom.http.get("/oauth/authorize", params=zoom.asks())).text

    for words in ("TimeTuna asks", "Sandbox Zoom – not the real Zoom", "Anna Höst", *SCOPES, "Allow", "Decline"):
        assert words in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "someone-else"}, "4702"),
        ({"redirect_uri": f"{CALLBACK}/"}, "4709"),
        ({"redirect_uri": "https://evil.example/"}, "4709"),
        ({"response_type": "token"}, "4706"),
        ({"code_challenge_method": "S512"}, "4706"),
    ],
)
async def test_a_request_that_cannot_be_right_ends_on_an_error_page(
    zoom: ZoomApp, changes: dict[str, str], code: str
) -> None:
    page = await zoom.http.get("/oauth/authorize", params=zoom.asks(**changes))
    form = {**zoom.asks(**changes), "account": ANNA.id, "decision": "allow"}
    decision = await zoom.http.post("/oauth/authorize", data=form)

    for response in (page, decision):
        assert httpx.codes.BAD_REQUEST == response.status_code
        assert response.headers["content-type"].startswith("text/html")
        assert f"({code})" in response.text


async def test_a_code_buys_a_pair_of_tokens(zoom: ZoomApp) -> None:
    answer = await zoom.connects()

    assert "bearer" == answer["token_type"]
    assert 3599 == answer["expires_in"]
    assert set(SCOPES) == set(answer["scope"].split())
    assert "https://api.zoom.us" == answer["api_url"]
    for token in (answer["access_token"], answer["refresh_token"]):
        assert len(token) > 600
        assert 2 == token.count(".")


async def test_a_scope_parameter_changes_nothing(zoom: ZoomApp) -> None:
    page = await zoom.http.get("/oauth/authorize", params=zoom.asks(scope="user:read:user"))

    assert all(scope in page.text for scope in SCOPES)


async def test_a_code_works_once(zoom: ZoomApp) -> None:
    code = await zoom.code()
    await zoom.redeems(code)

    again = await zoom.redeems(code)

    assert httpx.codes.BAD_REQUEST == again.status_code
    assert {"reason": f"Invalid authorization code {code}", "error": "invalid_request"} == again.json()


async def test_a_code_lives_five_minutes(zoom: ZoomApp) -> None:
    code, late = await zoom.code(), await zoom.code()
    zoom.clock.pass_by(minutes=4, seconds=59)
    in_time = await zoom.redeems(code)
    zoom.clock.pass_by(seconds=1)

    too_late = await zoom.redeems(late)

    assert httpx.codes.OK == in_time.status_code
    assert httpx.codes.BAD_REQUEST == too_late.status_code
    assert "4733" in too_late.json()["reason"]


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": CALLBACK.upper()},
        {"code_verifier": "another-verifier"},
        {"code_verifier": CHALLENGE},
        {"code_verifier": ""},
    ],
)
async def test_a_code_with_the_wrong_company_is_refused_and_spent(zoom: ZoomApp, changes: dict[str, str]) -> None:
    code = await zoom.code()

    refused = await zoom.redeems(code, **changes)
    then_right = await zoom.redeems(code)

    assert [400, 400] == [refused.status_code, then_right.status_code]
    assert {"reason", "error"} == refused.json().keys()


async def test_a_challenge_without_a_method_is_the_verifier_itself(zoom: ZoomApp) -> None:
    form = {**zoom.asks(code_challenge=VERIFIER), "account": ANNA.id, "decision": "allow"}
    del form["code_challenge_method"]
    code = returned(await zoom.http.post("/oauth/authorize", data=form))["code"]

    assert httpx.codes.OK == (await zoom.redeems(code)).status_code


async def test_only_basic_authentication_counts(zoom: ZoomApp) -> None:
    client_id, secret = zoom.basic
    form = {"grant_type": "authorization_code", "code": await zoom.code(), "redirect_uri": CALLBACK}
    in_the_body = {**form, "client_id": client_id, "client_secret": secret}
    attempts: list[dict[str, Any]] = [
        {"data": in_the_body},
        {"data": form, "auth": (client_id, "wrong")},
        {"data": form, "auth": ("wrong", secret)},
        {"data": form, "headers": {"authorization": "Basic %%%"}},
    ]

    for attempt in attempts:
        refused = await zoom.http.post("/oauth/token", **attempt)
        assert httpx.codes.UNAUTHORIZED == refused.status_code
        assert "invalid_client" == refused.json()["error"]


async def test_only_form_bodies_count(zoom: ZoomApp) -> None:
    form = {"grant_type": "authorization_code", "code": await zoom.code(), "redirect_uri": CALLBACK}

    as_json = await zoom.http.post("/oauth/token", json=form, auth=zoom.basic)
    in_the_query = await zoom.http.post("/oauth/token", params=form, auth=zoom.basic)

    assert ["invalid_request"] * 2 == [answer.json()["error"] for answer in (as_json, in_the_query)]


async def test_an_unknown_grant_type_is_named(zoom: ZoomApp) -> None:
    answer = await zoom.http.post("/oauth/token", data={"grant_type": "password"}, auth=zoom.basic)

    assert httpx.codes.BAD_REQUEST == answer.status_code
    assert {"reason": "unsupported grant type", "error": "unsupported_grant_type"} == answer.json()


async def test_connecting_again_ends_the_earlier_tokens(zoom: ZoomApp) -> None:
    earlier, later = await zoom.connects(), await zoom.connects()

    on_the_api = await zoom.reads_me(earlier["access_token"])
    refreshed = await zoom.refreshes(earlier["refresh_token"])

    assert (401, 4741) == (on_the_api.status_code, on_the_api.json()["code"])
    assert "invalid_grant" == refreshed.json()["error"]
    assert await zoom.is_known(later["access_token"])
