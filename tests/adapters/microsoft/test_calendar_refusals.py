"""What every answer of Graph about calendars that isn't a success means."""

from datetime import timedelta

import pytest

from adapters.http_client.answer import ProviderAnswer
from adapters.microsoft.calendar_refusals import calendar_refusal
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.provider import AccessTokenExpired
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    NotACalendar,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    SignInEnded,
)
from tests.adapters.microsoft.refusing import HTML, says
from tests.support.zoom_connected import NOW


def problem(status: int, body: bytes) -> CalendarProblem:
    error = calendar_refusal(ProviderAnswer(status, body), NOW)
    assert isinstance(error, CalendarUnreadable)
    return error.problem


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, says("Forbidden", message=""), CalendarsBlockedByAdmin()),
        (403, says("AccessDenied", "insufficient_claims"), SignInEnded()),
        (403, says("ErrorAccessDenied"), ServerRefused(403)),
        (403, says("ErrorQuotaExceeded"), ServerRefused(403)),
        (403, HTML, ServerBusy()),
        (404, says("ErrorItemNotFound"), CalendarGone()),
        (400, says("ErrorInvalidIdMalformed"), CalendarGone()),
        (410, says("Gone"), CalendarGone()),
        (404, says("MailboxNotEnabledForRESTAPI"), ServerRefused(404)),
        (404, HTML, ServerBusy()),
        (400, says("BadRequest"), ServerRefused(400)),
        (429, says("ApplicationThrottled"), ServerBusy()),
        (500, says("ErrorItemNotFound"), ServerBusy()),
        (503, HTML, ServerBusy()),
        (504, HTML, ServerTooSlow()),
        (302, b"", NotACalendar()),
        (200, HTML, NotACalendar()),
    ],
)
def test_an_answer_means_one_problem(status: int, body: bytes, expected: CalendarProblem) -> None:
    assert expected == problem(status, body)


def test_a_token_that_is_not_taken_is_refreshed_first() -> None:
    assert isinstance(
        calendar_refusal(ProviderAnswer(401, says("InvalidAuthenticationToken")), NOW), AccessTokenExpired
    )


@pytest.mark.parametrize("status", [429, 503, 504])
def test_the_wish_of_when_to_come_back_is_heard(status: int) -> None:
    error = calendar_refusal(ProviderAnswer(status, HTML, retry_after="60"), NOW)

    assert isinstance(error, CalendarUnreadable)
    assert NOW + timedelta(minutes=1) == error.not_before
