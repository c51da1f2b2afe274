"""What every answer of Zoom's API that isn't a success costs a host."""

from datetime import UTC, datetime

import msgspec
import pytest

from adapters.http_client.answer import ProviderAnswer
from adapters.zoom.refusals import api_refusal
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from domain.provider_problem import DailyLimitReached, RateLimited

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
HTML = b"<html><body>Service Temporarily Unavailable</body></html>"

USER_LIMIT = (
    "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular"
    " user. You may resume these requests at GMT 00:00:00."
)
ACCOUNT_LIMIT = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you"
    " can make another request."
)
PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."


def says(code: int, message: str = "", **more: object) -> bytes:
    return msgspec.json.encode({"code": code, "message": message, **more})


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (401, says(124, "Invalid access token."), AccessTokenExpired),
        (401, says(124, "Access token is expired."), AccessTokenExpired),
        (401, b'{"status":false,"errorCode":401}', AccessTokenExpired),
        (400, says(4711, "Invalid access token, does not contain scopes:[meeting:write:meeting]."), NotConnected),
        (401, says(4711), NotConnected),
        (404, says(1001, "User does not exist: me."), NotConnected),
        (400, says(1001), NotConnected),
        (400, says(1010, "User not belong to this account"), NotConnected),
        *((401, says(code), NotConnected) for code in range(4735, 4742)),
        (400, says(200, "Only available for paid account."), NotPermitted),
        (400, says(200, "No permission."), NotPermitted),
        (400, says(1120, "Invitation expired"), NotPermitted),
        (400, says(3000, "You cannot schedule a meeting for me"), NotPermitted),
        (400, says(3161, "Your user account is not allowed meeting hosting."), NotPermitted),
        (400, says(300, "Validation Failed.", errors=[{"field": "topic", "message": "too long"}]), OurFault),
        (400, says(300, "Request Body should be a valid JSON object."), OurFault),
        (400, says(4700, "Token cannot be empty."), OurFault),
        (401, says(4700), OurFault),
        (400, says(4717), OurFault),
        (404, says(2300, "This API endpoint is not recognized."), OurFault),
        (400, b'{"message":"no code"}', OurFault),
        (400, says(987654), OurFault),
        (429, says(429, PER_SECOND), TryLater),
        (429, says(4001), TryLater),
        (429, b"", TryLater),
        (429, HTML, TryLater),
        (500, says(500), TryLater),
        (500, says(3161), TryLater),
        (503, HTML, TryLater),
        (403, HTML, TryLater),
        (401, HTML, TryLater),
        (404, b"", TryLater),
        (400, b"[1, 2]", TryLater),
        (400, b'{"code":{"a":1}}', TryLater),
        (400, b"\xff\xfe", TryLater),
        (302, b"", TryLater),
        (302, says(3161), TryLater),
        (300, says(300), TryLater),
    ],
)
def test_an_answer_means_one_kind_of_failure(status: int, body: bytes, meaning: type[ProviderError]) -> None:
    error = api_refusal(ProviderAnswer(status, body), NOW)

    assert (meaning, False) == (type(error), error.left_behind)


@pytest.mark.parametrize("status", [502, 504, 520, 524])
def test_a_gateway_that_lost_the_answer_may_have_left_a_meeting_behind(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, HTML), NOW)

    assert (TryLater, True) == (type(error), error.left_behind)


@pytest.mark.parametrize(
    "answer",
    [
        ProviderAnswer(429, says(429, USER_LIMIT)),
        ProviderAnswer(429, says(429, USER_LIMIT), retry_after="5", rate_limit_type="QPS"),
        ProviderAnswer(
            300, says(300, "A maximum of 100 meetings can be created/updated for a single user in one day.")
        ),
        ProviderAnswer(429, says(429, ACCOUNT_LIMIT)),
        ProviderAnswer(
            429, says(429, ACCOUNT_LIMIT), retry_after="2026-11-23T00:00:00Z", rate_limit_type="Daily-limit"
        ),
        ProviderAnswer(429, says(429, "Try again."), rate_limit_type="Daily-limit"),
    ],
)
def test_a_daily_limit_ends_at_midnight_utc_and_says_so(answer: ProviderAnswer) -> None:
    error = api_refusal(answer, NOW)

    assert isinstance(error, TryLater)
    assert isinstance(error.problem, DailyLimitReached)
    assert (MIDNIGHT, MIDNIGHT) == (error.problem.resets_at, error.at)


def test_a_limit_per_second_is_no_daily_limit() -> None:
    error = api_refusal(ProviderAnswer(429, says(429, PER_SECOND), rate_limit_type="QPS"), NOW)

    assert isinstance(error, TryLater)
    assert (RateLimited("zoom"), None) == (error.problem, error.at)


@pytest.mark.parametrize("status", [429, 503, 302, 403])
def test_the_wish_of_when_to_come_back_is_heard(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, b"", retry_after="60"), NOW)

    assert isinstance(error, TryLater)
    assert datetime(2026, 11, 22, 14, 31, tzinfo=UTC) == error.at


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 502])
def test_nothing_of_an_answer_is_repeated(status: int) -> None:
    error = api_refusal(ProviderAnswer(status, says(987, "secret-of-zoom")), NOW)

    assert "secret" not in f"{error} {error!r} {error.__dict__}"


def test_an_answer_keeps_its_body_to_itself() -> None:
    assert "secret" not in repr(ProviderAnswer(200, b"secret"))
