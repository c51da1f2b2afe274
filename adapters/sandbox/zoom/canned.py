"""Zoom's exact answers for each failure."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from adapters.sandbox.asgi import Reply, json
from adapters.sandbox.zoom.errors import (
    ZoomApiError,
    ZoomOAuthError,
    daily_limit,
    invalid_client,
    invalid_fields,
    invalid_grant,
    invalid_token,
    may_not_schedule,
    missing_scope,
    newer_authorization,
)
from adapters.sandbox.zoom.grants import MEETING_WRITE, USER_READ
from adapters.sandbox.zoom.switches import API, ZoomEndpoint, ZoomFailure

RETRY_AFTER: Final = timedelta(seconds=7)
_PER_SECOND: Final = "You have reached the maximum per-second rate limit for this API. Try again later."
_PER_DAY: Final = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on"
    " when you can make another request."
)


def canned(failure: ZoomFailure, endpoint: ZoomEndpoint, now: datetime) -> Reply:
    """Build the answer of a failure that is an answer of Zoom's own."""
    bad, denied = HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED
    match failure:
        case ZoomFailure.ACCESS_REFUSED:
            return invalid_token().answer()
        case ZoomFailure.ACCESS_EXPIRED:
            return invalid_token("Access token is expired.").answer()
        case ZoomFailure.ACCESS_EMPTY:
            return ZoomApiError(bad, 4700, "Token cannot be empty.").answer()
        case ZoomFailure.MISSING_SCOPE:
            return missing_scope(USER_READ if endpoint is ZoomEndpoint.ME else MEETING_WRITE).answer()
        case ZoomFailure.STATUS_FALSE:
            return json({"status": False, "errorCode": 401}, denied)
        case ZoomFailure.DAILY_LIMIT:
            return daily_limit().answer()
        case ZoomFailure.DAILY_LIMIT_OLD:
            text = "A maximum of 100 meetings can be created/updated for a single user in one day."
            return ZoomApiError(HTTPStatus.MULTIPLE_CHOICES, 300, text).answer()
        case ZoomFailure.ACCOUNT_DAILY_LIMIT:
            midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0) + timedelta(days=1)
            answer = ZoomApiError(HTTPStatus.TOO_MANY_REQUESTS, 429, _PER_DAY).answer()
            return answer.with_headers(("x-ratelimit-type", "Daily-limit"), ("retry-after", _iso(midnight)))
        case ZoomFailure.QPS_LIMIT:
            return _too_fast()
        case ZoomFailure.QPS_LIMIT_ISO:
            return _too_fast(_iso(now + RETRY_AFTER))
        case ZoomFailure.QPS_LIMIT_DATE:
            return _too_fast(format_datetime((now + RETRY_AFTER).astimezone(UTC), usegmt=True))
        case ZoomFailure.QPS_LIMIT_SECONDS:
            return _too_fast(str(int(RETRY_AFTER.total_seconds())))
        case ZoomFailure.MAY_NOT_SCHEDULE:
            return may_not_schedule().answer()
        case ZoomFailure.PAID_ONLY:
            return ZoomApiError(bad, 200, "Only available for paid account.").answer()
        case ZoomFailure.NO_PERMISSION:
            return ZoomApiError(bad, 200, "No permission.").answer()
        case ZoomFailure.BLOCKED_USER:
            return ZoomApiError(bad, 3000, "You cannot schedule a meeting for me").answer()
        case ZoomFailure.VALIDATION:
            return invalid_fields(("settings.use_pmi", "Invalid field.")).answer()
        case ZoomFailure.USER_GONE:
            return ZoomApiError(HTTPStatus.NOT_FOUND, 1001, "User does not exist: me.").answer()
        case ZoomFailure.USER_MOVED:
            return ZoomApiError(bad, 1010, "User not belong to this account").answer()
        case ZoomFailure.OWNER_GONE:
            return _dead(endpoint, 4735, "The owner of the token does not exist.")
        case ZoomFailure.REFRESH_NOT_FOUND:
            return _dead(endpoint, 4737, "The refresh token was not found.")
        case ZoomFailure.DISABLED_BY_ADMIN:
            return _dead(endpoint, 4738, "The token has been disabled by the administrator.")
        case ZoomFailure.TOO_OFTEN:
            return _dead(endpoint, 4740, "The token ID is out of the token tolerance range.")
        case ZoomFailure.NEWER_AUTHORIZATION:
            return _dead(endpoint, 4741, newer_authorization().message)
        case ZoomFailure.SCOPES_CHANGED:
            text = "The token scopes do not match the client scopes. (4711)"
            return ZoomOAuthError(text, "invalid_request").answer()
        case ZoomFailure.APP_DISABLED:
            return ZoomOAuthError("The app has been disabled. (4717)", "invalid_client", denied).answer()
        case ZoomFailure.INVALID_GRANT:
            return invalid_grant().answer()
        case ZoomFailure.INVALID_GRANT_BARE:
            return json({"error": "invalid_grant"}, bad)
        case ZoomFailure.INVALID_GRANT_401:
            return ZoomOAuthError("Invalid Token!", "invalid_grant", denied).answer()
        case ZoomFailure.INVALID_GRANT_OLD:
            return ZoomOAuthError("Invalid Token!", "invalid_request").answer()
        case ZoomFailure.INVALID_CLIENT:
            return invalid_client().answer()
        case ZoomFailure.SERVER_ERROR:
            return ZoomApiError(HTTPStatus.INTERNAL_SERVER_ERROR, 500, "Internal server error.").answer()
        case _:
            raise ValueError(f"{failure} is no answer of Zoom's own")


def _too_fast(retry_after: str | None = None) -> Reply:
    answer = ZoomApiError(HTTPStatus.TOO_MANY_REQUESTS, 429, _PER_SECOND).answer()
    answer = answer.with_headers(("x-ratelimit-type", "QPS"))
    return answer if retry_after is None else answer.with_headers(("retry-after", retry_after))


def _dead(endpoint: ZoomEndpoint, code: int, text: str) -> Reply:
    if endpoint in API:
        return ZoomApiError(HTTPStatus.UNAUTHORIZED, code, text).answer()
    return ZoomOAuthError(f"{text} ({code})", "invalid_grant").answer()


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
