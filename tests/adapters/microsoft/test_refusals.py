"""What every answer of Microsoft Graph that isn't a success costs a host."""

from datetime import timedelta

import pytest

from adapters.http_client.answer import ProviderAnswer
from adapters.microsoft.refusals import api_code, api_refusal
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from domain.provider_problem import MeetingsNotAllowed, SignInRequired
from tests.adapters.microsoft.refusing import HTML, says
from tests.support.zoom_connected import NOW


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (401, says("InvalidAuthenticationToken"), AccessTokenExpired),
        (401, says("AuthenticationError"), AccessTokenExpired),
        (401, b'{"error":{"code":"InvalidAuthenticationToken","message":"m"}}', AccessTokenExpired),
        (403, says("Forbidden", message=""), NotPermitted),
        (403, says("Authorization_RequestDenied"), NotPermitted),
        (403, says("Forbidden", "insufficient_claims"), NotConnected),
        (403, says("insufficient_claims"), NotConnected),
        (403, HTML, TryLater),
        (403, b"", TryLater),
        (400, says("BadRequest"), OurFault),
        (422, says("UnprocessableEntity"), OurFault),
        (404, says("NotFound"), OurFault),
        (429, says("TooManyRequests", "429"), TryLater),
        (429, b"", TryLater),
        (500, says("InternalServerError"), TryLater),
        (500, says("Forbidden"), TryLater),
        (503, says("ServiceUnavailable"), TryLater),
        (509, says("BandwidthLimitExceeded"), TryLater),
        (503, HTML, TryLater),
        (401, HTML, TryLater),
        (404, HTML, TryLater),
        (400, b"[1, 2]", TryLater),
        (400, b'{"error":"text"}', TryLater),
        (400, b'{"error":{"message":"no code"}}', TryLater),
        (400, b"\xff\xfe", TryLater),
        (302, says("Forbidden"), TryLater),
    ],
)
def test_an_answer_means_one_kind_of_failure(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    error = api_refusal(ProviderAnswer(status, body), NOW)

    assert (meaning, False) == (type(error), error.left_behind)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_lost_the_answer_may_have_left_a_meeting_behind(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, HTML), NOW)

    assert (TryLater, True) == (type(error), error.left_behind)


def test_the_two_kinds_of_403_are_two_problems() -> None:
    problems = [api_refusal(ProviderAnswer(403, says("Forbidden", inner)), NOW).problem for inner in (None, _CLAIMS)]

    assert [MeetingsNotAllowed("microsoft"), SignInRequired("microsoft")] == problems


_CLAIMS = "insufficient_claims"


@pytest.mark.parametrize(
    "answer", [ProviderAnswer(429, b"", retry_after="60"), ProviderAnswer(503, HTML, retry_after="60")]
)
def test_the_wish_of_when_to_come_back_is_heard(answer: ProviderAnswer) -> None:
    error = api_refusal(answer, NOW)

    assert isinstance(error, TryLater)
    assert NOW + timedelta(minutes=1) == error.at


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (says("Forbidden", "insufficient_claims"), "insufficient_claims"),
        (says("TooManyRequests", "429"), "TooManyRequests"),
        (says("Forbidden"), "Forbidden"),
        (says("eyJ0.secret"), None),
        (HTML, None),
    ],
)
def test_the_log_sees_a_name_and_nothing_else(body: bytes, shown: str | None) -> None:
    assert shown == api_code(ProviderAnswer(403, body))


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 502])
def test_nothing_of_an_answer_is_repeated(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, says("secret-code", "secret-inner", "secret-text")), NOW)

    assert "secret" not in f"{error} {error!r} {error.__dict__}"
