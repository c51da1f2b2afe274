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
    CALENDARS = "calendars"
    FREE_BUSY = "free-busy"
    EVENTS = "events"
    EVENT = "event"
    INSERT = "insert"
    PATCH = "patch"
    DELETE = "delete"
    WATCH = "watch"
    STOP = "stop"


OAUTH: Final = (GoogleEndpoint.REFRESH, GoogleEndpoint.CODE, GoogleEndpoint.REVOKE)
CALENDAR: Final = (
    GoogleEndpoint.EVENTS,
    GoogleEndpoint.FREE_BUSY,
    GoogleEndpoint.CALENDARS,
    GoogleEndpoint.EVENT,
    GoogleEndpoint.INSERT,
    GoogleEndpoint.PATCH,
    GoogleEndpoint.DELETE,
    GoogleEndpoint.WATCH,
    GoogleEndpoint.STOP,
)
CALLS: Final = (GoogleEndpoint.SPACES, GoogleEndpoint.USERINFO, *CALENDAR, *OAUTH)


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
    TRUNCATED = "truncated"
    ENDLESS_PAGES = "endless-pages"
    CALENDAR_ERRORS = "calendar-errors"
    CALENDAR_LEFT_OUT = "calendar-left-out"
    CALENDAR_NOT_FOUND = "calendar-not-found"
    FULL_SYNC_REQUIRED = "full-sync-required"
    NOT_A_CALENDAR_USER = "not-a-calendar-user"
    WEBHOOK_REFUSED = "webhook-refused"
    PUSHES_LOST = "pushes-lost"
    INVALID_GRANT = "invalid-grant"
    INVALID_RAPT = "invalid-rapt"
    ADMIN_POLICY = "admin-policy"
    INVALID_CLIENT = "invalid-client"
    REDIRECT_MISMATCH = "redirect-mismatch"
    TOO_FEW_SCOPES = "too-few-scopes"
    WRITING_UNTICKED = "writing-unticked"
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
_APIS: Final = (GoogleEndpoint.SPACES, *CALENDAR)
_API: Final = (*_APIS, GoogleEndpoint.USERINFO)
_ANSWERS: Final = (GoogleEndpoint.EVENTS, GoogleEndpoint.FREE_BUSY, GoogleEndpoint.CALENDARS)
_FREE_BUSY: Final = (GoogleEndpoint.FREE_BUSY,)
_WATCH: Final = (GoogleEndpoint.WATCH,)
_CODE: Final = (GoogleEndpoint.CODE,)
_REFRESH: Final = (GoogleEndpoint.REFRESH, GoogleEndpoint.CODE)

_TABLE: Final[dict[GoogleFailure, tuple[tuple[GoogleEndpoint, ...], str]]] = {
    GoogleFailure.ACCESS_EXPIRED: (_API, "401 UNAUTHENTICATED: the access token has expired"),
    GoogleFailure.ACCESS_REFUSED: (_APIS, "401 in the older shape, reason authError"),
    GoogleFailure.SCOPE_INSUFFICIENT: (_APIS, "403, reason ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    GoogleFailure.SERVICE_DISABLED: (_APIS, "403, reason SERVICE_DISABLED: the project lacks the API"),
    GoogleFailure.PERMISSION_DENIED: (_SPACES, "403 PERMISSION_DENIED without a reason: the account may not"),
    GoogleFailure.USER_RATE_LIMIT: (_APIS, "403 usageLimits, userRateLimitExceeded"),
    GoogleFailure.RATE_LIMIT: (_APIS, "403 usageLimits, rateLimitExceeded"),
    GoogleFailure.QUOTA_EXCEEDED: (_APIS, "403 usageLimits, quotaExceeded"),
    GoogleFailure.RESOURCE_EXHAUSTED: (_APIS, "429 RESOURCE_EXHAUSTED, no Retry-After"),
    GoogleFailure.RESOURCE_EXHAUSTED_SECONDS: (_APIS, "429: the same, Retry-After in seconds"),
    GoogleFailure.RESOURCE_EXHAUSTED_DATE: (_APIS, "429: the same, Retry-After as an HTTP date"),
    GoogleFailure.INVALID_ARGUMENT: (_SPACES, "400 INVALID_ARGUMENT: a field isn't known"),
    GoogleFailure.NO_LINK: (_SPACES, "200, the space is made, but its link is missing"),
    GoogleFailure.FOREIGN_LINK: (_SPACES, "200, the space is made, but its link leads elsewhere"),
    GoogleFailure.NO_NAME: (_SPACES, "200, the space is made, but its name is missing"),
    GoogleFailure.TRUNCATED: (_ANSWERS, "200, the body breaks off in its middle"),
    GoogleFailure.ENDLESS_PAGES: (
        (GoogleEndpoint.EVENTS, GoogleEndpoint.CALENDARS),
        "200, with a next page after the last one",
    ),
    GoogleFailure.CALENDAR_ERRORS: (_FREE_BUSY, "200, with internalError for each calendar in it"),
    GoogleFailure.CALENDAR_LEFT_OUT: (_FREE_BUSY, "200, without a word of the first calendar"),
    GoogleFailure.CALENDAR_NOT_FOUND: (_FREE_BUSY, "200, with notFound for each calendar in it"),
    GoogleFailure.FULL_SYNC_REQUIRED: ((GoogleEndpoint.EVENTS,), "410 fullSyncRequired"),
    GoogleFailure.NOT_A_CALENDAR_USER: (CALENDAR, "403 notACalendarUser: the account has no Google Calendar"),
    GoogleFailure.WEBHOOK_REFUSED: (_WATCH, "401 webhookUrlUnauthorized: the domain isn't verified"),
    GoogleFailure.PUSHES_LOST: (_WATCH, "200, a channel that never sends a message"),
    GoogleFailure.INVALID_GRANT: (_REFRESH, "400 invalid_grant: expired or revoked"),
    GoogleFailure.INVALID_RAPT: (
        (GoogleEndpoint.REFRESH,),
        "400 invalid_grant, invalid_rapt: the organisation wants a new sign-in",
    ),
    GoogleFailure.ADMIN_POLICY: (_REFRESH, "400 admin_policy_enforced: the administrator doesn't allow this app"),
    GoogleFailure.INVALID_CLIENT: (OAUTH, "401 invalid_client: our client id or secret is refused"),
    GoogleFailure.REDIRECT_MISMATCH: (_CODE, "400 redirect_uri_mismatch"),
    GoogleFailure.TOO_FEW_SCOPES: (
        _CODE,
        "the tokens come without the permission to create meetings, or to see when calendars are busy",
    ),
    GoogleFailure.WRITING_UNTICKED: (_CODE, "the tokens come without the permission to change events"),
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
