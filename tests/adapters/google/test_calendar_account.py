"""Connecting Google's calendars asks for three permissions, and knows which of them were given."""

from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters.google.calendar_account import LISTING, NEEDED, OWNED, READING, missing_permissions
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.scopes import EMAIL, OPENID
from adapters.sandbox.google.switches import GoogleFailure
from domain.connection import ProviderAccount
from tests.support.consent import consent
from tests.support.google_calendars import REDIRECT_URI, WithCalendars, with_calendars
from tests.support.zoom_connected import CHALLENGE, VERIFIER

ALL = frozenset({LISTING, READING, OWNED})


@pytest.fixture
async def app() -> AsyncGenerator[WithCalendars]:
    async with with_calendars() as app:
        yield app


async def granted(app: WithCalendars, ticked: frozenset[str] = ALL) -> frozenset[str]:
    code = await consent(app.account.authorize_url("state-1", CHALLENGE), GINA, ticked)
    grant = await app.account.exchange(code, VERIFIER)
    assert ProviderAccount(GINA.id, GINA.id, GINA.email, GINA.email) == await app.account.account(grant)
    return grant.scopes


async def test_the_way_to_google_asks_for_the_least_that_reading_and_writing_take(app: WithCalendars) -> None:
    asked = dict(parse_qsl(urlsplit(app.account.authorize_url("state-1", CHALLENGE)).query))

    calendar = "https://www.googleapis.com/auth/calendar"
    assert (
        f"openid email {calendar}.calendarlist.readonly {calendar}.events.freebusy {calendar}.events.owned"
        == asked["scope"]
    )
    assert (REDIRECT_URI, "offline", "consent") == (asked["redirect_uri"], asked["access_type"], asked["prompt"])


async def test_whoever_ticks_every_box_has_allowed_all(app: WithCalendars) -> None:
    scopes = await granted(app)

    assert {OPENID, EMAIL, *ALL} == scopes
    assert () == missing_permissions(scopes)


@pytest.mark.parametrize(
    ("unticked", "missing", "is_usable"),
    [
        ({OWNED}, ("write",), True),
        ({READING}, ("read",), False),
        ({LISTING}, ("list",), False),
        (ALL, ("list", "read", "write"), False),
    ],
)
async def test_a_box_left_unticked_is_known_by_name(
    app: WithCalendars, unticked: frozenset[str], missing: tuple[str, ...], is_usable: bool
) -> None:
    scopes = await granted(app, ALL - unticked)

    assert missing == missing_permissions(scopes)
    assert is_usable is (app.account.scopes <= scopes)


@pytest.mark.parametrize(
    ("failure", "missing"),
    [(GoogleFailure.TOO_FEW_SCOPES, ("read",)), (GoogleFailure.WRITING_UNTICKED, ("write",))],
)
async def test_the_sandbox_can_leave_a_permission_out(
    app: WithCalendars, failure: GoogleFailure, missing: tuple[str, ...]
) -> None:
    app.sandbox.fail(failure)

    assert missing == missing_permissions(await granted(app))


async def test_only_reading_makes_a_grant_of_use(app: WithCalendars) -> None:
    assert {"openid", *NEEDED} == app.account.scopes
