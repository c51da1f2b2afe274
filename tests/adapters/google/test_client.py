"""Google Meet's client against the sandbox over real HTTP, in what only Google does."""

from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlsplit

import pytest
from structlog.testing import capture_logs

from adapters.google.client import SCOPES, SPACE_CREATED, GoogleMeetClient
from adapters.google.settings import GoogleMeetSettings
from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.google.accounts import GINA, RUTH, WILL
from adapters.sandbox.google.scopes import EMAIL
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from adapters.sandbox.serve import serving
from application.ports.meetings import Meeting
from application.ports.oauth import Grant
from application.ports.provider import (
    AccessTokenExpired,
    NotConnected,
    NotPermitted,
    TryLater,
)
from domain.connection import ProviderAccount
from domain.provider_problem import RateLimited
from tests.support.consent import consent
from tests.support.failing_transports import failed
from tests.support.google_connected import NOW, REDIRECT_URI, Connected, connected, settings_at
from tests.support.stand_in import stand_in
from tests.support.zoom_connected import CHALLENGE, REQUEST, VERIFIER

A_GRANT = Grant("access-secret", "refresh-secret", NOW, SCOPES)


@pytest.fixture
async def app() -> AsyncGenerator[Connected]:
    async with connected() as app:
        yield app


async def connects(app: Connected, scopes: frozenset[str] = SCOPES) -> Grant:
    code = await consent(app.client.authorize_url("state-1", CHALLENGE), GINA, scopes)
    return await app.client.exchange(code, VERIFIER)


async def test_the_way_to_google_asks_for_one_permission_beside_signing_in(app: Connected) -> None:
    there = urlsplit(app.client.authorize_url("state-1", CHALLENGE))

    assert "/o/oauth2/v2/auth" == there.path
    assert {
        "response_type": "code",
        "client_id": app.sandbox.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid email https://www.googleapis.com/auth/meetings.space.created",
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    } == dict(parse_qsl(there.query))


async def test_a_code_is_traded_with_everything_in_the_form(app: Connected) -> None:
    code = await consent(app.client.authorize_url("state-1", CHALLENGE), GINA, SCOPES)
    await app.client.exchange(code, VERIFIER)

    [seen] = app.sandbox.arrived(GoogleEndpoint.CODE)
    assert ({}, None) == (seen.query, seen.headers.get("authorization"))
    assert {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        "client_id": app.sandbox.client_id,
        "client_secret": app.sandbox.client_secret,
    } == seen.form()


async def test_the_email_address_is_granted_under_its_long_name(app: Connected) -> None:
    assert SCOPES | {EMAIL} == (await connects(app)).scopes


async def test_an_unticked_permission_shows_in_the_grant(app: Connected) -> None:
    assert {SPACE_CREATED} == SCOPES - (await connects(app, frozenset())).scopes


async def test_connecting_again_brings_a_refresh_token_again_and_leaves_the_first_alone(app: Connected) -> None:
    first, second = await connects(app), await connects(app)

    assert first.refresh_token != second.refresh_token
    assert ProviderAccount(GINA.id, GINA.id, GINA.email, GINA.email) == await app.client.account(first)


async def test_a_meeting_is_open_to_everybody_with_the_link_on_purpose(app: Connected) -> None:
    meeting = await app.client.create(app.grant(), REQUEST)

    [space] = app.sandbox.spaces
    [seen] = app.sandbox.arrived(GoogleEndpoint.SPACES)
    assert Meeting(space.meeting_uri, space.meeting_code, None) == meeting
    assert {"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}} == seen.json()
    assert "OPEN" == space.access_type


async def test_nothing_of_the_booking_goes_to_google(app: Connected) -> None:
    await app.client.create(app.grant(), REQUEST)

    [seen] = app.sandbox.arrived(GoogleEndpoint.SPACES)
    assert not any(word in seen.body for word in (b"Intro", b"Ana", b"booking"))


async def test_an_account_whose_administrator_has_switched_meet_off_is_told_so(app: Connected) -> None:
    with pytest.raises(NotPermitted, match="MeetingsNotAllowed"):
        await app.client.create(app.grant(RUTH), REQUEST)


async def test_the_eleventh_meeting_within_a_minute_is_worth_another_try(app: Connected) -> None:
    grant = app.grant()
    for _ in range(10):
        await app.client.create(grant, REQUEST)

    error = await failed(app.client.create(grant, REQUEST))

    assert (TryLater, RateLimited("google"), False) == (type(error), error.problem, error.left_behind)


async def test_revoking_ends_all_that_the_user_has_allowed_and_nothing_of_others(app: Connected) -> None:
    one, other, of_will = app.grant(), app.grant(), app.grant(WILL)

    await app.client.revoke(one)

    assert isinstance(await failed(app.client.refresh(other)), NotConnected)
    assert (await app.client.refresh(of_will)).refresh_token == of_will.refresh_token


async def test_revoking_works_however_old_the_access_token_is(app: Connected) -> None:
    grant = app.grant()
    app.sandbox.grants.expire_access_tokens()

    await app.client.revoke(grant)

    assert [] == app.sandbox.grants.live()


async def test_revoking_what_is_dead_already_says_so(app: Connected) -> None:
    grant = app.grant()
    await app.client.revoke(grant)

    assert isinstance(await failed(app.client.revoke(grant)), NotConnected)


async def test_a_new_refresh_token_takes_the_old_ones_place(app: Connected) -> None:
    old = app.grant()
    app.sandbox.fail(GoogleFailure.REFRESH_REPLACED)

    new = await app.client.refresh(old)

    assert old.refresh_token != new.refresh_token
    assert new.refresh_token == (await app.client.refresh(new)).refresh_token
    assert isinstance(await failed(app.client.refresh(old)), NotConnected)


async def test_only_these_operations_ever_leave(app: Connected) -> None:
    grant = await app.client.refresh(await connects(app))
    await app.client.account(grant)
    await app.client.create(grant, REQUEST)
    await app.client.revoke(grant)

    assert [
        "GET /o/oauth2/v2/auth",
        "POST /o/oauth2/v2/auth",
        "POST /token",
        "POST /token",
        "GET /userinfo",
        "POST /v2/spaces",
        "POST /revoke",
    ] == [seen.operation for seen in app.sandbox.requests]
    assert [] == [seen.query for seen in app.sandbox.requests[2:] if seen.query]


async def test_too_few_scopes_show_in_the_grant(app: Connected) -> None:
    app.sandbox.fail(GoogleFailure.TOO_FEW_SCOPES)

    assert {SPACE_CREATED} == SCOPES - (await connects(app)).scopes


@pytest.mark.parametrize("failure", [GoogleFailure.DROP_AFTER, GoogleFailure.OK_XML, GoogleFailure.BAD_GATEWAY])
async def test_a_failed_reading_of_the_account_is_worth_another_try(app: Connected, failure: GoogleFailure) -> None:
    app.sandbox.fail(failure, on=GoogleEndpoint.USERINFO)

    assert isinstance(await failed(app.client.account(app.grant())), TryLater)


async def test_an_account_without_openid_cannot_be_read(app: Connected) -> None:
    tokens = app.sandbox.authorize(GINA, (SPACE_CREATED,))
    grant = Grant(tokens.access_token, tokens.refresh_token or "", NOW, frozenset({SPACE_CREATED}))

    assert isinstance(await failed(app.client.account(grant)), AccessTokenExpired)


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"name": "Gina 🐟 Höst"}, "Gina 🐟 Höst"),
        ({"name": "Gina\u202e\r\nHöst"}, "Gina Höst"),
        ({"name": ""}, "gina@gmail.example"),
        ({}, "gina@gmail.example"),
    ],
)
async def test_an_account_always_has_a_name_to_show(user: dict[str, str], name: str) -> None:
    async def who(request: Request) -> Reply:
        del request
        return json({"sub": "108204268033311374519", "email": "gina@gmail.example", **user})

    async with serving(stand_in(who)) as url:
        client = GoogleMeetClient(settings_at(url), lambda: NOW)
        account = await client.account(A_GRANT)
        await client.aclose()

    assert ProviderAccount("108204268033311374519", "108204268033311374519", "gina@gmail.example", name) == account


async def test_a_failure_is_logged_with_googles_reason_and_nothing_of_the_message(app: Connected) -> None:
    app.sandbox.fail(GoogleFailure.SERVICE_DISABLED)
    with capture_logs() as logs:
        await failed(app.client.create(app.grant(), REQUEST))

    assert [
        {
            "event": "google_call_failed",
            "log_level": "error",
            "operation": "create",
            "outcome": "OurFault",
            "left_behind": False,
            "status": 403,
            "code": "SERVICE_DISABLED",
            "tracking_id": None,
        }
    ] == logs


def test_google_itself_has_its_endpoints_on_hosts_of_their_own() -> None:
    settings = GoogleMeetSettings("id", "secret-of-ours", REDIRECT_URI)

    assert ("https://oauth2.googleapis.com/revoke", "https://openidconnect.googleapis.com/v1/userinfo") == (
        settings.revoke_url,
        settings.userinfo_url,
    )


def test_what_stands_in_for_google_has_them_beside_the_token_endpoint() -> None:
    settings = settings_at("http://127.0.0.1:8000/sandbox/google")

    assert ("http://127.0.0.1:8000/sandbox/google/revoke", "http://127.0.0.1:8000/sandbox/google/userinfo") == (
        settings.revoke_url,
        settings.userinfo_url,
    )
