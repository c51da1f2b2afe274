"""Microsoft Teams' client against the sandbox over real HTTP, in what only Microsoft does."""

from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.microsoft.client import SCOPES, MicrosoftTeamsClient
from adapters.microsoft.settings import MicrosoftTeamsSettings
from adapters.sandbox.microsoft.accounts import LIV, MIA, NED, PIA, TOM, MicrosoftAccount
from adapters.sandbox.microsoft.scopes import MEETINGS
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from application.ports.meetings import Meeting
from application.ports.oauth import Grant
from application.ports.provider import (
    NotPermitted,
    PersonalAccount,
    TryLater,
)
from domain.provider_problem import PersonalAccountUnsupported, UnexpectedResponse
from tests.support.consent import consent
from tests.support.failing_transports import failed
from tests.support.microsoft_connected import REDIRECT_URI, Connected, connected, known
from tests.support.zoom_connected import CHALLENGE, NOW, REQUEST, VERIFIER

ASKED_FOR = "openid profile email offline_access https://graph.microsoft.com/OnlineMeetings.ReadWrite"

A_GRANT = Grant("access-secret", "refresh-secret", NOW, SCOPES)


@pytest.fixture
async def app() -> AsyncGenerator[Connected]:
    async with connected() as app:
        yield app


async def consents(app: Connected, account: MicrosoftAccount = MIA) -> str:
    return await consent(app.client.authorize_url("state-1", CHALLENGE), account, frozenset({MEETINGS}))


async def connects(app: Connected, account: MicrosoftAccount = MIA) -> Grant:
    return await app.client.exchange(await consents(app, account), VERIFIER)


async def test_the_way_to_microsoft_asks_for_meetings_and_lets_people_choose_the_account(app: Connected) -> None:
    there = urlsplit(app.client.authorize_url("state-1", CHALLENGE))

    assert "/organizations/oauth2/v2.0/authorize" == there.path
    assert {
        "response_type": "code",
        "response_mode": "query",
        "client_id": app.sandbox.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": ASKED_FOR,
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    } == dict(parse_qsl(there.query))


async def test_a_code_is_traded_with_everything_in_the_form(app: Connected) -> None:
    code = await consents(app)
    await app.client.exchange(code, VERIFIER)

    [seen] = app.sandbox.arrived(MicrosoftEndpoint.CODE)
    assert ({}, None) == (seen.query, seen.headers.get("authorization"))
    assert {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        "scope": ASKED_FOR,
        "client_id": app.sandbox.client_id,
        "client_secret": app.sandbox.client_secret,
    } == seen.form()


async def test_who_has_connected_is_known_by_directory_and_object_and_shown_by_the_sign_in_name(app: Connected) -> None:
    account = await app.client.account(await connects(app, TOM))

    assert known(TOM) == account


async def test_who_has_connected_stays_known_over_a_refresh(app: Connected) -> None:
    grant = await app.client.refresh(await connects(app))

    assert known() == await app.client.account(grant)


@pytest.mark.parametrize("endpoint", [MicrosoftEndpoint.CODE, MicrosoftEndpoint.REFRESH])
async def test_scopes_count_however_microsoft_writes_them(app: Connected, endpoint: MicrosoftEndpoint) -> None:
    app.sandbox.fail(MicrosoftFailure.SHORT_SCOPES, on=endpoint)

    grant = await app.client.refresh(await connects(app))

    assert SCOPES <= grant.scopes


async def test_a_refresh_without_a_new_refresh_token_keeps_the_one_before(app: Connected) -> None:
    old = app.grant()
    app.sandbox.fail(MicrosoftFailure.REFRESH_MISSING, on=MicrosoftEndpoint.REFRESH)

    new = await app.client.refresh(old)

    assert (old.refresh_token, True) == (new.refresh_token, old.access_token != new.access_token)


async def test_a_meeting_carries_the_bookings_key_its_times_and_its_topic(app: Connected) -> None:
    meeting = await app.client.create(app.grant(), REQUEST)

    [made] = app.sandbox.meetings
    [seen] = app.sandbox.arrived(MicrosoftEndpoint.MEETINGS)
    typed = made.body["joinMeetingIdSettings"]
    assert Meeting(made.join_url, typed["joinMeetingId"], typed["passcode"]) == meeting
    assert {
        "externalId": REQUEST.key,
        "startDateTime": "2026-12-01T14:00:00Z",
        "endDateTime": "2026-12-01T14:30:00Z",
        "subject": "Intro call: Anna Host and Ana Brito",
    } == seen.json()
    assert REQUEST.key.startswith(REQUEST.booking_id)


async def test_after_a_lost_answer_the_same_meeting_comes_back(app: Connected) -> None:
    grant = app.grant()
    app.sandbox.fail(MicrosoftFailure.DROP_AFTER, on=MicrosoftEndpoint.MEETINGS)
    await failed(app.client.create(grant, REQUEST))

    meeting = await app.client.create(grant, REQUEST)

    assert [meeting.join_url] == [made.join_url for made in app.sandbox.meetings]
    assert [None, 200] == [seen.status for seen in app.sandbox.arrived(MicrosoftEndpoint.MEETINGS)]


async def test_two_hosts_bookings_never_share_a_meeting(app: Connected) -> None:
    one = await app.client.create(app.grant(MIA), REQUEST)
    other = await app.client.create(app.grant(TOM), REQUEST)

    assert one.join_url != other.join_url


async def test_an_account_without_a_licence_is_sent_to_its_administrator(app: Connected) -> None:
    with pytest.raises(NotPermitted, match="MeetingsNotAllowed"):
        await app.client.create(app.grant(LIV), REQUEST)


async def test_microsoft_keeps_a_personal_account_at_its_own_page(app: Connected) -> None:
    form = {**dict(parse_qsl(urlsplit(app.client.authorize_url("s", CHALLENGE)).query)), "decision": "allow"}
    async with httpx.AsyncClient(trust_env=False) as browser:
        there = urlsplit(app.client.authorize_url("s", CHALLENGE))._replace(query="").geturl()
        answer = await browser.post(there, data={**form, "account": PIA.id})

    assert 400 == answer.status_code
    assert "with a personal account" in answer.text


async def test_a_personal_account_that_comes_through_all_the_same_is_refused_with_words() -> None:
    async with connected(authority="common") as app:
        grant = await connects(app, PIA)

        error = await failed(app.client.account(grant))

    assert (PersonalAccount, PersonalAccountUnsupported("microsoft")) == (type(error), error.problem)


async def test_an_organisation_of_its_own_keeps_everybody_else_out() -> None:
    async with connected(authority=TOM.tenant_id) as app:
        assert known(TOM) == await app.client.account(await connects(app, TOM))


async def test_an_approved_app_can_be_connected_where_only_administrators_may_consent(app: Connected) -> None:
    app.sandbox.tenants.approve(NED.tenant)

    assert known(NED) == await app.client.account(await connects(app, NED))


async def test_tokens_that_do_not_say_whose_they_are_are_worth_another_try(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.ID_TOKEN_MISSING)

    error = await failed(app.client.account(await connects(app)))

    assert (TryLater, UnexpectedResponse("microsoft")) == (type(error), error.problem)


async def test_a_personal_id_token_is_refused_whatever_the_authority(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.PERSONAL_ACCOUNT)

    assert isinstance(await failed(app.client.account(await connects(app))), PersonalAccount)


async def test_revoking_asks_nothing_of_microsoft(app: Connected) -> None:
    grant = app.grant()

    await app.client.revoke(grant)

    assert [] == app.sandbox.requests


async def test_only_these_operations_ever_leave(app: Connected) -> None:
    grant = await app.client.refresh(await connects(app))
    await app.client.account(grant)
    await app.client.create(grant, REQUEST)
    await app.client.revoke(grant)

    assert [
        "GET /organizations/oauth2/v2.0/authorize",
        "POST /organizations/oauth2/v2.0/authorize",
        "POST /organizations/oauth2/v2.0/token",
        "POST /organizations/oauth2/v2.0/token",
        "POST /v1.0/me/onlineMeetings/createOrGet",
    ] == [seen.operation for seen in app.sandbox.requests]
    assert [] == [seen.query for seen in app.sandbox.requests[2:] if seen.query]


async def test_too_few_scopes_show_in_the_grant(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.TOO_FEW_SCOPES)

    assert SCOPES == SCOPES - (await connects(app)).scopes


async def test_a_long_topic_is_cut(app: Connected) -> None:
    await app.client.create(app.grant(), msgspec.structs.replace(REQUEST, title="🐟" * 300))

    assert "🐟" * 200 == app.sandbox.meetings[0].subject


async def test_a_failure_is_logged_with_what_support_asks_for_and_nothing_of_the_message(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.INVALID_CLIENT)
    app.sandbox.fail(MicrosoftFailure.INSUFFICIENT_CLAIMS)
    with capture_logs() as logs:
        await failed(app.client.refresh(app.grant()))
        await failed(app.client.create(app.grant(), REQUEST))

    assert [("refresh", "error", "invalid_client AADSTS7000222"), ("create", "warning", "insufficient_claims")] == [
        (entry["operation"], entry["log_level"], entry["code"]) for entry in logs
    ]
    assert 36 == len(logs[1]["tracking_id"])


def test_microsoft_itself_is_asked_at_the_authority_for_organisations() -> None:
    client = MicrosoftTeamsClient(MicrosoftTeamsSettings("id", "secret-of-ours", REDIRECT_URI), lambda: NOW)

    there = client.authorize_url("state-1", CHALLENGE)

    assert there.startswith("https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?")
