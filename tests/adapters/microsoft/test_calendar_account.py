"""Connecting calendars at Microsoft: whoever has them can, with these permissions and at this authority."""

from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters.microsoft.calendar_account import SCOPES
from adapters.microsoft.settings import calendar_authority
from adapters.sandbox.microsoft.accounts import MIA, NED, PIA, MicrosoftAccount
from adapters.sandbox.microsoft.scopes import CALENDARS
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from application.ports.oauth import Grant
from application.ports.provider import TryLater
from tests.support.consent import consent
from tests.support.failing_transports import failed
from tests.support.microsoft_calendars import REDIRECT_URI, ConnectedCalendars, connected_calendars
from tests.support.microsoft_connected import known
from tests.support.zoom_connected import CHALLENGE, VERIFIER


@pytest.fixture
async def app() -> AsyncGenerator[ConnectedCalendars]:
    async with connected_calendars() as app:
        yield app


async def connects(app: ConnectedCalendars, account: MicrosoftAccount = MIA) -> Grant:
    there = app.account.authorize_url("state-1", CHALLENGE)
    return await app.account.exchange(await consent(there, account, frozenset({CALENDARS})), VERIFIER)


async def test_the_way_to_microsoft_asks_for_calendars_at_the_authority_for_everybody(
    app: ConnectedCalendars,
) -> None:
    there = urlsplit(app.account.authorize_url("state-1", CHALLENGE))
    asked = dict(parse_qsl(there.query))

    assert "/common/oauth2/v2.0/authorize" == there.path
    assert {"Calendars.ReadWrite", "offline_access", "openid", "profile", "email"} == set(asked["scope"].split())
    assert (REDIRECT_URI, "S256", "select_account") == (
        asked["redirect_uri"],
        asked["code_challenge_method"],
        asked["prompt"],
    )


@pytest.mark.parametrize("account", [MIA, PIA])
async def test_people_with_and_without_an_organisation_can_connect(
    app: ConnectedCalendars, account: MicrosoftAccount
) -> None:
    grant = await connects(app, account)

    assert known(account) == await app.account.account(grant)
    assert SCOPES <= grant.scopes
    assert SCOPES <= (await app.account.refresh(grant)).scopes


async def test_where_administrators_have_to_approve_connecting_works_once_they_have(app: ConnectedCalendars) -> None:
    app.sandbox.tenants.approve(NED.tenant)

    assert known(NED) == await app.account.account(await connects(app, NED))
    assert app.account.capabilities.needs_admin


async def test_a_permission_that_was_left_out_shows_in_the_grant(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.TOO_FEW_SCOPES)

    assert SCOPES == SCOPES - (await connects(app)).scopes


async def test_scopes_count_however_microsoft_writes_them(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.SHORT_SCOPES, on=MicrosoftEndpoint.CODE)

    assert SCOPES <= (await connects(app)).scopes


async def test_tokens_that_do_not_say_whose_they_are_are_worth_another_try(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.ID_TOKEN_MISSING)

    assert isinstance(await failed(app.account.account(await connects(app))), TryLater)


@pytest.mark.parametrize(
    ("for_meetings", "for_calendars"),
    [
        ("https://login.microsoftonline.com/organizations", "https://login.microsoftonline.com/common"),
        ("http://127.0.0.1:8000/sandbox/microsoft/organizations/", "http://127.0.0.1:8000/sandbox/microsoft/common"),
        (
            f"https://login.microsoftonline.com/{MIA.tenant_id}",
            f"https://login.microsoftonline.com/{MIA.tenant_id}",
        ),
    ],
)
def test_the_authority_is_for_everybody_unless_the_operator_has_named_a_directory(
    for_meetings: str, for_calendars: str
) -> None:
    assert for_calendars == calendar_authority(for_meetings)
