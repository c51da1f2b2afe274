"""Maps refusals of Graph about calendars to problems by HTTP status and `code`, never by the message.

Source: Microsoft Graph, "Error responses" and "Throttling guidance"; the bodies as they were seen in practice.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calendar_calls import CalendarMeaning, CalendarRefusal
from adapters.http_client.failures import refusal_in
from adapters.http_client.waiting import wished_at
from adapters.microsoft.refusals import SIGN_IN, api_code
from adapters.microsoft.wire import GraphRefusal
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
from domain.provider_problem import AccessTokenRefused

_GONE: Final = frozenset({"ErrorItemNotFound", "ErrorFolderNotFound", "ErrorInvalidIdMalformed", "ErrorInvalidId"})

# About one calendar, such as one that its owner shares no longer, or a mailbox that is full; about the whole account
# Graph says "Forbidden".
_THIS_CALENDAR: Final = frozenset({"ErrorAccessDenied", "ErrorQuotaExceeded"})


def calendar_refusal(answer: ProviderAnswer, now: datetime) -> CalendarRefusal:
    """Say what an answer other than 2xx means; what isn't a clear no is about this moment only."""
    refusal = refusal_in(answer, GraphRefusal)
    if refusal is not None and answer.status == HTTPStatus.UNAUTHORIZED:
        return AccessTokenExpired(AccessTokenRefused("microsoft"))
    problem = _passing(answer) if refusal is None else _problem(answer.status, frozenset(refusal.error.codes))
    return CalendarUnreadable(problem, wished_at(answer.retry_after, now))


CALENDAR: Final = CalendarMeaning(calendar_refusal, api_code)


def _problem(status: int, codes: frozenset[str]) -> CalendarProblem:
    if codes & _GONE or status == HTTPStatus.GONE:
        return CalendarGone()
    if status == HTTPStatus.FORBIDDEN and SIGN_IN in codes:
        return SignInEnded()
    if status == HTTPStatus.FORBIDDEN and not codes & _THIS_CALENDAR:
        return CalendarsBlockedByAdmin()
    return ServerRefused(status)


def _passing(answer: ProviderAnswer) -> CalendarProblem:
    if answer.status < HTTPStatus.BAD_REQUEST:
        return NotACalendar()
    return ServerTooSlow() if answer.status == HTTPStatus.GATEWAY_TIMEOUT else ServerBusy()
