"""What can go wrong at Google and at Microsoft: more rows of the table."""

from adapters.sandbox.google.switches import GoogleFailure as Google
from adapters.sandbox.microsoft.switches import MicrosoftFailure as Microsoft
from tests.application.kinds import Kind

GOOGLE_OF_CREATION: dict[Kind, set[Google]] = {
    Kind.PERMANENT: {Google.SCOPE_INSUFFICIENT, Google.PERMISSION_DENIED},
    Kind.TEMPORARY: {
        Google.ACCESS_EXPIRED,
        Google.ACCESS_REFUSED,
        Google.USER_RATE_LIMIT,
        Google.RATE_LIMIT,
        Google.QUOTA_EXCEEDED,
        Google.RESOURCE_EXHAUSTED,
        Google.RESOURCE_EXHAUSTED_SECONDS,
        Google.RESOURCE_EXHAUSTED_DATE,
        Google.SERVER_ERROR,
        Google.UNAVAILABLE_HTML,
        Google.REDIRECT,
    },
    Kind.OURS: {Google.SERVICE_DISABLED, Google.INVALID_ARGUMENT},
    Kind.UNCLEAR: {
        Google.NO_LINK,
        Google.FOREIGN_LINK,
        Google.NO_NAME,
        Google.BAD_GATEWAY,
        Google.OK_XML,
        Google.OK_EMPTY,
        Google.HANG_BEFORE,
        Google.HANG_AFTER,
        Google.DROP_BEFORE,
        Google.DROP_AFTER,
    },
    Kind.NONE: {Google.SLOW},
}
GOOGLE_OF_REFRESH: dict[Kind, set[Google]] = {
    Kind.PERMANENT: {Google.INVALID_GRANT, Google.INVALID_RAPT, Google.ADMIN_POLICY},
    Kind.TEMPORARY: {
        Google.SERVER_ERROR,
        Google.BAD_GATEWAY,
        Google.UNAVAILABLE_HTML,
        Google.OK_XML,
        Google.OK_EMPTY,
        Google.REDIRECT,
        Google.HANG_BEFORE,
        Google.HANG_AFTER,
        Google.DROP_BEFORE,
        Google.DROP_AFTER,
    },
    Kind.OURS: {Google.INVALID_CLIENT},
    Kind.NONE: {Google.SLOW, Google.REFRESH_REPLACED},
}
MICROSOFT_OF_CREATION: dict[Kind, set[Microsoft]] = {
    Kind.PERMANENT: {Microsoft.FORBIDDEN, Microsoft.INSUFFICIENT_CLAIMS},
    # Asking again brings the meeting that may have been made, so that nothing is unclear here for good.
    Kind.TEMPORARY: {
        Microsoft.ACCESS_EXPIRED,
        Microsoft.ACCESS_REFUSED,
        Microsoft.TOO_MANY_REQUESTS,
        Microsoft.TOO_MANY_REQUESTS_SECONDS,
        Microsoft.TOO_MANY_REQUESTS_DATE,
        Microsoft.NO_LINK,
        Microsoft.FOREIGN_LINK,
        Microsoft.NO_ID,
        Microsoft.SERVER_ERROR,
        Microsoft.GATEWAY_TIMEOUT,
        Microsoft.UNAVAILABLE_HTML,
        Microsoft.OK_XML,
        Microsoft.OK_EMPTY,
        Microsoft.REDIRECT,
        Microsoft.HANG_BEFORE,
        Microsoft.HANG_AFTER,
        Microsoft.DROP_BEFORE,
        Microsoft.DROP_AFTER,
    },
    Kind.OURS: {Microsoft.BAD_REQUEST},
    Kind.NONE: {Microsoft.SLOW},
}
MICROSOFT_OF_REFRESH: dict[Kind, set[Microsoft]] = {
    Kind.PERMANENT: {
        Microsoft.INVALID_GRANT,
        Microsoft.GRANT_REVOKED,
        Microsoft.INTERACTION_REQUIRED,
        Microsoft.CONSENT_REQUIRED,
    },
    Kind.TEMPORARY: {
        Microsoft.TEMPORARILY_UNAVAILABLE,
        Microsoft.SERVER_ERROR,
        Microsoft.GATEWAY_TIMEOUT,
        Microsoft.UNAVAILABLE_HTML,
        Microsoft.OK_XML,
        Microsoft.OK_EMPTY,
        Microsoft.REDIRECT,
        Microsoft.HANG_BEFORE,
        Microsoft.HANG_AFTER,
        Microsoft.DROP_BEFORE,
        Microsoft.DROP_AFTER,
    },
    Kind.OURS: {Microsoft.INVALID_CLIENT, Microsoft.UNAUTHORIZED_CLIENT, Microsoft.INVALID_SCOPE},
    Kind.NONE: {Microsoft.SLOW, Microsoft.SHORT_SCOPES, Microsoft.REFRESH_MISSING},
}
