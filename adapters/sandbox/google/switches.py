"""Google's failures by name."""

from enum import StrEnum
from typing import Final

from adapters.sandbox.switches import ALWAYS, AnyFailure


class Endpoint(StrEnum):
    AUTHORIZE = "authorize"
    CODE = "code"
    REFRESH = "refresh"
    REVOKE = "revoke"
    USERINFO = "userinfo"
    SPACES = "spaces"


OAUTH: Final = (Endpoint.REFRESH, Endpoint.CODE, Endpoint.REVOKE)
CALLS: Final = (Endpoint.SPACES, Endpoint.USERINFO, *OAUTH)


class Failure(AnyFailure):
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
    def where(self) -> tuple[Endpoint, ...]:
        return _TABLE[self][0]


_SPACES: Final = (Endpoint.SPACES,)
_API: Final = (Endpoint.SPACES, Endpoint.USERINFO)
_CODE: Final = (Endpoint.CODE,)
_REFRESH: Final = (Endpoint.REFRESH, Endpoint.CODE)

_TABLE: Final[dict[Failure, tuple[tuple[Endpoint, ...], str]]] = {
    Failure.ACCESS_EXPIRED: (_API, "401 UNAUTHENTICATED: the access token has expired"),
    Failure.ACCESS_REFUSED: (_SPACES, "401 in the older shape, reason authError"),
    Failure.SCOPE_INSUFFICIENT: (_SPACES, "403, reason ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    Failure.SERVICE_DISABLED: (_SPACES, "403, reason SERVICE_DISABLED: the project lacks the Meet API"),
    Failure.PERMISSION_DENIED: (_SPACES, "403 PERMISSION_DENIED without a reason: the account may not"),
    Failure.USER_RATE_LIMIT: (_SPACES, "403 usageLimits, userRateLimitExceeded"),
    Failure.RATE_LIMIT: (_SPACES, "403 usageLimits, rateLimitExceeded"),
    Failure.QUOTA_EXCEEDED: (_SPACES, "403 usageLimits, quotaExceeded"),
    Failure.RESOURCE_EXHAUSTED: (_SPACES, "429 RESOURCE_EXHAUSTED, no Retry-After"),
    Failure.RESOURCE_EXHAUSTED_SECONDS: (_SPACES, "429: the same, Retry-After in seconds"),
    Failure.RESOURCE_EXHAUSTED_DATE: (_SPACES, "429: the same, Retry-After as an HTTP date"),
    Failure.INVALID_ARGUMENT: (_SPACES, "400 INVALID_ARGUMENT: a field isn't known"),
    Failure.NO_LINK: (_SPACES, "200, the space is made, but its link is missing"),
    Failure.FOREIGN_LINK: (_SPACES, "200, the space is made, but its link leads elsewhere"),
    Failure.NO_NAME: (_SPACES, "200, the space is made, but its name is missing"),
    Failure.INVALID_GRANT: (_REFRESH, "400 invalid_grant: expired or revoked"),
    Failure.INVALID_RAPT: (
        (Endpoint.REFRESH,),
        "400 invalid_grant, invalid_rapt: the organisation wants a new sign-in",
    ),
    Failure.ADMIN_POLICY: (_REFRESH, "400 admin_policy_enforced: the administrator doesn't allow this app"),
    Failure.INVALID_CLIENT: (OAUTH, "401 invalid_client: our client id or secret is refused"),
    Failure.REDIRECT_MISMATCH: (_CODE, "400 redirect_uri_mismatch"),
    Failure.TOO_FEW_SCOPES: (_CODE, "the tokens come without the permission to create meetings"),
    Failure.REFRESH_MISSING: (_CODE, "the tokens come without a refresh token"),
    Failure.REFRESH_REPLACED: ((Endpoint.REFRESH,), "the refresh brings a new refresh token, and the old one is dead"),
    Failure.APP_BLOCKED: ((Endpoint.AUTHORIZE,), "an HTML page: access blocked, admin_policy_enforced"),
    Failure.SERVER_ERROR: (CALLS, "500 with a JSON body"),
    Failure.BAD_GATEWAY: (CALLS, "502 with an HTML body, after the work was done"),
    **{Failure(name): (CALLS, says) for name, says in ALWAYS.items()},
}
