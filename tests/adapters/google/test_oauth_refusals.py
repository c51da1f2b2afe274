"""What every answer of Google's OAuth endpoints that isn't a success costs a host."""

from datetime import UTC, datetime

import msgspec
import pytest

from adapters.google.oauth_refusals import REFUSALS
from adapters.http_client.answer import ProviderAnswer
from application.ports.provider import AuthorizationRefused, NeedsAdmin, NotConnected, OurFault, ProviderError, TryLater
from domain.provider_problem import SignInRequired

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
HTML = b"<html><body>Service Temporarily Unavailable</body></html>"


def says(error: str, **more: object) -> bytes:
    return msgspec.json.encode({"error": error, "error_description": "Bad Request", **more})


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (400, says("invalid_grant"), NotConnected),
        (400, b'{"error":"invalid_grant"}', NotConnected),
        (401, says("invalid_grant"), NotConnected),
        (400, says("invalid_grant", error_subtype="invalid_rapt"), NotConnected),
        (400, says("invalid_token"), NotConnected),
        (400, says("admin_policy_enforced"), NotConnected),
        (401, says("invalid_client"), OurFault),
        (400, says("unauthorized_client"), OurFault),
        (401, says("deleted_client"), OurFault),
        (400, says("unsupported_grant_type"), OurFault),
        (400, says("invalid_request"), TryLater),
        (400, says("something_new"), TryLater),
        (403, says("invalid_grant"), TryLater),
        (400, b'{"error":{"code":400,"status":"INVALID_ARGUMENT"}}', TryLater),
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
        (400, says("invalid_grant"), AuthorizationRefused),
        (400, says("invalid_request"), AuthorizationRefused),
        (400, says("admin_policy_enforced"), NeedsAdmin),
        (401, says("invalid_client"), OurFault),
        (400, says("redirect_uri_mismatch"), OurFault),
        (400, HTML, TryLater),
        (429, b"", TryLater),
        (500, b"", TryLater),
    ],
)
def test_a_code_that_was_refused_means_starting_again(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    assert meaning is type(REFUSALS.exchange(ProviderAnswer(status, body), NOW))


def test_an_organisation_that_wants_a_new_sign_in_is_told_apart() -> None:
    error = REFUSALS.refresh(ProviderAnswer(400, says("invalid_grant", error_subtype="invalid_rapt")), NOW)

    assert SignInRequired("google") == error.problem
