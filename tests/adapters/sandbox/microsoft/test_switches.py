"""Every failure happens as described and as often as requested."""

from contextlib import suppress

import httpx
import pytest

from adapters.sandbox.microsoft.accounts import PIA
from adapters.sandbox.microsoft.scopes import MEETINGS
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from tests.adapters.sandbox.microsoft.microsoft_app import AUTHORIZE, MicrosoftApp, claims_of
from tests.adapters.sandbox.zoom_app import returned


@pytest.mark.parametrize(
    ("failure", "status", "code", "inner"),
    [
        (MicrosoftFailure.ACCESS_EXPIRED, 401, "InvalidAuthenticationToken", None),
        (MicrosoftFailure.ACCESS_REFUSED, 401, "AuthenticationError", None),
        (MicrosoftFailure.FORBIDDEN, 403, "Forbidden", None),
        (MicrosoftFailure.INSUFFICIENT_CLAIMS, 403, "Forbidden", "insufficient_claims"),
        (MicrosoftFailure.BAD_REQUEST, 400, "BadRequest", None),
        (MicrosoftFailure.TOO_MANY_REQUESTS, 429, "TooManyRequests", "429"),
        (MicrosoftFailure.SERVER_ERROR, 500, "InternalServerError", None),
    ],
)
async def test_graph_fails_with_its_status_and_code(
    microsoft: MicrosoftApp, failure: MicrosoftFailure, status: int, code: str, inner: str | None
) -> None:
    microsoft.sandbox.fail(failure, on=MicrosoftEndpoint.MEETINGS)

    failed = await microsoft.calls(MicrosoftEndpoint.MEETINGS)

    error = failed.json()["error"]
    assert (status, code, inner) == (failed.status_code, error["code"], error["innerError"].get("code"))
    assert failed.headers["request-id"] == error["innerError"]["request-id"]
    assert [] == microsoft.sandbox.meetings


@pytest.mark.parametrize(
    ("failure", "status", "error", "number"),
    [
        (MicrosoftFailure.INVALID_GRANT, 400, "invalid_grant", 700082),
        (MicrosoftFailure.GRANT_REVOKED, 400, "invalid_grant", 50173),
        (MicrosoftFailure.INTERACTION_REQUIRED, 400, "interaction_required", 50076),
        (MicrosoftFailure.CONSENT_REQUIRED, 400, "consent_required", 65001),
        (MicrosoftFailure.INVALID_CLIENT, 401, "invalid_client", 7000222),
        (MicrosoftFailure.UNAUTHORIZED_CLIENT, 400, "unauthorized_client", 700016),
        (MicrosoftFailure.INVALID_SCOPE, 400, "invalid_scope", 70011),
        (MicrosoftFailure.TEMPORARILY_UNAVAILABLE, 400, "temporarily_unavailable", 90033),
    ],
)
async def test_the_token_endpoint_fails_with_microsofts_words(
    microsoft: MicrosoftApp, failure: MicrosoftFailure, status: int, error: str, number: int
) -> None:
    microsoft.sandbox.fail(failure, on=MicrosoftEndpoint.REFRESH)

    failed = await microsoft.calls(MicrosoftEndpoint.REFRESH)

    assert (status, error, [number]) == (failed.status_code, failed.json()["error"], failed.json()["error_codes"])


@pytest.mark.parametrize(
    ("failure", "made"),
    [(MicrosoftFailure.GATEWAY_TIMEOUT, 1), (MicrosoftFailure.NO_LINK, 1)],
)
async def test_a_meeting_may_be_made_that_nobody_hears_of(
    microsoft: MicrosoftApp, failure: MicrosoftFailure, made: int
) -> None:
    microsoft.sandbox.fail(failure, on=MicrosoftEndpoint.MEETINGS)

    with suppress(httpx.TransportError):
        await microsoft.calls(MicrosoftEndpoint.MEETINGS)

    assert made == len(microsoft.sandbox.meetings)


@pytest.mark.parametrize(
    ("failure", "field"), [(MicrosoftFailure.NO_LINK, "joinWebUrl"), (MicrosoftFailure.NO_ID, "id")]
)
async def test_a_success_may_lack_what_matters(microsoft: MicrosoftApp, failure: MicrosoftFailure, field: str) -> None:
    microsoft.sandbox.fail(failure)

    answer = await microsoft.calls(MicrosoftEndpoint.MEETINGS)

    assert 201 == answer.status_code
    assert field not in answer.json()


async def test_a_success_may_lead_elsewhere(microsoft: MicrosoftApp) -> None:
    microsoft.sandbox.fail(MicrosoftFailure.FOREIGN_LINK)

    answer = await microsoft.calls(MicrosoftEndpoint.MEETINGS)

    assert "evil.example" in answer.json()["joinWebUrl"]


@pytest.mark.parametrize(
    ("failure", "field"),
    [(MicrosoftFailure.REFRESH_MISSING, "refresh_token"), (MicrosoftFailure.ID_TOKEN_MISSING, "id_token")],
)
async def test_tokens_may_come_incomplete(microsoft: MicrosoftApp, failure: MicrosoftFailure, field: str) -> None:
    microsoft.sandbox.fail(failure, on=MicrosoftEndpoint.CODE)

    assert field not in await microsoft.connects()


async def test_tokens_may_come_with_too_little_or_in_other_words(microsoft: MicrosoftApp) -> None:
    microsoft.sandbox.fail(MicrosoftFailure.TOO_FEW_SCOPES)
    too_few = await microsoft.connects()
    microsoft.sandbox.fail(MicrosoftFailure.SHORT_SCOPES, on=MicrosoftEndpoint.CODE)
    short = await microsoft.connects()

    assert MEETINGS not in too_few["scope"]
    assert "onlinemeetings.readwrite" in short["scope"].split()


async def test_tokens_may_turn_out_to_be_a_personal_accounts(microsoft: MicrosoftApp) -> None:
    microsoft.sandbox.fail(MicrosoftFailure.PERSONAL_ACCOUNT)

    assert PIA.tenant_id == claims_of((await microsoft.connects())["id_token"])["tid"]


@pytest.mark.parametrize(
    ("failure", "error", "number"),
    [
        (MicrosoftFailure.ADMIN_DECLINES, "access_denied", 90094),
        (MicrosoftFailure.SIGN_IN_FAILS, "server_error", 90033),
    ],
)
async def test_signing_in_may_end_before_anything_is_asked(
    microsoft: MicrosoftApp, failure: MicrosoftFailure, error: str, number: int
) -> None:
    microsoft.sandbox.fail(failure)

    back = returned(await microsoft.http.get(AUTHORIZE, params=microsoft.asks()))

    assert (error, "opaque state/1") == (back["error"], back["state"])
    assert back["error_description"].startswith(f"AADSTS{number}: ")


async def test_a_failing_sign_in_sends_nobody_to_a_stranger(microsoft: MicrosoftApp) -> None:
    microsoft.sandbox.fail(MicrosoftFailure.SIGN_IN_FAILS)

    answer = await microsoft.http.get(AUTHORIZE, params=microsoft.asks(redirect_uri="https://evil.example/"))

    assert "location" not in answer.headers


async def test_microsoft_may_not_know_the_app(microsoft: MicrosoftApp) -> None:
    microsoft.sandbox.fail(MicrosoftFailure.APP_UNKNOWN)

    assert "AADSTS700016" in (await microsoft.decides()).text
