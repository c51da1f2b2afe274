"""Maps refusals of Google's API to errors by HTTP status, `status` and `reason`, never by the message.

Source: Google Cloud API design, "Errors"; google.api.ErrorReason; the bodies as they were seen in practice.
"""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.google.wire import GoogleApiRefusal
from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Meaning
from adapters.http_client.failures import refusal_in, temporary_failure
from adapters.http_client.oauth_refusals import OAuthRefusal
from adapters.http_client.waiting import wished_at
from adapters.http_client.wire import read
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from domain.provider_problem import (
    AccessTokenRefused,
    AppDisabled,
    MeetingsNotAllowed,
    PermissionMissing,
    RateLimited,
    RequestRejected,
)

_NAME: Final = re.compile(r"[A-Za-z_]{1,60}", re.ASCII)


def api_refusal(answer: ProviderAnswer, now: datetime) -> ProviderError:
    """Say what an answer other than 2xx means; anything that isn't a clear no is worth another try."""
    refusal = refusal_in(answer, GoogleApiRefusal)
    if refusal is None:
        return temporary_failure(answer, now, "google")
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return AccessTokenExpired(AccessTokenRefused("google"))
        case HTTPStatus.FORBIDDEN:
            return _forbidden(answer, refusal, now)
        case _:
            return OurFault(RequestRejected("google"))


def userinfo_refusal(answer: ProviderAnswer, now: datetime) -> ProviderError:
    """Say what it means that nobody would tell who has connected: this endpoint says 401 in OAuth's shape."""
    if answer.status == HTTPStatus.UNAUTHORIZED and read(answer.body, OAuthRefusal) is not None:
        return AccessTokenExpired(AccessTokenRefused("google"))
    return api_refusal(answer, now)


def api_code(answer: ProviderAnswer) -> str | None:
    """The reason in an error answer, for the log; nothing else of it is safe to show."""
    refusal = read(answer.body, GoogleApiRefusal)
    if refusal is None:
        return None
    names = [*sorted(refusal.reasons), *(error.reason for error in refusal.error.errors), refusal.error.status]
    return next((name for name in names if _NAME.fullmatch(name)), None)


API: Final = Meaning(api_refusal, api_code)
USERINFO: Final = Meaning(userinfo_refusal, api_code)


def _forbidden(answer: ProviderAnswer, refusal: GoogleApiRefusal, now: datetime) -> ProviderError:
    if refusal.is_about_usage:
        return TryLater(RateLimited("google"), at=wished_at(answer.retry_after, now))
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in refusal.reasons:
        return NotConnected(PermissionMissing("google"))
    if "SERVICE_DISABLED" in refusal.reasons:
        return OurFault(AppDisabled("google"))
    if refusal.error.status == "PERMISSION_DENIED":
        return NotPermitted(MeetingsNotAllowed("google"))
    return temporary_failure(answer, now, "google")
