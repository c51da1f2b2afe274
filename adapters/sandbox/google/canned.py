"""Google's exact answers for each failure."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from adapters.sandbox.asgi import Reply
from adapters.sandbox.google.errors import (
    ApiError,
    OAuthError,
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
from adapters.sandbox.google.switches import Endpoint, Failure

RETRY_AFTER: Final = timedelta(seconds=7)


def canned(failure: Failure, endpoint: Endpoint, now: datetime) -> Reply:
    """Build the answer of a failure that is an answer of Google's own."""
    match failure:
        case Failure.ACCESS_EXPIRED:
            return (invalid_credentials() if endpoint is Endpoint.USERINFO else unauthenticated()).answer()
        case Failure.ACCESS_REFUSED:
            text = "Invalid Credentials"
            older = ("global", "authError")
            return ApiError(HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", text, older=older).answer()
        case Failure.SCOPE_INSUFFICIENT:
            return scope_insufficient().answer()
        case Failure.SERVICE_DISABLED:
            text = "Google Meet API has not been used in project 0 before or it is disabled."
            return ApiError(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", text, reason="SERVICE_DISABLED").answer()
        case Failure.PERMISSION_DENIED:
            return permission_denied().answer()
        case Failure.USER_RATE_LIMIT:
            return _usage("userRateLimitExceeded", "User Rate Limit Exceeded")
        case Failure.RATE_LIMIT:
            return _usage("rateLimitExceeded", "Rate Limit Exceeded")
        case Failure.QUOTA_EXCEEDED:
            return _usage("quotaExceeded", "Quota Exceeded")
        case Failure.RESOURCE_EXHAUSTED:
            return resource_exhausted().answer()
        case Failure.RESOURCE_EXHAUSTED_SECONDS:
            return _exhausted(str(int(RETRY_AFTER.total_seconds())))
        case Failure.RESOURCE_EXHAUSTED_DATE:
            return _exhausted(format_datetime((now + RETRY_AFTER).astimezone(UTC), usegmt=True))
        case Failure.INVALID_ARGUMENT:
            return invalid_argument("Invalid JSON payload received. Unknown name \"x\" at 'space'.", "space").answer()
        case Failure.INVALID_GRANT:
            return invalid_grant().answer()
        case Failure.INVALID_RAPT:
            return invalid_grant("reauth related error (invalid_rapt)", subtype="invalid_rapt").answer()
        case Failure.ADMIN_POLICY:
            return OAuthError("admin_policy_enforced", "This app is not allowed by your administrator.").answer()
        case Failure.INVALID_CLIENT:
            return invalid_client().answer()
        case Failure.REDIRECT_MISMATCH:
            return redirect_uri_mismatch().answer()
        case Failure.SERVER_ERROR:
            return ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL", "Internal error encountered.").answer()
        case _:
            raise ValueError(f"{failure} is no answer of Google's own")


def _usage(reason: str, message: str) -> Reply:
    return ApiError(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, older=("usageLimits", reason)).answer()


def _exhausted(retry_after: str) -> Reply:
    return resource_exhausted().answer().with_headers(("retry-after", retry_after))
