"""What every answer of Google's API that isn't a success costs a host."""

from datetime import UTC, datetime

import msgspec
import pytest

from adapters.google.refusals import api_code, api_refusal, userinfo_refusal
from adapters.http_client.answer import ProviderAnswer
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from domain.provider_problem import AppDisabled, MeetingsNotAllowed, PermissionMissing

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
HTML = b"<html><body>Service Temporarily Unavailable</body></html>"
DENIED = "PERMISSION_DENIED"


def says(status: str, reason: str | None = None, **more: object) -> bytes:
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
    help_: dict[str, object] = {"@type": "type.googleapis.com/google.rpc.Help", "links": []}
    details = [help_] if reason is None else [help_, info]
    return msgspec.json.encode({"error": {"code": 1, "message": "m", "status": status, "details": details, **more}})


def older(reason: str, domain: str = "usageLimits", **more: object) -> bytes:
    errors = [{"domain": domain, "reason": reason, "message": "m"}]
    return msgspec.json.encode({"error": {"errors": errors, "code": 1, "message": "m", **more}})


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (401, says("UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"), AccessTokenExpired),
        (401, says("UNAUTHENTICATED"), AccessTokenExpired),
        (401, older("authError", "global"), AccessTokenExpired),
        (403, says(DENIED, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), NotConnected),
        (403, says(DENIED, "SERVICE_DISABLED"), OurFault),
        (403, says(DENIED), NotPermitted),
        (403, says(DENIED, "SOMETHING_NEW"), NotPermitted),
        (403, older("rateLimitExceeded"), TryLater),
        (403, older("userRateLimitExceeded"), TryLater),
        (403, older("quotaExceeded"), TryLater),
        (403, older("rateLimitExceeded", status=DENIED), TryLater),
        (403, older("forbidden", "global"), TryLater),
        (403, b'{"error":{"code":403,"message":"Permission denied"}}', TryLater),
        (403, HTML, TryLater),
        (400, says("INVALID_ARGUMENT"), OurFault),
        (400, says("FAILED_PRECONDITION"), OurFault),
        (404, says("NOT_FOUND"), OurFault),
        (429, says("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"), TryLater),
        (429, b"", TryLater),
        (429, HTML, TryLater),
        (500, says("INTERNAL"), TryLater),
        (500, says(DENIED), TryLater),
        (503, says("UNAVAILABLE"), TryLater),
        (503, HTML, TryLater),
        (401, HTML, TryLater),
        (404, HTML, TryLater),
        (400, b"[1, 2]", TryLater),
        (400, b'{"error":"text"}', TryLater),
        (400, b'{"error":{"details":"text"}}', TryLater),
        (400, b"\xff\xfe", TryLater),
        (302, b"", TryLater),
        (302, says(DENIED), TryLater),
    ],
)
def test_an_answer_means_one_kind_of_failure(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    error = api_refusal(ProviderAnswer(status, body), NOW)

    assert (meaning, False) == (type(error), error.left_behind)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_lost_the_answer_may_have_left_a_space_behind(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, HTML), NOW)

    assert (TryLater, True) == (type(error), error.left_behind)


def test_the_three_kinds_of_403_are_three_problems() -> None:
    reasons = ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "SERVICE_DISABLED", None)

    problems = [api_refusal(ProviderAnswer(403, says(DENIED, reason)), NOW).problem for reason in reasons]

    assert [PermissionMissing("google"), AppDisabled("google"), MeetingsNotAllowed("google")] == problems


@pytest.mark.parametrize(
    "answer",
    [
        ProviderAnswer(429, says("RESOURCE_EXHAUSTED"), retry_after="60"),
        ProviderAnswer(403, older("userRateLimitExceeded"), retry_after="60"),
        ProviderAnswer(503, HTML, retry_after="60"),
    ],
)
def test_the_wish_of_when_to_come_back_is_heard(answer: ProviderAnswer) -> None:
    error = api_refusal(answer, NOW)

    assert isinstance(error, TryLater)
    assert datetime(2026, 11, 22, 14, 31, tzinfo=UTC) == error.at


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (401, b'{"error":"invalid_request","error_description":"Invalid Credentials"}', AccessTokenExpired),
        (401, says("UNAUTHENTICATED"), AccessTokenExpired),
        (401, HTML, TryLater),
        (403, says(DENIED), NotPermitted),
        (503, HTML, TryLater),
    ],
)
def test_reading_the_account_says_401_in_either_shape(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    assert meaning is type(userinfo_refusal(ProviderAnswer(status, body), NOW))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (says(DENIED, "SERVICE_DISABLED"), "SERVICE_DISABLED"),
        (older("rateLimitExceeded"), "rateLimitExceeded"),
        (says(DENIED), DENIED),
        (says("ya29.secret"), None),
        (HTML, None),
    ],
)
def test_the_log_sees_a_name_and_nothing_else(body: bytes, shown: str | None) -> None:
    assert shown == api_code(ProviderAnswer(403, body))


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 502])
def test_nothing_of_an_answer_is_repeated(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, says("secret-status", "secret-reason", message="secret-text")), NOW)

    assert "secret" not in f"{error} {error!r} {error.__dict__}"
