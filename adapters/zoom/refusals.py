"""Maps refusals of Zoom's API to errors by HTTP status and `code`, not by the message.

Source: Zoom API, "Errors" and "Rate limits"; the codes as they were seen in practice.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Meaning
from adapters.http_client.failures import temporary_failure
from adapters.http_client.waiting import wished_at
from adapters.http_client.wire import read
from adapters.zoom.codes import problem_of
from adapters.zoom.waiting import next_midnight
from adapters.zoom.wire import ZoomApiRefusal
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from domain.provider_problem import AccessTokenRefused, DailyLimitReached, RequestRejected

_BY_CODE: Final[Mapping[int, type[NotConnected | NotPermitted | OurFault]]] = {
    1001: NotConnected,
    1010: NotConnected,
    4711: NotConnected,
    4735: NotConnected,
    4736: NotConnected,
    4737: NotConnected,
    4738: NotConnected,
    4739: NotConnected,
    4740: NotConnected,
    4741: NotConnected,
    200: NotPermitted,
    1120: NotPermitted,
    3000: NotPermitted,
    3161: NotPermitted,
    300: OurFault,
    4700: OurFault,
    4717: OurFault,
    4724: OurFault,
}

_TOO_MUCH: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.MULTIPLE_CHOICES})

# The one thing that only the message tells; the second is how Zoom said it in older days, with HTTP 300.
_USER_LIMIT: Final = ("daily rate limit (100)", "meeting create/update", "updated for a single user in one day")
_ACCOUNT_LIMIT: Final = ("maximum daily rate limit",)


def api_refusal(answer: ProviderAnswer, now: datetime) -> ProviderError:
    """Say what an answer other than 2xx means; anything that isn't a clear no is worth another try."""
    if answer.is_server_error:
        return temporary_failure(answer, now, "zoom")
    refusal = read(answer.body, ZoomApiRefusal)
    if answer.status in _TOO_MUCH:
        return _too_much(answer, refusal, now)
    if refusal is None or not answer.is_client_error:
        return temporary_failure(answer, now, "zoom")
    if refusal.code in _BY_CODE:
        return _BY_CODE[refusal.code](problem_of(refusal.code))
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return AccessTokenExpired(AccessTokenRefused("zoom"))
    return OurFault(RequestRejected("zoom"))


def api_code(answer: ProviderAnswer) -> int | None:
    """The number in an error answer, for the log."""
    refusal = read(answer.body, ZoomApiRefusal)
    return None if refusal is None else refusal.code


MEANING: Final = Meaning(api_refusal, api_code)


def _too_much(answer: ProviderAnswer, refusal: ZoomApiRefusal | None, now: datetime) -> TryLater:
    message = "" if refusal is None else refusal.message.lower()
    # The headers of this answer describe the account's bucket, not the user's 100 a day.
    if any(sign in message for sign in _USER_LIMIT):
        resets_at = next_midnight(now)
        return TryLater(DailyLimitReached("zoom", resets_at, "user"), at=resets_at)
    if any(sign in message for sign in _ACCOUNT_LIMIT) or (answer.rate_limit_type or "").lower() == "daily-limit":
        resets_at = wished_at(answer.retry_after, now) or next_midnight(now)
        return TryLater(DailyLimitReached("zoom", resets_at, "account"), at=resets_at)
    return temporary_failure(answer, now, "zoom")
