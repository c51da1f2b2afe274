"""What every answer of Zoom's OAuth endpoints that isn't a success costs a host."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from adapters.http_client.answer import ProviderAnswer
from adapters.zoom.oauth_refusals import REFUSALS, logged_code
from application.ports.provider import AuthorizationRefused, NotConnected, OurFault, ProviderError, TryLater
from domain.provider_problem import ConnectedElsewhere

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
HTML = b"<html><body>Service Temporarily Unavailable</body></html>"


def says(error: str, reason: str = "", **more: object) -> bytes:
    return msgspec.json.encode({"reason": reason, "error": error, **more})


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (400, says("invalid_grant", "Invalid Token!"), NotConnected),
        (400, b'{"error":"invalid_grant"}', NotConnected),
        (401, says("invalid_grant", "Invalid Token!"), NotConnected),
        (400, says("invalid_request", "Invalid Token!"), NotConnected),
        (400, says("invalid_request", "The token scopes do not match the client scopes. (4711)"), NotConnected),
        *((400, says("invalid_request", f"Something. ({code})"), NotConnected) for code in range(4735, 4742)),
        (400, says("invalid_request", "Something. (4,741)"), NotConnected),
        (401, says("invalid_request", code=4741), NotConnected),
        (401, says("invalid_client", "Invalid client_id or client_secret"), OurFault),
        (400, says("invalid_client", "Invalid client_id or client_secret"), OurFault),
        (403, says("invalid_client"), OurFault),
        (400, says("invalid_request", "Invalid client secret. (4704)"), OurFault),
        (400, says("unsupported_grant_type", "unsupported grant type"), OurFault),
        (401, says("invalid_client", "The app has been disabled. (4717)"), OurFault),
        (400, says("invalid_request", "Something new"), TryLater),
        (400, says("invalid_request", "A number of no meaning: 4741"), TryLater),
        (403, says("invalid_grant"), TryLater),
        (400, b"{}", TryLater),
        (400, HTML, TryLater),
        (401, b"", TryLater),
        (429, says("invalid_grant"), TryLater),
        (500, says("invalid_grant"), TryLater),
        (503, HTML, TryLater),
        (302, b"", TryLater),
    ],
)
def test_only_a_dead_grant_costs_a_host_the_connection(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    error = REFUSALS.refresh(ProviderAnswer(status, body), NOW)

    assert (meaning, False) == (type(error), error.left_behind)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (400, says("invalid_request", "Invalid authorization code abc"), AuthorizationRefused),
        (400, says("invalid_request", "The code has expired. (4733)"), AuthorizationRefused),
        (400, says("invalid_grant", "Invalid code verifier"), AuthorizationRefused),
        (401, says("invalid_grant", "Invalid Token!"), AuthorizationRefused),
        (400, says("invalid_request", "Something new"), AuthorizationRefused),
        (401, says("invalid_client"), OurFault),
        (400, says("invalid_request", "Redirect URI mismatch. (4709)"), OurFault),
        (400, HTML, TryLater),
        (429, b"", TryLater),
        (500, b"", TryLater),
    ],
)
def test_a_code_that_was_refused_means_starting_again(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    error = REFUSALS.exchange(ProviderAnswer(status, body), NOW)

    assert (meaning, False) == (type(error), error.left_behind)


@pytest.mark.parametrize("refusal", [REFUSALS.exchange, REFUSALS.refresh])
@pytest.mark.parametrize("status", [502, 504])
def test_tokens_may_be_lost_behind_a_gateway(
    refusal: Callable[[ProviderAnswer, datetime], ProviderError], status: int
) -> None:
    assert refusal(ProviderAnswer(status, HTML), NOW).left_behind


def test_a_newer_authorization_elsewhere_is_named() -> None:
    error = REFUSALS.refresh(ProviderAnswer(400, says("invalid_grant", "multiple authorizations (4741)")), NOW)

    assert ConnectedElsewhere("zoom") == error.problem


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (says("invalid_grant", "Invalid Token! eyJsecret"), "invalid_grant"),
        (says("invalid_request", "Redirect URI mismatch. (4709)"), 4709),
        (says("eyJsecret"), None),
        (HTML, None),
    ],
)
def test_the_log_sees_a_number_or_a_name_and_nothing_else(body: bytes, shown: int | str | None) -> None:
    assert shown == logged_code(ProviderAnswer(400, body))
