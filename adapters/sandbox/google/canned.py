"""Google's exact answers for each failure."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec

from adapters.sandbox.asgi import Reply, json
from adapters.sandbox.google.calendar.errors import forbidden, full_sync_required, webhook_refused
from adapters.sandbox.google.errors import (
    GoogleApiError,
    GoogleOAuthError,
    invalid_argument,
    invalid_client,
    invalid_credentials,
    invalid_grant,
    permission_denied,
    redirect_uri_mismatch,
    resource_exhausted,
    scope_insufficient,
    unauthenticated,
)
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure

RETRY_AFTER: Final = timedelta(seconds=7)


class _FreeBusyBody(msgspec.Struct, frozen=True):
    calendars: dict[str, dict[str, Any]]


def canned(failure: GoogleFailure, endpoint: GoogleEndpoint, now: datetime) -> Reply:
    """Build the answer of a failure that is an answer of Google's own."""
    match failure:
        case GoogleFailure.ACCESS_EXPIRED:
            return (invalid_credentials() if endpoint is GoogleEndpoint.USERINFO else unauthenticated()).answer()
        case GoogleFailure.ACCESS_REFUSED:
            text = "Invalid Credentials"
            older = ("global", "authError")
            return GoogleApiError(HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", text, older=older).answer()
        case GoogleFailure.SCOPE_INSUFFICIENT:
            return scope_insufficient().answer()
        case GoogleFailure.SERVICE_DISABLED:
            text = "This API has not been used in project 0 before or it is disabled."
            return GoogleApiError(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", text, reason="SERVICE_DISABLED").answer()
        case GoogleFailure.PERMISSION_DENIED:
            return permission_denied().answer()
        case GoogleFailure.USER_RATE_LIMIT:
            return _usage("userRateLimitExceeded", "User Rate Limit Exceeded")
        case GoogleFailure.RATE_LIMIT:
            return _usage("rateLimitExceeded", "Rate Limit Exceeded")
        case GoogleFailure.QUOTA_EXCEEDED:
            return _usage("quotaExceeded", "Quota Exceeded")
        case GoogleFailure.RESOURCE_EXHAUSTED:
            return resource_exhausted().answer()
        case GoogleFailure.RESOURCE_EXHAUSTED_SECONDS:
            return _exhausted(str(int(RETRY_AFTER.total_seconds())))
        case GoogleFailure.RESOURCE_EXHAUSTED_DATE:
            return _exhausted(format_datetime((now + RETRY_AFTER).astimezone(UTC), usegmt=True))
        case GoogleFailure.INVALID_ARGUMENT:
            return invalid_argument("Invalid JSON payload received. Unknown name \"x\" at 'space'.", "space").answer()
        case GoogleFailure.FULL_SYNC_REQUIRED:
            return full_sync_required().answer()
        case GoogleFailure.NOT_A_CALENDAR_USER:
            text = "The user must be signed up for Google Calendar."
            return forbidden("notACalendarUser", text).answer()
        case GoogleFailure.WEBHOOK_REFUSED:
            return webhook_refused("https://timetuna.example").answer()
        case GoogleFailure.INVALID_GRANT:
            return invalid_grant().answer()
        case GoogleFailure.INVALID_RAPT:
            return invalid_grant("reauth related error (invalid_rapt)", subtype="invalid_rapt").answer()
        case GoogleFailure.ADMIN_POLICY:
            return GoogleOAuthError("admin_policy_enforced", "This app is not allowed by your administrator.").answer()
        case GoogleFailure.INVALID_CLIENT:
            return invalid_client().answer()
        case GoogleFailure.REDIRECT_MISMATCH:
            return redirect_uri_mismatch().answer()
        case GoogleFailure.SERVER_ERROR:
            return GoogleApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL", "Internal error encountered.").answer()
        case _:
            raise ValueError(f"{failure} is no answer of Google's own")


def spoiled(answer: Reply, failure: GoogleFailure) -> Reply:
    """Put something wrong into a good answer about what is busy."""
    if answer.status != HTTPStatus.OK:
        return answer
    body = msgspec.json.decode(answer.body, type=_FreeBusyBody)
    reason = "internalError" if failure is GoogleFailure.CALENDAR_ERRORS else "notFound"
    errors = {"errors": [{"domain": "global", "reason": reason}], "busy": []}
    calendars = (
        dict(list(body.calendars.items())[1:])
        if failure is GoogleFailure.CALENDAR_LEFT_OUT
        else dict.fromkeys(body.calendars, errors)
    )
    return json({"kind": "calendar#freeBusy", "calendars": calendars})


def _usage(reason: str, message: str) -> Reply:
    return GoogleApiError(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, older=("usageLimits", reason)).answer()


def _exhausted(retry_after: str) -> Reply:
    return resource_exhausted().answer().with_headers(("retry-after", retry_after))
