"""Google Meet's client against the sandbox over real HTTP, in what only Google does."""

import logging
from collections.abc import AsyncGenerator
from datetime import timedelta
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
    AuthorizationRefused,
    NeedsAdmin,
    NotConnected,
    NotPermitted,
    OurFault,
    ProviderError,
    TryLater,
)
from domain.connection import ProviderAccount
from domain.provider_problem import RateLimited, TimedOut, UnexpectedResponse
from tests.adapters.google.connected import NOW, REDIRECT_URI, Connected, connected, settings_at
from tests.adapters.http_client.consent import consent
from tests.adapters.http_client.failing import failed
from tests.adapters.zoom.connected import CHALLENGE, REQUEST, VERIFIER
from tests.support.stand_in import stand_in

HANGS: frozenset[GoogleFailure] = frozenset({GoogleFailure.SLOW, GoogleFailure.HANG_BEFORE, GoogleFailure.HANG_AFTER})

A_GRANT = Grant("access-secret", "refresh-secret", NOW, SCOPES)


@pytest.fixture
async def app() -> AsyncGenerator[Connected]:
    async with connected() as app:
        yield app


async def connects(app: Connected, scopes: frozenset[str] = SCOPES) -> Grant:
    code = await consent(app.google.authorize_url("state-1", CHALLENGE), GINA, scopes)
    return await app.google.exchange(code, VERIFIER)


async def test_the_way_to_google_asks_for_one_permission_beside_signing_in(app: Connected) -> None:
    there = urlsplit(app.google.authorize_url("state-1", CHALLENGE))

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
    code = await consent(app.google.authorize_url("state-1", CHALLENGE), GINA, SCOPES)
    await app.google.exchange(code, VERIFIER)

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
    assert ProviderAccount(GINA.id, GINA.id, GINA.email, GINA.email) == await app.google.account(first)


async def test_a_meeting_is_open_to_everybody_with_the_link_on_purpose(app: Connected) -> None:
    meeting = await app.google.create(app.grant(), REQUEST)

    [space] = app.sandbox.spaces
    [seen] = app.sandbox.arrived(GoogleEndpoint.SPACES)
    assert Meeting(space.meeting_uri, space.meeting_code, None) == meeting
    assert {"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}} == seen.json()
    assert "OPEN" == space.access_type


async def test_nothing_of_the_booking_goes_to_google(app: Connected) -> None:
    await app.google.create(app.grant(), REQUEST)

    [seen] = app.sandbox.arrived(GoogleEndpoint.SPACES)
    assert not any(word in seen.body for word in (b"Intro", b"Ana", b"booking"))


async def test_an_account_whose_administrator_has_switched_meet_off_is_told_so(app: Connected) -> None:
    with pytest.raises(NotPermitted, match="MeetingsNotAllowed"):
        await app.google.create(app.grant(RUTH), REQUEST)


async def test_the_eleventh_meeting_within_a_minute_is_worth_another_try(app: Connected) -> None:
    grant = app.grant()
    for _ in range(10):
        await app.google.create(grant, REQUEST)

    error = await failed(app.google.create(grant, REQUEST))

    assert (TryLater, RateLimited("google"), False) == (type(error), error.problem, error.left_behind)


async def test_revoking_ends_all_that_the_user_has_allowed_and_nothing_of_others(app: Connected) -> None:
    one, other, of_will = app.grant(), app.grant(), app.grant(WILL)

    await app.google.revoke(one)

    assert isinstance(await failed(app.google.refresh(other)), NotConnected)
    assert (await app.google.refresh(of_will)).refresh_token == of_will.refresh_token


async def test_revoking_works_however_old_the_access_token_is(app: Connected) -> None:
    grant = app.grant()
    app.sandbox.grants.expire_access_tokens()

    await app.google.revoke(grant)

    assert [] == app.sandbox.grants.live()


async def test_revoking_what_is_dead_already_says_so(app: Connected) -> None:
    grant = app.grant()
    await app.google.revoke(grant)

    assert isinstance(await failed(app.google.revoke(grant)), NotConnected)


async def test_a_new_refresh_token_takes_the_old_ones_place(app: Connected) -> None:
    old = app.grant()
    app.sandbox.fail(GoogleFailure.REFRESH_REPLACED)

    new = await app.google.refresh(old)

    assert old.refresh_token != new.refresh_token
    assert new.refresh_token == (await app.google.refresh(new)).refresh_token
    assert isinstance(await failed(app.google.refresh(old)), NotConnected)


async def test_only_these_operations_ever_leave(app: Connected) -> None:
    grant = await app.google.refresh(await connects(app))
    await app.google.account(grant)
    await app.google.create(grant, REQUEST)
    await app.google.revoke(grant)

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


CREATE_FAILS: dict[GoogleFailure, tuple[type[ProviderError], bool]] = {
    GoogleFailure.ACCESS_EXPIRED: (AccessTokenExpired, False),
    GoogleFailure.ACCESS_REFUSED: (AccessTokenExpired, False),
    GoogleFailure.SCOPE_INSUFFICIENT: (NotConnected, False),
    GoogleFailure.SERVICE_DISABLED: (OurFault, False),
    GoogleFailure.PERMISSION_DENIED: (NotPermitted, False),
    GoogleFailure.USER_RATE_LIMIT: (TryLater, False),
    GoogleFailure.RATE_LIMIT: (TryLater, False),
    GoogleFailure.QUOTA_EXCEEDED: (TryLater, False),
    GoogleFailure.RESOURCE_EXHAUSTED: (TryLater, False),
    GoogleFailure.RESOURCE_EXHAUSTED_SECONDS: (TryLater, False),
    GoogleFailure.RESOURCE_EXHAUSTED_DATE: (TryLater, False),
    GoogleFailure.INVALID_ARGUMENT: (OurFault, False),
    GoogleFailure.NO_LINK: (TryLater, True),
    GoogleFailure.FOREIGN_LINK: (TryLater, True),
    GoogleFailure.NO_NAME: (TryLater, True),
    GoogleFailure.SERVER_ERROR: (TryLater, False),
    GoogleFailure.BAD_GATEWAY: (TryLater, True),
    GoogleFailure.UNAVAILABLE_HTML: (TryLater, False),
    GoogleFailure.REDIRECT: (TryLater, False),
    GoogleFailure.OK_XML: (TryLater, True),
    GoogleFailure.OK_EMPTY: (TryLater, True),
    GoogleFailure.DROP_BEFORE: (TryLater, True),
    GoogleFailure.DROP_AFTER: (TryLater, True),
}

REFRESH_FAILS: dict[GoogleFailure, tuple[type[ProviderError], bool]] = {
    GoogleFailure.INVALID_GRANT: (NotConnected, False),
    GoogleFailure.INVALID_RAPT: (NotConnected, False),
    GoogleFailure.ADMIN_POLICY: (NotConnected, False),
    GoogleFailure.INVALID_CLIENT: (OurFault, False),
    GoogleFailure.SERVER_ERROR: (TryLater, False),
    GoogleFailure.BAD_GATEWAY: (TryLater, True),
    GoogleFailure.UNAVAILABLE_HTML: (TryLater, False),
    GoogleFailure.REDIRECT: (TryLater, False),
    GoogleFailure.OK_XML: (TryLater, True),
    GoogleFailure.OK_EMPTY: (TryLater, True),
    GoogleFailure.DROP_BEFORE: (TryLater, True),
    GoogleFailure.DROP_AFTER: (TryLater, True),
}

EXCHANGE_FAILS: dict[GoogleFailure, type[ProviderError]] = {
    GoogleFailure.INVALID_GRANT: AuthorizationRefused,
    GoogleFailure.ADMIN_POLICY: NeedsAdmin,
    GoogleFailure.INVALID_CLIENT: OurFault,
    GoogleFailure.REDIRECT_MISMATCH: OurFault,
    GoogleFailure.REFRESH_MISSING: TryLater,
    GoogleFailure.SERVER_ERROR: TryLater,
    GoogleFailure.BAD_GATEWAY: TryLater,
    GoogleFailure.UNAVAILABLE_HTML: TryLater,
    GoogleFailure.REDIRECT: TryLater,
    GoogleFailure.OK_XML: TryLater,
    GoogleFailure.OK_EMPTY: TryLater,
    GoogleFailure.DROP_BEFORE: TryLater,
    GoogleFailure.DROP_AFTER: TryLater,
}


@pytest.mark.parametrize(
    ("endpoint", "covered"),
    [
        (GoogleEndpoint.SPACES, set(CREATE_FAILS)),
        (GoogleEndpoint.REFRESH, {*REFRESH_FAILS, GoogleFailure.REFRESH_REPLACED}),
        (GoogleEndpoint.CODE, {*EXCHANGE_FAILS, GoogleFailure.TOO_FEW_SCOPES}),
    ],
)
def test_no_failure_of_the_sandbox_is_left_out(endpoint: GoogleEndpoint, covered: set[GoogleFailure]) -> None:
    assert {failure for failure in GoogleFailure if endpoint in failure.where} == covered | HANGS


@pytest.mark.parametrize(("failure", "expected"), CREATE_FAILS.items())
async def test_every_failure_of_creating_has_one_meaning(
    app: Connected, failure: GoogleFailure, expected: tuple[type[ProviderError], bool]
) -> None:
    grant = app.grant()
    app.sandbox.fail(failure, on=GoogleEndpoint.SPACES)

    error = await failed(app.google.create(grant, REQUEST))

    assert expected == (type(error), error.left_behind)
    assert 1 == len(app.sandbox.arrived(GoogleEndpoint.SPACES))


@pytest.mark.parametrize(("failure", "expected"), REFRESH_FAILS.items())
async def test_every_failure_of_refreshing_has_one_meaning(
    app: Connected, failure: GoogleFailure, expected: tuple[type[ProviderError], bool]
) -> None:
    grant = app.grant()
    app.sandbox.fail(failure, on=GoogleEndpoint.REFRESH)

    error = await failed(app.google.refresh(grant))

    assert expected == (type(error), error.left_behind)
    assert 1 == len(app.sandbox.arrived(GoogleEndpoint.REFRESH))


@pytest.mark.parametrize(("failure", "kind"), EXCHANGE_FAILS.items())
async def test_every_failure_of_trading_a_code_has_one_meaning(
    app: Connected, failure: GoogleFailure, kind: type[ProviderError]
) -> None:
    app.sandbox.fail(failure, on=GoogleEndpoint.CODE)

    assert kind is type(await failed(connects(app)))


async def test_too_few_scopes_show_in_the_grant(app: Connected) -> None:
    app.sandbox.fail(GoogleFailure.TOO_FEW_SCOPES)

    assert {SPACE_CREATED} == SCOPES - (await connects(app)).scopes


@pytest.mark.parametrize("failure", [GoogleFailure.DROP_AFTER, GoogleFailure.OK_XML, GoogleFailure.BAD_GATEWAY])
async def test_a_failed_reading_of_the_account_is_worth_another_try(app: Connected, failure: GoogleFailure) -> None:
    app.sandbox.fail(failure, on=GoogleEndpoint.USERINFO)

    assert isinstance(await failed(app.google.account(app.grant())), TryLater)


async def test_an_account_without_openid_cannot_be_read(app: Connected) -> None:
    tokens = app.sandbox.authorize(GINA, (SPACE_CREATED,))
    grant = Grant(tokens.access_token, tokens.refresh_token or "", NOW, frozenset({SPACE_CREATED}))

    assert isinstance(await failed(app.google.account(grant)), AccessTokenExpired)


@pytest.mark.parametrize("failure", [GoogleFailure.RESOURCE_EXHAUSTED_SECONDS, GoogleFailure.RESOURCE_EXHAUSTED_DATE])
async def test_googles_wish_of_when_to_come_back_is_read_in_both_forms(app: Connected, failure: GoogleFailure) -> None:
    app.sandbox.fail(failure)

    error = await failed(app.google.create(app.grant(), REQUEST))

    assert isinstance(error, TryLater)
    assert NOW + timedelta(seconds=7) == error.at


@pytest.mark.parametrize(("failure", "made"), [(GoogleFailure.HANG_BEFORE, 0), (GoogleFailure.HANG_AFTER, 1)])
async def test_an_answer_that_never_comes_may_have_left_a_space_behind(failure: GoogleFailure, made: int) -> None:
    async with connected(total=timedelta(seconds=0.5)) as app:
        app.sandbox.fail(failure, on=GoogleEndpoint.SPACES)

        error = await failed(app.google.create(app.grant(), REQUEST))

        assert (TimedOut("google"), True, made) == (error.problem, error.left_behind, len(app.sandbox.spaces))


async def test_a_redirect_is_not_followed() -> None:
    paths: list[str] = []

    async def away(request: Request) -> Reply:
        paths.append(request.path)
        return Reply(307, b"", (("location", "/elsewhere"),))

    async with serving(stand_in(away)) as url:
        client = GoogleMeetClient(settings_at(url), lambda: NOW)
        error = await failed(client.create(A_GRANT, REQUEST))
        await client.aclose()

    assert (["/v2/spaces"], UnexpectedResponse("google")) == (paths, error.problem)


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
        await failed(app.google.create(app.grant(), REQUEST))

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


async def test_no_secret_is_returned_logged_or_shown_by_anything(
    app: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[object] = []
    code = await consent(app.google.authorize_url("state-1", CHALLENGE), GINA, SCOPES)
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        grant = await app.google.exchange(code, VERIFIER)
        shown += [repr(grant), await app.google.account(grant), await app.google.create(grant, REQUEST)]
        for failure in CREATE_FAILS:
            app.sandbox.fail(failure, on=GoogleEndpoint.SPACES)
            error = await failed(app.google.create(grant, REQUEST))
            shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
        error = await failed(app.google.exchange(code, VERIFIER))
        shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
    await app.google.revoke(grant)

    of_the_client = ("adapters.google", "adapters.http_client", "httpx", "httpcore")
    records = [record.getMessage() for record in caplog.records if record.name.startswith(of_the_client)]
    text = f"{shown} {logs} {records}"
    assert [] == [
        secret for secret in (*app.sandbox.secrets, app.sandbox.client_secret, VERIFIER, "Bearer") if secret in text
    ]


def test_settings_do_not_show_the_secret() -> None:
    settings = GoogleMeetSettings("id", "secret-of-ours", REDIRECT_URI)

    assert "secret-of-ours" not in f"{settings} {settings!r} {settings.__rich_repr__()}"


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
