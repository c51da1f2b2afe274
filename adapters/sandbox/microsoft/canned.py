"""Microsoft's exact answers for each failure."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from adapters.sandbox.asgi import Reply
from adapters.sandbox.microsoft.errors import (
    GraphApiError,
    MicrosoftOAuthError,
    access_denied,
    bad_request,
    crowded,
    forbidden,
    invalid_grant,
    item_not_found,
    too_many_requests,
    unauthenticated,
)
from adapters.sandbox.microsoft.switches import MicrosoftFailure

RETRY_AFTER: Final = timedelta(seconds=7)

_SECONDS: Final = str(int(RETRY_AFTER.total_seconds()))


def canned(failure: MicrosoftFailure, now: datetime) -> Reply:
    """Build the answer of a failure that is an answer of Microsoft's own."""
    match failure:
        case MicrosoftFailure.ACCESS_EXPIRED:
            return unauthenticated().answer()
        case MicrosoftFailure.ACCESS_REFUSED:
            text = "Error authenticating with resource"
            return GraphApiError(HTTPStatus.UNAUTHORIZED, "AuthenticationError", text).answer()
        case MicrosoftFailure.FORBIDDEN:
            return forbidden().answer()
        case MicrosoftFailure.INSUFFICIENT_CLAIMS:
            text = "The presented access token has insufficient claims."
            return GraphApiError(HTTPStatus.FORBIDDEN, "Forbidden", text, inner="insufficient_claims").answer()
        case MicrosoftFailure.BAD_REQUEST:
            return bad_request("The property 'x' doesn't exist here.").answer()
        case MicrosoftFailure.TOO_MANY_REQUESTS:
            return too_many_requests().answer()
        case MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS:
            return _throttled(_SECONDS)
        case MicrosoftFailure.TOO_MANY_REQUESTS_DATE:
            return _throttled(format_datetime((now + RETRY_AFTER).astimezone(UTC), usegmt=True))
        case MicrosoftFailure.UNAVAILABLE_SECONDS:
            text = "The service is unavailable. Please retry later."
            answer = GraphApiError(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", text).answer()
            return answer.with_headers(("retry-after", _SECONDS))
        case MicrosoftFailure.MAILBOX_CONCURRENCY:
            return crowded().answer().with_headers(("retry-after", _SECONDS))
        case MicrosoftFailure.ACCESS_DENIED:
            return access_denied().answer()
        case MicrosoftFailure.ITEM_NOT_FOUND:
            return item_not_found().answer()
        case MicrosoftFailure.NO_MAILBOX:
            text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            return GraphApiError(HTTPStatus.NOT_FOUND, "MailboxNotEnabledForRESTAPI", text).answer()
        case MicrosoftFailure.INVALID_GRANT:
            return invalid_grant(700082, "The refresh token has expired due to inactivity.").answer()
        case MicrosoftFailure.GRANT_REVOKED:
            return invalid_grant(50173, "The provided grant has expired due to it being revoked.").answer()
        case MicrosoftFailure.INTERACTION_REQUIRED:
            text = "Due to a configuration change made by your administrator, you must use multi-factor authentication."
            return MicrosoftOAuthError("interaction_required", 50076, text).answer()
        case MicrosoftFailure.CONSENT_REQUIRED:
            text = "The user or administrator has not consented to use the application."
            return MicrosoftOAuthError("consent_required", 65001, text).answer()
        case MicrosoftFailure.INVALID_CLIENT:
            text = "The provided client secret keys for app are expired."
            return MicrosoftOAuthError("invalid_client", 7000222, text, HTTPStatus.UNAUTHORIZED).answer()
        case MicrosoftFailure.UNAUTHORIZED_CLIENT:
            text = "Application was not found in the directory."
            return MicrosoftOAuthError("unauthorized_client", 700016, text).answer()
        case MicrosoftFailure.INVALID_SCOPE:
            return MicrosoftOAuthError(
                "invalid_scope", 70011, "The provided value for the input parameter isn't valid."
            ).answer()
        case MicrosoftFailure.TEMPORARILY_UNAVAILABLE:
            text = "The server is temporarily too busy to handle the request."
            return MicrosoftOAuthError("temporarily_unavailable", 90033, text).answer()
        case MicrosoftFailure.SERVER_ERROR:
            text = "An error has occurred."
            return GraphApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerError", text).answer()
        case _:
            raise ValueError(f"{failure} is no answer of Microsoft's own")


def _throttled(retry_after: str) -> Reply:
    return too_many_requests().answer().with_headers(("retry-after", retry_after))
