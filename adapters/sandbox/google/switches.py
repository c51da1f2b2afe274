"""Google's failures by name."""

from enum import StrEnum
from typing import Final

from adapters.sandbox.switches import ALWAYS, AnyFailure


class GoogleEndpoint(StrEnum):
    AUTHORIZE = "authorize"
    CODE = "code"
    REFRESH = "refresh"
    REVOKE = "revoke"
    USERINFO = "userinfo"
    SPACES = "spaces"


OAUTH: Final = (GoogleEndpoint.REFRESH, GoogleEndpoint.CODE, GoogleEndpoint.REVOKE)
CALLS: Final = (GoogleEndpoint.SPACES, GoogleEndpoint.USERINFO, *OAUTH)


class GoogleFailure(AnyFailure):
    ACCESS_EXPIRED = "access-expired"
    ACCESS_REFUSED = "access-refused"
    SCOPE_INSUFFICIENT = "scope-insufficient"
    SERVICE_DISABLED = "service-disabled"
    PERMISSION_DENIED = "permission-denied"
    USER_RATE_LIMIT = "user-rate-limit"
    RATE_LIMIT = "rate-limit"
    QUOTA_EXCEEDED = "quota-exceeded"
    RESOURCE_EXHAUSTED = "resource-exhausted"
    RESOURCE_EXHAUSTED_SECONDS = "resource-exhausted-seconds"
    RESOURCE_EXHAUSTED_DATE = "resource-exhausted-date"
    INVALID_ARGUMENT = "invalid-argument"
    NO_LINK = "no-link"
    FOREIGN_LINK = "foreign-link"
    NO_NAME = "no-name"
    INVALID_GRANT = "invalid-grant"
    INVALID_RAPT = "invalid-rapt"
    ADMIN_POLICY = "admin-policy"
    INVALID_CLIENT = "invalid-client"
    REDIRECT_MISMATCH = "redirect-mismatch"
    TOO_FEW_SCOPES = "too-few-scopes"
    REFRESH_MISSING = "refresh-missing"
    REFRESH_REPLACED = "refresh-replaced"
    APP_BLOCKED = "app-blocked"
    SERVER_ERROR = "server-error"
    BAD_GATEWAY = "bad-gateway"
    UNAVAILABLE_HTML = "unavailable-html"
    OK_XML = "ok-xml"
    OK_EMPTY = "ok-empty"
    REDIRECT = "redirect"
    SLOW = "slow"
    HANG_BEFORE = "hang-before"
    HANG_AFTER = "hang-after"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"

    @property
    def says(self) -> str:
        return _TABLE[self][1]

    @property
    def where(self) -> tuple[GoogleEndpoint, ...]:
        return _TABLE[self][0]


_SPACES: Final = (GoogleEndpoint.SPACES,)
_API: Final = (GoogleEndpoint.SPACES, GoogleEndpoint.USERINFO)
_CODE: Final = (GoogleEndpoint.CODE,)
_REFRESH: Final = (GoogleEndpoint.REFRESH, GoogleEndpoint.CODE)

_TABLE: Final[dict[GoogleFailure, tuple[tuple[GoogleEndpoint, ...], str]]] = {
    GoogleFailure.ACCESS_EXPIRED: (_API, "401 UNAUTHENTICATED: the access token has expired"),
    GoogleFailure.ACCESS_REFUSED: (_SPACES, "401 in the older shape, reason authError"),
    GoogleFailure.SCOPE_INSUFFICIENT: (_SPACES, "403, reason ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    GoogleFailure.SERVICE_DISABLED: (_SPACES, "403, reason SERVICE_DISABLED: the project lacks the Meet API"),
    GoogleFailure.PERMISSION_DENIED: (_SPACES, "403 PERMISSION_DENIED without a reason: the account may not"),
    GoogleFailure.USER_RATE_LIMIT: (_SPACES, "403 usageLimits, userRateLimitExceeded"),
    GoogleFailure.RATE_LIMIT: (_SPACES, "403 usageLimits, rateLimitExceeded"),
    GoogleFailure.QUOTA_EXCEEDED: (_SPACES, "403 usageLimits, quotaExceeded"),
    GoogleFailure.RESOURCE_EXHAUSTED: (_SPACES, "429 RESOURCE_EXHAUSTED, no Retry-After"),
    GoogleFailure.RESOURCE_EXHAUSTED_SECONDS: (_SPACES, "429: the same, Retry-After in seconds"),
    GoogleFailure.RESOURCE_EXHAUSTED_DATE: (_SPACES, "429: the same, Retry-After as an HTTP date"),
    GoogleFailure.INVALID_ARGUMENT: (_SPACES, "400 INVALID_ARGUMENT: a field isn't known"),
    GoogleFailure.NO_LINK: (_SPACES, "200, the space is made, but its link is missing"),
    GoogleFailure.FOREIGN_LINK: (_SPACES, "200, the space is made, but its link leads elsewhere"),
    GoogleFailure.NO_NAME: (_SPACES, "200, the space is made, but its name is missing"),
    GoogleFailure.INVALID_GRANT: (_REFRESH, "400 invalid_grant: expired or revoked"),
    GoogleFailure.INVALID_RAPT: (
        (GoogleEndpoint.REFRESH,),
        "400 invalid_grant, invalid_rapt: the organisation wants a new sign-in",
    ),
    GoogleFailure.ADMIN_POLICY: (_REFRESH, "400 admin_policy_enforced: the administrator doesn't allow this app"),
    GoogleFailure.INVALID_CLIENT: (OAUTH, "401 invalid_client: our client id or secret is refused"),
    GoogleFailure.REDIRECT_MISMATCH: (_CODE, "400 redirect_uri_mismatch"),
    GoogleFailure.TOO_FEW_SCOPES: (_CODE, "the tokens come without the permission to create meetings"),
    GoogleFailure.REFRESH_MISSING: (_CODE, "the tokens come without a refresh token"),
    GoogleFailure.REFRESH_REPLACED: (
        (GoogleEndpoint.REFRESH,),
        "the refresh brings a new refresh token, and the old one is dead",
    ),
    GoogleFailure.APP_BLOCKED: ((GoogleEndpoint.AUTHORIZE,), "an HTML page: access blocked, admin_policy_enforced"),
    GoogleFailure.SERVER_ERROR: (CALLS, "500 with a JSON body"),
    GoogleFailure.BAD_GATEWAY: (CALLS, "502 with an HTML body, after the work was done"),
    **{GoogleFailure(name): (CALLS, says) for name, says in ALWAYS.items()},
}
