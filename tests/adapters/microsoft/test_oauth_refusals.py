"""What every answer of Microsoft's token endpoint that isn't a success costs a host."""

import msgspec
import pytest

from adapters.http_client.answer import ProviderAnswer
from adapters.microsoft.oauth_refusals import REFUSALS, logged_code
from application.ports.provider import AuthorizationRefused, NeedsAdmin, NotConnected, OurFault, ProviderError, TryLater
from domain.provider_problem import ApprovalRequired, GrantEnded, ProviderProblem, SignInRequired
from tests.support.zoom_connected import NOW

HTML = b"<html><body>Service Temporarily Unavailable</body></html>"


def says(error: str, **more: object) -> bytes:
    return msgspec.json.encode({"error": error, "error_description": "AADSTS1: secret-text", **more})


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (400, says("invalid_grant"), NotConnected),
        (400, says("invalid_grant", error_codes=[700082], suberror="token_expired"), NotConnected),
        (400, b'{"error":"invalid_grant"}', NotConnected),
        (401, says("invalid_grant"), NotConnected),
        (400, says("interaction_required"), NotConnected),
        (400, says("consent_required"), NotConnected),
        (401, says("invalid_client"), OurFault),
        (400, says("unauthorized_client"), OurFault),
        (400, says("invalid_scope"), OurFault),
        (400, says("invalid_resource"), OurFault),
        (400, says("unsupported_grant_type"), OurFault),
        (400, says("temporarily_unavailable"), TryLater),
        (400, says("server_error"), TryLater),
        (400, says("invalid_request"), TryLater),
        (400, says("something_new"), TryLater),
        (403, says("invalid_grant"), TryLater),
        (400, says("invalid_grant", error_codes="text"), TryLater),
        (400, b'{"error":{"code":"BadRequest"}}', TryLater),
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
        (400, says("interaction_required"), AuthorizationRefused),
        (400, says("consent_required"), NeedsAdmin),
        (401, says("invalid_client"), OurFault),
        (400, says("temporarily_unavailable"), TryLater),
        (400, HTML, TryLater),
        (429, b"", TryLater),
        (500, b"", TryLater),
    ],
)
def test_a_code_that_was_refused_means_starting_again(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    assert meaning is type(REFUSALS.exchange(ProviderAnswer(status, body), NOW))


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        ("invalid_grant", GrantEnded("microsoft")),
        ("interaction_required", SignInRequired("microsoft")),
        ("consent_required", ApprovalRequired("microsoft")),
    ],
)
def test_each_end_of_a_grant_is_a_problem_of_its_own(error: str, problem: ProviderProblem) -> None:
    assert problem == REFUSALS.refresh(ProviderAnswer(400, says(error)), NOW).problem


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (says("invalid_grant", error_codes=[50173, 1]), "invalid_grant AADSTS50173"),
        (says("invalid_grant"), "invalid_grant"),
        (says("invalid_grant", error_codes=[]), "invalid_grant"),
        (says("1.AX-secret", error_codes=[50173]), None),
        (HTML, None),
    ],
)
def test_the_log_sees_the_name_and_the_number_and_nothing_else(body: bytes, shown: str | None) -> None:
    assert shown == logged_code(ProviderAnswer(400, body))
