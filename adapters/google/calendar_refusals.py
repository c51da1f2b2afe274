"""Maps refusals of the Calendar API to problems by HTTP status and `reason`, never by the message.

Source: Google Calendar API v3, "Handle API errors"; google.api.ErrorReason; the bodies as they were seen in practice.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.google.refusals import api_code
from adapters.google.wire import GoogleApiRefusal
from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calendar_calls import CalendarMeaning, CalendarRefusal
from adapters.http_client.failures import refusal_in
from adapters.http_client.waiting import wished_at
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
from domain.provider_problem import AccessTokenRefused

_NOT_SET_UP: Final = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_SCOPES: Final = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_BLOCKED: Final = frozenset({"domainPolicy", "notACalendarUser"})
_HIDDEN: Final = frozenset({"forbidden", "requiredAccessLevel"})


def calendar_refusal(answer: ProviderAnswer, now: datetime) -> CalendarRefusal:
    """Say what an answer other than 2xx means; what isn't a clear no is about this moment only."""
    refusal = refusal_in(answer, GoogleApiRefusal)
    if refusal is not None and answer.status == HTTPStatus.UNAUTHORIZED:
        return AccessTokenExpired(AccessTokenRefused("google"))
    problem = _passing(answer) if refusal is None else _problem(answer.status, reasons_of(refusal))
    return CalendarUnreadable(problem, wished_at(answer.retry_after, now) if problem == ServerBusy() else None)


def reasons_of(refusal: GoogleApiRefusal) -> frozenset[str]:
    """The reasons in the present and in the older shape."""
    return refusal.reasons | {error.reason for error in refusal.error.errors}


CALENDAR: Final = CalendarMeaning(calendar_refusal, api_code)


def _problem(status: int, reasons: frozenset[str]) -> CalendarProblem:
    match status:
        case HTTPStatus.FORBIDDEN:
            return _forbidden(reasons)
        case HTTPStatus.NOT_FOUND:
            return CalendarGone()
        case HTTPStatus.GONE:
            return ServerBusy()
        case _:
            return ServerRefused(status)


def _forbidden(reasons: frozenset[str]) -> CalendarProblem:
    if reasons & _NOT_SET_UP:
        return CalendarsNotSetUp()
    if reasons & _SCOPES:
        return CalendarPermissionMissing(("read",))
    if reasons & _BLOCKED:
        return CalendarsBlockedByAdmin()
    if reasons & _HIDDEN:
        return CalendarGone()
    return ServerBusy()


def _passing(answer: ProviderAnswer) -> CalendarProblem:
    is_redirect = answer.status < HTTPStatus.BAD_REQUEST
    return NotACalendar() if is_redirect else ServerBusy()
