"""How can Zoom fail here? Every failure by name, and which of them comes next."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec


class Endpoint(StrEnum):
    AUTHORIZE = "authorize"
    CODE = "code"
    REFRESH = "refresh"
    REVOKE = "revoke"
    ME = "me"
    MEETINGS = "meetings"


LONGEST_HANG: Final = 300.0
SLOW: Final = 10.0

API: Final = (Endpoint.MEETINGS, Endpoint.ME)
OAUTH: Final = (Endpoint.REFRESH, Endpoint.CODE, Endpoint.REVOKE)
CALLS: Final = (*API, *OAUTH)


class Failure(StrEnum):
    """The stable names, as `fail()`, `/switches` and `/control` take them."""

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
    def where(self) -> tuple[Endpoint, ...]:
        """The endpoints it can happen at, the usual one first."""
        return _TABLE[self][0]


_MEETINGS: Final = (Endpoint.MEETINGS,)
_REFRESH: Final = (Endpoint.REFRESH, Endpoint.CODE)
_DEAD: Final = (Endpoint.REFRESH, Endpoint.MEETINGS, Endpoint.ME)

_TABLE: Final[dict[Failure, tuple[tuple[Endpoint, ...], str]]] = {
    Failure.ACCESS_REFUSED: (API, "401, code 124: Invalid access token"),
    Failure.ACCESS_EXPIRED: (API, "401, code 124: Access token is expired"),
    Failure.ACCESS_EMPTY: (API, "400, code 4700: Token cannot be empty"),
    Failure.MISSING_SCOPE: (API, "400, code 4711: the token lacks the scope"),
    Failure.STATUS_FALSE: (API, '401 without a code: {"status":false,"errorCode":401}'),
    Failure.DAILY_LIMIT: (_MEETINGS, "429: 100 meetings a user and day are used up, no Retry-After"),
    Failure.DAILY_LIMIT_OLD: (_MEETINGS, "the same limit as older documents have it: HTTP 300"),
    Failure.ACCOUNT_DAILY_LIMIT: (API, "429: the account's daily limit, Retry-After next midnight in ISO 8601"),
    Failure.QPS_LIMIT: (API, "429: too many requests a second, no Retry-After"),
    Failure.QPS_LIMIT_ISO: (API, "429: the same, Retry-After as an ISO 8601 instant"),
    Failure.QPS_LIMIT_DATE: (API, "429: the same, Retry-After as an HTTP date"),
    Failure.QPS_LIMIT_SECONDS: (API, "429: the same, Retry-After in seconds"),
    Failure.MAY_NOT_SCHEDULE: (_MEETINGS, "400, code 3161: the user may not host or schedule"),
    Failure.PAID_ONLY: (_MEETINGS, "400, code 200: Only available for paid account"),
    Failure.NO_PERMISSION: (_MEETINGS, "400, code 200: No permission"),
    Failure.BLOCKED_USER: (_MEETINGS, "400, code 3000: You cannot schedule a meeting for this user"),
    Failure.VALIDATION: (_MEETINGS, "400, code 300: Validation Failed, with field errors"),
    Failure.USER_GONE: (API, "404, code 1001: User does not exist"),
    Failure.USER_MOVED: (API, "400, code 1010: User not belong to this account"),
    Failure.OWNER_GONE: (_DEAD, "4735: the owner of the token does not exist"),
    Failure.REFRESH_NOT_FOUND: (_DEAD, "4737: refresh token not found"),
    Failure.DISABLED_BY_ADMIN: (_DEAD, "4738: token disabled by the administrator"),
    Failure.TOO_OFTEN: (_DEAD, "4740: refresh token used too often"),
    Failure.NEWER_AUTHORIZATION: (_DEAD, "4741: token revoked by a newer authorization"),
    Failure.SCOPES_CHANGED: (_REFRESH, "4711 at the token endpoint: token and client scopes differ"),
    Failure.APP_DISABLED: (_REFRESH, "4717: the app was disabled, invalid_client"),
    Failure.INVALID_GRANT: (_REFRESH, '400 {"reason":"Invalid Token!","error":"invalid_grant"}'),
    Failure.INVALID_GRANT_BARE: (_REFRESH, '400 {"error":"invalid_grant"}'),
    Failure.INVALID_GRANT_401: (_REFRESH, "401 with invalid_grant, as it used to be"),
    Failure.INVALID_GRANT_OLD: (_REFRESH, '400 "Invalid Token!" with invalid_request, as it used to be'),
    Failure.INVALID_CLIENT: (OAUTH, "401 invalid_client: our client id or secret is refused"),
    Failure.TOO_FEW_SCOPES: ((Endpoint.CODE,), "the token comes without meeting:write:meeting"),
    Failure.NO_CODE: ((Endpoint.AUTHORIZE,), "an HTML page, 4732: creating the authorization code failed"),
    Failure.SERVER_ERROR: (CALLS, "500 with a JSON body"),
    Failure.UNAVAILABLE_HTML: (CALLS, "503 with an HTML body"),
    Failure.OK_XML: (CALLS, "200 with an XML body"),
    Failure.OK_EMPTY: (CALLS, "200 with nothing in it"),
    Failure.REDIRECT: (CALLS, "302 to another host"),
    Failure.NO_JOIN_URL: (_MEETINGS, "201 without a join_url"),
    Failure.PMI_USED: (_MEETINGS, "201, but the answer says that the personal room was used"),
    Failure.SLOW: (CALLS, "the answer takes so many seconds (10 unless told), then all is well"),
    Failure.HANG_BEFORE: (CALLS, "nothing is done and no answer comes, until the client gives up"),
    Failure.HANG_AFTER: (CALLS, "the work is done, but no answer comes, until the client gives up"),
    Failure.DROP_BEFORE: (CALLS, "the connection closes before anything is done"),
    Failure.DROP_AFTER: (CALLS, "the work is done (a meeting made, a token rotated), then the connection closes"),
}


class Switch(msgspec.Struct, frozen=True):
    """One failure that is on. `times` is how often it still happens; None means until it is put right."""

    failure: Failure
    on: Endpoint
    times: int | None
    seconds: float


class Switches:
    """The failures that are on, in the order in which they happen, and how slow everything is.

    Attributes:
        latency: seconds before every call of the API and of the token endpoints.
    """

    def __init__(self, latency: float, changed: Callable[[], None]) -> None:
        self.latency = latency
        self._on: list[Switch] = []
        self._changed = changed

    def all(self) -> list[Switch]:
        return list(self._on)

    def fail(
        self,
        failure: Failure | str,
        *,
        on: Endpoint | str | None = None,
        times: int | None = 1,
        seconds: float | None = None,
    ) -> None:
        """Put a failure on, behind those that are on already.

        Args:
            failure: what happens.
            on: where; by default where it usually happens (`Failure.where`).
            times: how often; None means until `works()`.
            seconds: how long, for `slow` and the hangs.

        Raises:
            ValueError: no such failure, or it can't happen there.
        """
        what = Failure(failure)
        where = what.where[0] if on is None else Endpoint(on)
        if where not in what.where:
            raise ValueError(f"{what} can't happen at {where}; it can at {', '.join(what.where)}")
        if times is not None and times < 1:
            raise ValueError("A failure happens at least once.")
        usual = SLOW if what is Failure.SLOW else LONGEST_HANG
        self._on.append(Switch(what, where, times, usual if seconds is None else seconds))
        self._changed()

    def works(self, on: Endpoint | str | None = None) -> None:
        """Put right what is wrong at one endpoint, or everywhere."""
        where = None if on is None else Endpoint(on)
        self._on = [switch for switch in self._on if where is not None and switch.on is not where]
        self._changed()

    def take(self, endpoint: Endpoint) -> Switch | None:
        """Say what goes wrong with the request at hand, and count it."""
        for index, switch in enumerate(self._on):
            if switch.on is endpoint:
                match switch.times:
                    case None:
                        pass
                    case 1:
                        del self._on[index]
                    case left:
                        self._on[index] = msgspec.structs.replace(switch, times=left - 1)
                self._changed()
                return switch
        return None
