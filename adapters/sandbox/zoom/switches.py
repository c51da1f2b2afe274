"""Zoom's failures by name."""

from enum import StrEnum
from typing import Final

from adapters.sandbox.switches import ALWAYS, AnyFailure


class ZoomEndpoint(StrEnum):
    AUTHORIZE = "authorize"
    CODE = "code"
    REFRESH = "refresh"
    REVOKE = "revoke"
    ME = "me"
    MEETINGS = "meetings"


API: Final = (ZoomEndpoint.MEETINGS, ZoomEndpoint.ME)
OAUTH: Final = (ZoomEndpoint.REFRESH, ZoomEndpoint.CODE, ZoomEndpoint.REVOKE)
CALLS: Final = (*API, *OAUTH)


class ZoomFailure(AnyFailure):
    ACCESS_REFUSED = "access-refused"
    ACCESS_EXPIRED = "access-expired"
    ACCESS_EMPTY = "access-empty"
    MISSING_SCOPE = "missing-scope"
    STATUS_FALSE = "status-false"
    DAILY_LIMIT = "daily-limit"
    DAILY_LIMIT_OLD = "daily-limit-old"
    ACCOUNT_DAILY_LIMIT = "account-daily-limit"
    QPS_LIMIT = "qps-limit"
    QPS_LIMIT_ISO = "qps-limit-iso"
    QPS_LIMIT_DATE = "qps-limit-date"
    QPS_LIMIT_SECONDS = "qps-limit-seconds"
    MAY_NOT_SCHEDULE = "may-not-schedule"
    PAID_ONLY = "paid-only"
    NO_PERMISSION = "no-permission"
    BLOCKED_USER = "blocked-user"
    VALIDATION = "validation"
    USER_GONE = "user-gone"
    USER_MOVED = "user-moved"
    OWNER_GONE = "owner-gone"
    REFRESH_NOT_FOUND = "refresh-not-found"
    DISABLED_BY_ADMIN = "disabled-by-admin"
    TOO_OFTEN = "too-often"
    NEWER_AUTHORIZATION = "newer-authorization"
    SCOPES_CHANGED = "scopes-changed"
    APP_DISABLED = "app-disabled"
    INVALID_GRANT = "invalid-grant"
    INVALID_GRANT_BARE = "invalid-grant-bare"
    INVALID_GRANT_401 = "invalid-grant-401"
    INVALID_GRANT_OLD = "invalid-grant-old"
    INVALID_CLIENT = "invalid-client"
    TOO_FEW_SCOPES = "too-few-scopes"
    NO_CODE = "no-code"
    SERVER_ERROR = "server-error"
    UNAVAILABLE_HTML = "unavailable-html"
    OK_XML = "ok-xml"
    OK_EMPTY = "ok-empty"
    REDIRECT = "redirect"
    NO_JOIN_URL = "no-join-url"
    PMI_USED = "pmi-used"
    SLOW = "slow"
    HANG_BEFORE = "hang-before"
    HANG_AFTER = "hang-after"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"

    @property
    def says(self) -> str:
        return _TABLE[self][1]

    @property
    def where(self) -> tuple[ZoomEndpoint, ...]:
        """The endpoints it can happen at, the usual one first."""
        return _TABLE[self][0]


_MEETINGS: Final = (ZoomEndpoint.MEETINGS,)
_REFRESH: Final = (ZoomEndpoint.REFRESH, ZoomEndpoint.CODE)
_DEAD: Final = (ZoomEndpoint.REFRESH, ZoomEndpoint.MEETINGS, ZoomEndpoint.ME)

_TABLE: Final[dict[ZoomFailure, tuple[tuple[ZoomEndpoint, ...], str]]] = {
    ZoomFailure.ACCESS_REFUSED: (API, "401, code 124: Invalid access token"),
    ZoomFailure.ACCESS_EXPIRED: (API, "401, code 124: Access token is expired"),
    ZoomFailure.ACCESS_EMPTY: (API, "400, code 4700: Token cannot be empty"),
    ZoomFailure.MISSING_SCOPE: (API, "400, code 4711: the token lacks the scope"),
    ZoomFailure.STATUS_FALSE: (API, '401 without a code: {"status":false,"errorCode":401}'),
    ZoomFailure.DAILY_LIMIT: (_MEETINGS, "429: 100 meetings a user and day are used up, no Retry-After"),
    ZoomFailure.DAILY_LIMIT_OLD: (_MEETINGS, "the same limit as older documents have it: HTTP 300"),
    ZoomFailure.ACCOUNT_DAILY_LIMIT: (API, "429: the account's daily limit, Retry-After next midnight in ISO 8601"),
    ZoomFailure.QPS_LIMIT: (API, "429: too many requests a second, no Retry-After"),
    ZoomFailure.QPS_LIMIT_ISO: (API, "429: the same, Retry-After as an ISO 8601 instant"),
    ZoomFailure.QPS_LIMIT_DATE: (API, "429: the same, Retry-After as an HTTP date"),
    ZoomFailure.QPS_LIMIT_SECONDS: (API, "429: the same, Retry-After in seconds"),
    ZoomFailure.MAY_NOT_SCHEDULE: (_MEETINGS, "400, code 3161: the user may not host or schedule"),
    ZoomFailure.PAID_ONLY: (_MEETINGS, "400, code 200: Only available for paid account"),
    ZoomFailure.NO_PERMISSION: (_MEETINGS, "400, code 200: No permission"),
    ZoomFailure.BLOCKED_USER: (_MEETINGS, "400, code 3000: You cannot schedule a meeting for this user"),
    ZoomFailure.VALIDATION: (_MEETINGS, "400, code 300: Validation Failed, with field errors"),
    ZoomFailure.USER_GONE: (API, "404, code 1001: User does not exist"),
    ZoomFailure.USER_MOVED: (API, "400, code 1010: User not belong to this account"),
    ZoomFailure.OWNER_GONE: (_DEAD, "4735: the owner of the token does not exist"),
    ZoomFailure.REFRESH_NOT_FOUND: (_DEAD, "4737: refresh token not found"),
    ZoomFailure.DISABLED_BY_ADMIN: (_DEAD, "4738: token disabled by the administrator"),
    ZoomFailure.TOO_OFTEN: (_DEAD, "4740: refresh token used too often"),
    ZoomFailure.NEWER_AUTHORIZATION: (_DEAD, "4741: token revoked by a newer authorization"),
    ZoomFailure.SCOPES_CHANGED: (_REFRESH, "4711 at the token endpoint: token and client scopes differ"),
    ZoomFailure.APP_DISABLED: (_REFRESH, "4717: the app was disabled, invalid_client"),
    ZoomFailure.INVALID_GRANT: (_REFRESH, '400 {"reason":"Invalid Token!","error":"invalid_grant"}'),
    ZoomFailure.INVALID_GRANT_BARE: (_REFRESH, '400 {"error":"invalid_grant"}'),
    ZoomFailure.INVALID_GRANT_401: (_REFRESH, "401 with invalid_grant, as it used to be"),
    ZoomFailure.INVALID_GRANT_OLD: (_REFRESH, '400 "Invalid Token!" with invalid_request, as it used to be'),
    ZoomFailure.INVALID_CLIENT: (OAUTH, "401 invalid_client: our client id or secret is refused"),
    ZoomFailure.TOO_FEW_SCOPES: ((ZoomEndpoint.CODE,), "the token comes without meeting:write:meeting"),
    ZoomFailure.NO_CODE: ((ZoomEndpoint.AUTHORIZE,), "an HTML page, 4732: creating the authorization code failed"),
    ZoomFailure.SERVER_ERROR: (CALLS, "500 with a JSON body"),
    ZoomFailure.NO_JOIN_URL: (_MEETINGS, "201 without a join_url"),
    ZoomFailure.PMI_USED: (_MEETINGS, "201, but the answer says that the personal room was used"),
    **{ZoomFailure(name): (CALLS, says) for name, says in ALWAYS.items()},
}
