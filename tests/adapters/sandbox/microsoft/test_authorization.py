"""Authorization follows Microsoft's rules."""

from typing import Any

import httpx
import pytest

from adapters.sandbox.microsoft.accounts import MIA, NED, PIA, TOM, MicrosoftAccount
from adapters.sandbox.microsoft.scopes import MEETINGS
from tests.adapters.sandbox.microsoft.microsoft_app import AUTHORIZE, CALLBACK, TOKEN, MicrosoftApp, claims_of
from tests.adapters.sandbox.zoom_app import returned


async def test_the_consent_page_names_the_app_the_accounts_and_the_permission(microsoft: MicrosoftApp) -> None:
    shown = (await microsoft.http.get(AUTHORIZE, params=microsoft.asks())).text

    for words in ("Permissions requested by TimeTuna", "not the real Microsoft", "Mia Höst", "personal account"):
        assert words in shown
    assert 1 == shown.count('type="checkbox"')
    assert "<script" not in shown


async def test_declining_sends_the_person_back_with_access_denied(microsoft: MicrosoftApp) -> None:
    back = returned(await microsoft.decides("decline"))

    assert ("access_denied", "opaque state/1") == (back["error"], back["state"])
    assert back["error_description"].startswith("AADSTS65004: ")


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"client_id": "someone-else"}, 700016),
        ({"redirect_uri": f"{CALLBACK}/"}, 50011),
        ({"redirect_uri": "https://evil.example/"}, 50011),
        ({"response_type": "token"}, 700054),
        ({"response_mode": "fragment"}, 70007),
        ({"scope": ""}, 900144),
        ({"scope": "openid https://graph.microsoft.com/OnlineMeetings.ReadWrites"}, 70011),
        ({"prompt": "always"}, 90023),
        ({"code_challenge_method": "S512"}, 501491),
    ],
)
async def test_a_request_that_cannot_be_right_ends_on_an_error_page(
    microsoft: MicrosoftApp, changes: dict[str, str], number: int
) -> None:
    page = await microsoft.http.get(AUTHORIZE, params=microsoft.asks(**changes))
    form = {**microsoft.asks(**changes), "account": TOM.id, "decision": "allow"}
    decision = await microsoft.http.post(AUTHORIZE, data=form)

    for response in (page, decision):
        assert httpx.codes.BAD_REQUEST == response.status_code
        assert f"AADSTS{number}: " in response.text


@pytest.mark.parametrize(
    ("account", "authority", "may"),
    [
        (MIA, "organizations", True),
        (TOM, "organizations", True),
        (PIA, "organizations", False),
        (PIA, "common", True),
        (PIA, "consumers", True),
        (MIA, "consumers", False),
        (MIA, "common", True),
        (MIA, MIA.tenant_id, True),
        (MIA, MIA.tenant, True),
        (TOM, MIA.tenant_id, False),
        (PIA, MIA.tenant_id, False),
    ],
)
async def test_the_authority_says_who_may_sign_in(
    microsoft: MicrosoftApp, account: MicrosoftAccount, authority: str, may: bool
) -> None:
    response = await microsoft.decides(account=account, authority=authority)

    assert (httpx.codes.SEE_OTHER if may else httpx.codes.BAD_REQUEST) == response.status_code
    assert may == ("AADSTS50020" not in response.text)


async def test_where_users_may_not_consent_the_way_ends_at_need_admin_approval(microsoft: MicrosoftApp) -> None:
    page = await microsoft.decides(account=NED)
    back = returned(await microsoft.decides("return", account=NED))

    assert httpx.codes.OK == page.status_code
    assert "Need admin approval" in page.text
    assert "Return to the application without granting consent" in page.text
    assert ("consent_required", "opaque state/1") == (back["error"], back["state"])
    assert back["error_description"].startswith("AADSTS90094: ")


async def test_an_administrators_approval_lets_its_people_consent_and_can_be_withdrawn(microsoft: MicrosoftApp) -> None:
    microsoft.sandbox.tenants.approve(NED.tenant)
    approved = await microsoft.decides(account=NED)
    microsoft.sandbox.tenants.approve(NED.tenant, approved=False)
    withdrawn = await microsoft.decides(account=NED)

    assert "code" in returned(approved)
    assert "Need admin approval" in withdrawn.text


async def test_only_meetings_are_an_administrators_to_give(microsoft: MicrosoftApp) -> None:
    assert "code" in returned(await microsoft.decides(account=NED, scope="openid profile"))


async def test_a_code_buys_tokens_and_says_who_has_signed_in(microsoft: MicrosoftApp) -> None:
    answer = await microsoft.connects(account=TOM)

    assert {
        "token_type",
        "scope",
        "expires_in",
        "ext_expires_in",
        "access_token",
        "refresh_token",
        "id_token",
    } == answer.keys()
    assert ("Bearer", 3599, f"openid profile email {MEETINGS}") == (
        answer["token_type"],
        answer["expires_in"],
        answer["scope"],
    )
    said = claims_of(answer["id_token"])
    assert (TOM.id, TOM.tenant_id, TOM.email, microsoft.sandbox.client_id) == (
        said["oid"],
        said["tid"],
        said["preferred_username"],
        said["aud"],
    )


async def test_without_openid_nobody_says_who_has_signed_in(microsoft: MicrosoftApp) -> None:
    assert "id_token" not in await microsoft.connects(scope=f"offline_access {MEETINGS}")


async def test_without_offline_access_there_is_no_refresh_token(microsoft: MicrosoftApp) -> None:
    assert "refresh_token" not in await microsoft.connects(scope=f"openid {MEETINGS}")


async def test_scopes_may_be_asked_for_without_their_address(microsoft: MicrosoftApp) -> None:
    answer = await microsoft.connects(scope="openid onlinemeetings.readwrite")

    assert ["openid", MEETINGS] == answer["scope"].split()


async def test_a_code_works_once(microsoft: MicrosoftApp) -> None:
    code = await microsoft.code()
    await microsoft.redeems(code)

    again = await microsoft.redeems(code)

    assert (400, "invalid_grant", [54005]) == (again.status_code, again.json()["error"], again.json()["error_codes"])


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"redirect_uri": f"{CALLBACK}/"}, 400, "invalid_grant"),
        ({"code_verifier": "another-verifier"}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_request"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"audience": "graph"}, 400, "invalid_request"),
        ({"scope": "openid nonsense"}, 400, "invalid_scope"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
    ],
)
async def test_a_code_with_the_wrong_company_is_refused(
    microsoft: MicrosoftApp, changes: dict[str, str], status: int, error: str
) -> None:
    refused = await microsoft.redeems(await microsoft.code(), **changes)

    body = refused.json()
    assert (status, error) == (refused.status_code, body["error"])
    assert body["error_description"].startswith(f"AADSTS{body['error_codes'][0]}: ")


async def test_only_form_bodies_count(microsoft: MicrosoftApp) -> None:
    form: dict[str, Any] = {"grant_type": "authorization_code", "code": await microsoft.code()}

    as_json = await microsoft.http.post(TOKEN, json=form)
    in_the_query = await microsoft.http.post(TOKEN, params=form)

    assert ["invalid_request"] * 2 == [answer.json()["error"] for answer in (as_json, in_the_query)]
