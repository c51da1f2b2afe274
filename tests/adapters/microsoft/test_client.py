"""Microsoft Teams' client against the sandbox over real HTTP, in what only Microsoft does."""

import logging
from collections.abc import AsyncGenerator
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.microsoft.client import SCOPES, MicrosoftTeamsClient
from adapters.microsoft.settings import MicrosoftTeamsSettings
from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.microsoft.accounts import LIV, MIA, NED, PIA, TOM, MicrosoftAccount
from adapters.sandbox.microsoft.scopes import MEETINGS
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.serve import serving
from application.ports.meetings import Meeting
from application.ports.oauth import Grant
from application.ports.provider import (
    AccessTokenExpired,
    AuthorizationRefused,
    NeedsAdmin,
    NotConnected,
    NotPermitted,
    OurFault,
    PersonalAccount,
    ProviderError,
    TryLater,
)
from domain.provider_problem import PersonalAccountUnsupported, TimedOut, UnexpectedResponse
from tests.adapters.http_client.consent import consent
from tests.adapters.http_client.failing import failed
from tests.adapters.microsoft.connected import REDIRECT_URI, Connected, connected, known, settings_at
from tests.adapters.zoom.connected import CHALLENGE, NOW, REQUEST, VERIFIER
from tests.support.stand_in import stand_in

HANGS: frozenset[MicrosoftFailure] = frozenset(
    {MicrosoftFailure.SLOW, MicrosoftFailure.HANG_BEFORE, MicrosoftFailure.HANG_AFTER}
)
ASKED_FOR = "openid profile email offline_access https://graph.microsoft.com/OnlineMeetings.ReadWrite"

A_GRANT = Grant("access-secret", "refresh-secret", NOW, SCOPES)


@pytest.fixture
async def app() -> AsyncGenerator[Connected]:
    async with connected() as app:
        yield app


async def consents(app: Connected, account: MicrosoftAccount = MIA) -> str:
    return await consent(app.microsoft.authorize_url("state-1", CHALLENGE), account, frozenset({MEETINGS}))


async def connects(app: Connected, account: MicrosoftAccount = MIA) -> Grant:
    return await app.microsoft.exchange(await consents(app, account), VERIFIER)


async def test_the_way_to_microsoft_asks_for_meetings_and_lets_people_choose_the_account(app: Connected) -> None:
    there = urlsplit(app.microsoft.authorize_url("state-1", CHALLENGE))

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
    await app.microsoft.exchange(code, VERIFIER)

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
    account = await app.microsoft.account(await connects(app, TOM))

    assert known(TOM) == account


async def test_who_has_connected_stays_known_over_a_refresh(app: Connected) -> None:
    grant = await app.microsoft.refresh(await connects(app))

    assert known() == await app.microsoft.account(grant)


@pytest.mark.parametrize("endpoint", [MicrosoftEndpoint.CODE, MicrosoftEndpoint.REFRESH])
async def test_scopes_count_however_microsoft_writes_them(app: Connected, endpoint: MicrosoftEndpoint) -> None:
    app.sandbox.fail(MicrosoftFailure.SHORT_SCOPES, on=endpoint)

    grant = await app.microsoft.refresh(await connects(app))

    assert SCOPES <= grant.scopes


async def test_a_refresh_without_a_new_refresh_token_keeps_the_one_before(app: Connected) -> None:
    old = app.grant()
    app.sandbox.fail(MicrosoftFailure.REFRESH_MISSING, on=MicrosoftEndpoint.REFRESH)

    new = await app.microsoft.refresh(old)

    assert (old.refresh_token, True) == (new.refresh_token, old.access_token != new.access_token)


async def test_a_meeting_carries_the_bookings_key_its_times_and_its_topic(app: Connected) -> None:
    meeting = await app.microsoft.create(app.grant(), REQUEST)

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
    await failed(app.microsoft.create(grant, REQUEST))

    meeting = await app.microsoft.create(grant, REQUEST)

    assert [meeting.join_url] == [made.join_url for made in app.sandbox.meetings]
    assert [None, 200] == [seen.status for seen in app.sandbox.arrived(MicrosoftEndpoint.MEETINGS)]


async def test_two_hosts_bookings_never_share_a_meeting(app: Connected) -> None:
    one = await app.microsoft.create(app.grant(MIA), REQUEST)
    other = await app.microsoft.create(app.grant(TOM), REQUEST)

    assert one.join_url != other.join_url


async def test_an_account_without_a_licence_is_sent_to_its_administrator(app: Connected) -> None:
    with pytest.raises(NotPermitted, match="MeetingsNotAllowed"):
        await app.microsoft.create(app.grant(LIV), REQUEST)


async def test_microsoft_keeps_a_personal_account_at_its_own_page(app: Connected) -> None:
    form = {**dict(parse_qsl(urlsplit(app.microsoft.authorize_url("s", CHALLENGE)).query)), "decision": "allow"}
    async with httpx.AsyncClient(trust_env=False) as browser:
        there = urlsplit(app.microsoft.authorize_url("s", CHALLENGE))._replace(query="").geturl()
        answer = await browser.post(there, data={**form, "account": PIA.id})

    assert 400 == answer.status_code
    assert "with a personal account" in answer.text


async def test_a_personal_account_that_comes_through_all_the_same_is_refused_with_words() -> None:
    async with connected(authority="common") as app:
        grant = await connects(app, PIA)

        error = await failed(app.microsoft.account(grant))

    assert (PersonalAccount, PersonalAccountUnsupported("microsoft")) == (type(error), error.problem)


async def test_an_organisation_of_its_own_keeps_everybody_else_out() -> None:
    async with connected(authority=TOM.tenant_id) as app:
        assert known(TOM) == await app.microsoft.account(await connects(app, TOM))


async def test_an_approved_app_can_be_connected_where_only_administrators_may_consent(app: Connected) -> None:
    app.sandbox.tenants.approve(NED.tenant)

    assert known(NED) == await app.microsoft.account(await connects(app, NED))


async def test_tokens_that_do_not_say_whose_they_are_are_worth_another_try(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.ID_TOKEN_MISSING)

    error = await failed(app.microsoft.account(await connects(app)))

    assert (TryLater, UnexpectedResponse("microsoft")) == (type(error), error.problem)


async def test_a_personal_id_token_is_refused_whatever_the_authority(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.PERSONAL_ACCOUNT)

    assert isinstance(await failed(app.microsoft.account(await connects(app))), PersonalAccount)


async def test_revoking_asks_nothing_of_microsoft(app: Connected) -> None:
    grant = app.grant()

    await app.microsoft.revoke(grant)

    assert [] == app.sandbox.requests


async def test_only_these_operations_ever_leave(app: Connected) -> None:
    grant = await app.microsoft.refresh(await connects(app))
    await app.microsoft.account(grant)
    await app.microsoft.create(grant, REQUEST)
    await app.microsoft.revoke(grant)

    assert [
        "GET /organizations/oauth2/v2.0/authorize",
        "POST /organizations/oauth2/v2.0/authorize",
        "POST /organizations/oauth2/v2.0/token",
        "POST /organizations/oauth2/v2.0/token",
        "POST /v1.0/me/onlineMeetings/createOrGet",
    ] == [seen.operation for seen in app.sandbox.requests]
    assert [] == [seen.query for seen in app.sandbox.requests[2:] if seen.query]


CREATE_FAILS: dict[MicrosoftFailure, tuple[type[ProviderError], bool]] = {
    MicrosoftFailure.ACCESS_EXPIRED: (AccessTokenExpired, False),
    MicrosoftFailure.ACCESS_REFUSED: (AccessTokenExpired, False),
    MicrosoftFailure.FORBIDDEN: (NotPermitted, False),
    MicrosoftFailure.INSUFFICIENT_CLAIMS: (NotConnected, False),
    MicrosoftFailure.BAD_REQUEST: (OurFault, False),
    MicrosoftFailure.TOO_MANY_REQUESTS: (TryLater, False),
    MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS: (TryLater, False),
    MicrosoftFailure.TOO_MANY_REQUESTS_DATE: (TryLater, False),
    MicrosoftFailure.NO_LINK: (TryLater, True),
    MicrosoftFailure.FOREIGN_LINK: (TryLater, True),
    MicrosoftFailure.NO_ID: (TryLater, True),
    MicrosoftFailure.SERVER_ERROR: (TryLater, False),
    MicrosoftFailure.GATEWAY_TIMEOUT: (TryLater, True),
    MicrosoftFailure.UNAVAILABLE_HTML: (TryLater, False),
    MicrosoftFailure.REDIRECT: (TryLater, False),
    MicrosoftFailure.OK_XML: (TryLater, True),
    MicrosoftFailure.OK_EMPTY: (TryLater, True),
    MicrosoftFailure.DROP_BEFORE: (TryLater, True),
    MicrosoftFailure.DROP_AFTER: (TryLater, True),
}

REFRESH_FAILS: dict[MicrosoftFailure, tuple[type[ProviderError], bool]] = {
    MicrosoftFailure.INVALID_GRANT: (NotConnected, False),
    MicrosoftFailure.GRANT_REVOKED: (NotConnected, False),
    MicrosoftFailure.INTERACTION_REQUIRED: (NotConnected, False),
    MicrosoftFailure.CONSENT_REQUIRED: (NotConnected, False),
    MicrosoftFailure.INVALID_CLIENT: (OurFault, False),
    MicrosoftFailure.UNAUTHORIZED_CLIENT: (OurFault, False),
    MicrosoftFailure.INVALID_SCOPE: (OurFault, False),
    MicrosoftFailure.TEMPORARILY_UNAVAILABLE: (TryLater, False),
    MicrosoftFailure.SERVER_ERROR: (TryLater, False),
    MicrosoftFailure.GATEWAY_TIMEOUT: (TryLater, True),
    MicrosoftFailure.UNAVAILABLE_HTML: (TryLater, False),
    MicrosoftFailure.REDIRECT: (TryLater, False),
    MicrosoftFailure.OK_XML: (TryLater, True),
    MicrosoftFailure.OK_EMPTY: (TryLater, True),
    MicrosoftFailure.DROP_BEFORE: (TryLater, True),
    MicrosoftFailure.DROP_AFTER: (TryLater, True),
}

EXCHANGE_FAILS: dict[MicrosoftFailure, type[ProviderError]] = {
    MicrosoftFailure.INVALID_GRANT: AuthorizationRefused,
    MicrosoftFailure.INTERACTION_REQUIRED: AuthorizationRefused,
    MicrosoftFailure.CONSENT_REQUIRED: NeedsAdmin,
    MicrosoftFailure.INVALID_CLIENT: OurFault,
    MicrosoftFailure.UNAUTHORIZED_CLIENT: OurFault,
    MicrosoftFailure.INVALID_SCOPE: OurFault,
    MicrosoftFailure.TEMPORARILY_UNAVAILABLE: TryLater,
    MicrosoftFailure.REFRESH_MISSING: TryLater,
    MicrosoftFailure.SERVER_ERROR: TryLater,
    MicrosoftFailure.GATEWAY_TIMEOUT: TryLater,
    MicrosoftFailure.UNAVAILABLE_HTML: TryLater,
    MicrosoftFailure.REDIRECT: TryLater,
    MicrosoftFailure.OK_XML: TryLater,
    MicrosoftFailure.OK_EMPTY: TryLater,
    MicrosoftFailure.DROP_BEFORE: TryLater,
    MicrosoftFailure.DROP_AFTER: TryLater,
}

OF_THE_CODE = {
    MicrosoftFailure.TOO_FEW_SCOPES,
    MicrosoftFailure.SHORT_SCOPES,
    MicrosoftFailure.ID_TOKEN_MISSING,
    MicrosoftFailure.PERSONAL_ACCOUNT,
}


@pytest.mark.parametrize(
    ("endpoint", "covered"),
    [
        (MicrosoftEndpoint.MEETINGS, set(CREATE_FAILS)),
        (MicrosoftEndpoint.REFRESH, {*REFRESH_FAILS, MicrosoftFailure.REFRESH_MISSING, MicrosoftFailure.SHORT_SCOPES}),
        (MicrosoftEndpoint.CODE, {*EXCHANGE_FAILS, *OF_THE_CODE}),
    ],
)
def test_no_failure_of_the_sandbox_is_left_out(endpoint: MicrosoftEndpoint, covered: set[MicrosoftFailure]) -> None:
    assert {failure for failure in MicrosoftFailure if endpoint in failure.where} == covered | HANGS


@pytest.mark.parametrize(("failure", "expected"), CREATE_FAILS.items())
async def test_every_failure_of_creating_has_one_meaning(
    app: Connected, failure: MicrosoftFailure, expected: tuple[type[ProviderError], bool]
) -> None:
    grant = app.grant()
    app.sandbox.fail(failure, on=MicrosoftEndpoint.MEETINGS)

    error = await failed(app.microsoft.create(grant, REQUEST))

    assert expected == (type(error), error.left_behind)
    assert 1 == len(app.sandbox.arrived(MicrosoftEndpoint.MEETINGS))


@pytest.mark.parametrize(("failure", "expected"), REFRESH_FAILS.items())
async def test_every_failure_of_refreshing_has_one_meaning(
    app: Connected, failure: MicrosoftFailure, expected: tuple[type[ProviderError], bool]
) -> None:
    grant = app.grant()
    app.sandbox.fail(failure, on=MicrosoftEndpoint.REFRESH)

    error = await failed(app.microsoft.refresh(grant))

    assert expected == (type(error), error.left_behind)
    assert 1 == len(app.sandbox.arrived(MicrosoftEndpoint.REFRESH))


@pytest.mark.parametrize(("failure", "kind"), EXCHANGE_FAILS.items())
async def test_every_failure_of_trading_a_code_has_one_meaning(
    app: Connected, failure: MicrosoftFailure, kind: type[ProviderError]
) -> None:
    app.sandbox.fail(failure, on=MicrosoftEndpoint.CODE)

    assert kind is type(await failed(connects(app)))


async def test_too_few_scopes_show_in_the_grant(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.TOO_FEW_SCOPES)

    assert SCOPES == SCOPES - (await connects(app)).scopes


@pytest.mark.parametrize(
    "failure", [MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS, MicrosoftFailure.TOO_MANY_REQUESTS_DATE]
)
async def test_microsofts_wish_of_when_to_come_back_is_read_in_both_forms(
    app: Connected, failure: MicrosoftFailure
) -> None:
    app.sandbox.fail(failure)

    error = await failed(app.microsoft.create(app.grant(), REQUEST))

    assert isinstance(error, TryLater)
    assert NOW + timedelta(seconds=7) == error.at


@pytest.mark.parametrize(("failure", "made"), [(MicrosoftFailure.HANG_BEFORE, 0), (MicrosoftFailure.HANG_AFTER, 1)])
async def test_an_answer_that_never_comes_may_have_left_a_meeting_behind(failure: MicrosoftFailure, made: int) -> None:
    async with connected(total=timedelta(seconds=0.5)) as app:
        app.sandbox.fail(failure, on=MicrosoftEndpoint.MEETINGS)

        error = await failed(app.microsoft.create(app.grant(), REQUEST))

        assert (TimedOut("microsoft"), True, made) == (error.problem, error.left_behind, len(app.sandbox.meetings))


async def test_a_redirect_is_not_followed() -> None:
    paths: list[str] = []

    async def away(request: Request) -> Reply:
        paths.append(request.path)
        return Reply(307, b"", (("location", "/elsewhere"),))

    async with serving(stand_in(away)) as url:
        client = MicrosoftTeamsClient(settings_at(url), lambda: NOW)
        error = await failed(client.create(A_GRANT, REQUEST))
        await client.aclose()

    assert (["/v1.0/me/onlineMeetings/createOrGet"], UnexpectedResponse("microsoft")) == (paths, error.problem)


async def test_a_long_topic_is_cut(app: Connected) -> None:
    await app.microsoft.create(app.grant(), msgspec.structs.replace(REQUEST, title="🐟" * 300))

    assert "🐟" * 200 == app.sandbox.meetings[0].subject


async def test_a_failure_is_logged_with_what_support_asks_for_and_nothing_of_the_message(app: Connected) -> None:
    app.sandbox.fail(MicrosoftFailure.INVALID_CLIENT)
    app.sandbox.fail(MicrosoftFailure.INSUFFICIENT_CLAIMS)
    with capture_logs() as logs:
        await failed(app.microsoft.refresh(app.grant()))
        await failed(app.microsoft.create(app.grant(), REQUEST))

    assert [("refresh", "error", "invalid_client AADSTS7000222"), ("create", "warning", "insufficient_claims")] == [
        (entry["operation"], entry["log_level"], entry["code"]) for entry in logs
    ]
    assert 36 == len(logs[1]["tracking_id"])


async def test_no_secret_is_returned_logged_or_shown_by_anything(
    app: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[object] = []
    code = await consents(app)
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        grant = await app.microsoft.exchange(code, VERIFIER)
        shown += [repr(grant), await app.microsoft.account(grant), await app.microsoft.create(grant, REQUEST)]
        for failure in CREATE_FAILS:
            app.sandbox.fail(failure, on=MicrosoftEndpoint.MEETINGS)
            error = await failed(app.microsoft.create(grant, REQUEST))
            shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
        error = await failed(app.microsoft.exchange(code, VERIFIER))
        shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]

    of_the_client = ("adapters.microsoft", "adapters.http_client", "httpx", "httpcore")
    records = [record.getMessage() for record in caplog.records if record.name.startswith(of_the_client)]
    text = f"{shown} {logs} {records}"
    assert [] == [
        secret for secret in (*app.sandbox.secrets, app.sandbox.client_secret, VERIFIER, "Bearer") if secret in text
    ]


def test_settings_do_not_show_the_secret() -> None:
    settings = MicrosoftTeamsSettings("id", "secret-of-ours", REDIRECT_URI)

    assert "secret-of-ours" not in f"{settings} {settings!r} {settings.__rich_repr__()}"


def test_microsoft_itself_is_asked_at_the_authority_for_organisations() -> None:
    client = MicrosoftTeamsClient(MicrosoftTeamsSettings("id", "secret-of-ours", REDIRECT_URI), lambda: NOW)

    there = client.authorize_url("state-1", CHALLENGE)

    assert there.startswith("https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?")
