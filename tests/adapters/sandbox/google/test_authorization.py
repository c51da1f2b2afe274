"""Authorization follows Google's rules."""

from base64 import urlsafe_b64decode
from typing import Any

import httpx
import msgspec
import pytest

from adapters.sandbox.google.accounts import WILL
from adapters.sandbox.google.scopes import EMAIL, SPACE_CREATED, SPACE_READONLY
from tests.adapters.sandbox.google.google_app import CALLBACK, GoogleApp
from tests.adapters.sandbox.zoom_app import returned


async def test_the_consent_page_names_the_app_the_accounts_and_the_permission(google: GoogleApp) -> None:
    shown = (await google.http.get("/o/oauth2/v2/auth", params=google.asks())).text

    for words in ("TimeTuna wants access", "Sandbox Google – not the real Google", "Gina Höst", "Allow", "Deny"):
        assert words in shown
    assert 1 == shown.count('type="checkbox"')
    assert SPACE_CREATED in shown
    assert "<script" not in shown


async def test_allowing_sends_the_person_back_with_a_code_and_the_state(google: GoogleApp) -> None:
    response = await google.decides()

    assert response.headers["location"].startswith(f"{CALLBACK}?")
    assert {"code", "state", "scope"} == returned(response).keys()
    assert "opaque state/1" == returned(response)["state"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "someone-else"}, "invalid_client"),
        ({"redirect_uri": f"{CALLBACK}/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": ""}, "invalid_request"),
        ({"scope": "openid https://www.googleapis.com/auth/meetings.space.creates"}, "invalid_scope"),
        ({"access_type": "always"}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
    ],
)
async def test_a_request_that_cannot_be_right_ends_on_an_error_page(
    google: GoogleApp, changes: dict[str, str], error: str
) -> None:
    page = await google.http.get("/o/oauth2/v2/auth", params=google.asks(**changes))
    form = {**google.asks(**changes), "account": WILL.id, "decision": "allow"}
    decision = await google.http.post("/o/oauth2/v2/auth", data=form)

    for response in (page, decision):
        assert httpx.codes.BAD_REQUEST == response.status_code
        assert f"(Error: {error})" in response.text


async def test_a_code_buys_tokens_and_says_who_has_signed_in(google: GoogleApp) -> None:
    answer = await google.connects(account=WILL)

    assert {"access_token", "expires_in", "refresh_token", "scope", "token_type", "id_token"} == answer.keys()
    assert ("Bearer", 3599) == (answer["token_type"], answer["expires_in"])
    assert ["openid", EMAIL, SPACE_CREATED] == answer["scope"].split()
    claims = answer["id_token"].split(".")[1]
    said = msgspec.json.decode(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert (WILL.id, WILL.email, google.sandbox.client_id, "https://accounts.google.com", "work.example") == (
        said["sub"],
        said["email"],
        said["aud"],
        said["iss"],
        said["hd"],
    )


async def test_what_was_not_asked_for_cannot_be_ticked(google: GoogleApp) -> None:
    answer = await google.connects(ticked=(SPACE_CREATED, SPACE_READONLY))

    assert SPACE_READONLY not in answer["scope"]


async def test_without_offline_access_there_is_no_refresh_token(google: GoogleApp) -> None:
    assert "refresh_token" not in await google.connects(access_type="")


async def test_without_asking_again_only_the_first_consent_brings_a_refresh_token(google: GoogleApp) -> None:
    first, second = await google.connects(prompt=""), await google.connects(prompt="")

    assert ("refresh_token" in first, "refresh_token" in second) == (True, False)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"redirect_uri": f"{CALLBACK}/"}, 400, "redirect_uri_mismatch"),
        ({"code_verifier": "another-verifier"}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_request"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
    ],
)
async def test_a_code_with_the_wrong_company_is_refused(
    google: GoogleApp, changes: dict[str, str], status: int, error: str
) -> None:
    refused = await google.redeems(await google.code(), **changes)

    assert (status, error) == (refused.status_code, refused.json()["error"])
    assert refused.json()["error_description"]


async def test_only_form_bodies_count(google: GoogleApp) -> None:
    form: dict[str, Any] = {"grant_type": "authorization_code", "code": await google.code()}

    as_json = await google.http.post("/token", json=form)
    in_the_query = await google.http.post("/token", params=form)

    assert ["invalid_request"] * 2 == [answer.json()["error"] for answer in (as_json, in_the_query)]


async def test_connecting_again_leaves_the_earlier_tokens_alone(google: GoogleApp) -> None:
    earlier, later = await google.connects(), await google.connects()

    assert [200, 200] == [(await google.refreshes(tokens["refresh_token"])).status_code for tokens in (earlier, later)]
