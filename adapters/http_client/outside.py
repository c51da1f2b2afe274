"""Requests to servers that people named: what holds for all of them."""

from datetime import timedelta
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from adapters.http_client.pinned import AddressRefused, PinnedTransport
from domain.calendar_problem import AddressNotAllowed, CalendarProblem, ServerTooSlow, ServerUnreachable

NO_ANSWER: Final = (TimeoutError, httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""What is raised where a server gives no answer within its time."""

_BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


def outside_client(transport: PinnedTransport, longest: timedelta, **headers: str) -> httpx.AsyncClient:
    """Make a client that follows no redirect, keeps no cookie, and asks for bodies without compression."""
    return httpx.AsyncClient(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        # All hosts share this client: a cookie that one of them was given must not go out for another.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=longest.total_seconds(),
        headers={"User-Agent": "TimeTuna", "Accept-Encoding": "identity", **headers},
    )


def without_answer(error: Exception) -> CalendarProblem:
    """Say why there is no answer, by one of NO_ANSWER."""
    match error:
        case AddressRefused():
            return AddressNotAllowed()
        case TimeoutError() | httpx.TimeoutException():
            return ServerTooSlow()
        case _:
            return ServerUnreachable()


def is_busy(response: httpx.Response) -> bool:
    """Whether a later try may go better."""
    return response.is_server_error or response.status_code in _BUSY
