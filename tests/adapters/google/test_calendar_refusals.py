"""What every answer of the Calendar API that isn't a success says about a calendar."""

from datetime import UTC, datetime

import msgspec
import pytest

from adapters.google.calendar_refusals import calendar_refusal
from adapters.http_client.answer import ProviderAnswer
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.provider import AccessTokenExpired
from domain.calendar_problem import (
    CalendarGone,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    NotACalendar,
    ServerBusy,
    ServerRefused,
)

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
HTML = b"<html><body>Sorry</body></html>"


def says(reason: str, domain: str = "global") -> bytes:
    return msgspec.json.encode({"error": {"code": 0, "message": "x", "errors": [{"domain": domain, "reason": reason}]}})


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (400, says("timeRangeTooLong"), ServerRefused(400)),
        (400, HTML, ServerBusy()),
        (401, HTML, ServerBusy()),
        (403, says("insufficientPermissions"), CalendarPermissionMissing(("read",))),
        (403, says("accessNotConfigured", "usageLimits"), CalendarsNotSetUp()),
        (403, says("domainPolicy"), CalendarsBlockedByAdmin()),
        (403, says("forbidden"), CalendarGone()),
        (403, says("rateLimitExceeded", "usageLimits"), ServerBusy()),
        (403, says("something-new"), ServerBusy()),
        (404, says("notFound"), CalendarGone()),
        (404, HTML, ServerBusy()),
        (410, says("updatedMinTooLongAgo"), ServerBusy()),
        (429, says("rateLimitExceeded"), ServerBusy()),
        (500, says("backendError"), ServerBusy()),
        (503, b"\xff", ServerBusy()),
        (302, b"", NotACalendar()),
    ],
)
def test_an_answer_means_one_problem(status: int, body: bytes, problem: CalendarProblem) -> None:
    error = calendar_refusal(ProviderAnswer(status, body), NOW)

    assert isinstance(error, CalendarUnreadable)
    assert problem == error.problem


def test_only_a_clear_no_to_the_token_is_one() -> None:
    assert isinstance(calendar_refusal(ProviderAnswer(401, says("authError")), NOW), AccessTokenExpired)


@pytest.mark.parametrize(("status", "body"), [(403, says("userRateLimitExceeded")), (429, b""), (503, HTML)])
def test_the_wish_of_when_to_come_back_is_heard(status: int, body: bytes) -> None:
    error = calendar_refusal(ProviderAnswer(status, body, retry_after="60"), NOW)

    assert isinstance(error, CalendarUnreadable)
    assert datetime(2026, 11, 22, 14, 31, tzinfo=UTC) == error.not_before
