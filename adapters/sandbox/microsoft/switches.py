"""Microsoft's failures by name."""

from enum import StrEnum
from typing import Final

from adapters.sandbox.switches import ALWAYS, AnyFailure


class MicrosoftEndpoint(StrEnum):
    AUTHORIZE = "authorize"
    CODE = "code"
    REFRESH = "refresh"
    MEETINGS = "meetings"


OAUTH: Final = (MicrosoftEndpoint.REFRESH, MicrosoftEndpoint.CODE)
CALLS: Final = (MicrosoftEndpoint.MEETINGS, *OAUTH)


class MicrosoftFailure(AnyFailure):
    ACCESS_EXPIRED = "access-expired"
    ACCESS_REFUSED = "access-refused"
    FORBIDDEN = "forbidden"
    INSUFFICIENT_CLAIMS = "insufficient-claims"
    BAD_REQUEST = "bad-request"
    TOO_MANY_REQUESTS = "too-many-requests"
    TOO_MANY_REQUESTS_SECONDS = "too-many-requests-seconds"
    TOO_MANY_REQUESTS_DATE = "too-many-requests-date"
    NO_LINK = "no-link"
    FOREIGN_LINK = "foreign-link"
    NO_ID = "no-id"
    INVALID_GRANT = "invalid-grant"
    GRANT_REVOKED = "grant-revoked"
    INTERACTION_REQUIRED = "interaction-required"
    CONSENT_REQUIRED = "consent-required"
    INVALID_CLIENT = "invalid-client"
    UNAUTHORIZED_CLIENT = "unauthorized-client"
    INVALID_SCOPE = "invalid-scope"
    TEMPORARILY_UNAVAILABLE = "temporarily-unavailable"
    TOO_FEW_SCOPES = "too-few-scopes"
    SHORT_SCOPES = "short-scopes"
    REFRESH_MISSING = "refresh-missing"
    ID_TOKEN_MISSING = "id-token-missing"  # noqa: S105 - a failure's name
    PERSONAL_ACCOUNT = "personal-account"
    APP_UNKNOWN = "app-unknown"
    ADMIN_DECLINES = "admin-declines"
    SIGN_IN_FAILS = "sign-in-fails"
    SERVER_ERROR = "server-error"
    GATEWAY_TIMEOUT = "gateway-timeout"
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
    def where(self) -> tuple[MicrosoftEndpoint, ...]:
        return _TABLE[self][0]


_AUTHORIZE: Final = (MicrosoftEndpoint.AUTHORIZE,)
_MEETINGS: Final = (MicrosoftEndpoint.MEETINGS,)
_CODE: Final = (MicrosoftEndpoint.CODE,)

_TABLE: Final[dict[MicrosoftFailure, tuple[tuple[MicrosoftEndpoint, ...], str]]] = {
    MicrosoftFailure.ACCESS_EXPIRED: (_MEETINGS, "401 InvalidAuthenticationToken: the access token has expired"),
    MicrosoftFailure.ACCESS_REFUSED: (_MEETINGS, "401 AuthenticationError"),
    MicrosoftFailure.FORBIDDEN: (_MEETINGS, "403 Forbidden with an empty message: scope, licence or policy"),
    MicrosoftFailure.INSUFFICIENT_CLAIMS: (_MEETINGS, "403 insufficient_claims: the organisation wants a new sign-in"),
    MicrosoftFailure.BAD_REQUEST: (_MEETINGS, "400 BadRequest: a parameter isn't known"),
    MicrosoftFailure.TOO_MANY_REQUESTS: (_MEETINGS, "429 TooManyRequests, no Retry-After"),
    MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS: (_MEETINGS, "429: the same, Retry-After in seconds"),
    MicrosoftFailure.TOO_MANY_REQUESTS_DATE: (_MEETINGS, "429: the same, Retry-After as an HTTP date"),
    MicrosoftFailure.NO_LINK: (_MEETINGS, "the meeting is made, but its link is missing"),
    MicrosoftFailure.FOREIGN_LINK: (_MEETINGS, "the meeting is made, but its link leads elsewhere"),
    MicrosoftFailure.NO_ID: (_MEETINGS, "the meeting is made, but its id is missing"),
    MicrosoftFailure.INVALID_GRANT: (OAUTH, "400 invalid_grant: expired, nobody used it for 90 days"),
    MicrosoftFailure.GRANT_REVOKED: (
        (MicrosoftEndpoint.REFRESH,),
        "400 invalid_grant: revoked by the user or an administrator",
    ),
    MicrosoftFailure.INTERACTION_REQUIRED: (OAUTH, "400 interaction_required: the organisation wants a second factor"),
    MicrosoftFailure.CONSENT_REQUIRED: (
        OAUTH,
        "400 consent_required: the consent was withdrawn, or is an administrator's",
    ),
    MicrosoftFailure.INVALID_CLIENT: (OAUTH, "401 invalid_client: our client secret has expired"),
    MicrosoftFailure.UNAUTHORIZED_CLIENT: (OAUTH, "400 unauthorized_client: our app isn't known there"),
    MicrosoftFailure.INVALID_SCOPE: (OAUTH, "400 invalid_scope"),
    MicrosoftFailure.TEMPORARILY_UNAVAILABLE: (OAUTH, "400 temporarily_unavailable: the server is too busy"),
    MicrosoftFailure.TOO_FEW_SCOPES: (_CODE, "the tokens come without the permission to create meetings"),
    MicrosoftFailure.SHORT_SCOPES: (OAUTH, "the scopes are named without Graph's address, in small letters"),
    MicrosoftFailure.REFRESH_MISSING: (OAUTH, "the tokens come without a refresh token"),
    MicrosoftFailure.ID_TOKEN_MISSING: (_CODE, "the tokens come without an ID token"),
    MicrosoftFailure.PERSONAL_ACCOUNT: (_CODE, "the ID token is a personal account's"),
    MicrosoftFailure.APP_UNKNOWN: (_AUTHORIZE, "an HTML page: AADSTS700016, the app isn't known in the directory"),
    MicrosoftFailure.ADMIN_DECLINES: (
        _AUTHORIZE,
        "back with access_denied, AADSTS90094: an administrator has to approve",
    ),
    MicrosoftFailure.SIGN_IN_FAILS: (_AUTHORIZE, "back with server_error"),
    MicrosoftFailure.SERVER_ERROR: (CALLS, "500 with a JSON body"),
    MicrosoftFailure.GATEWAY_TIMEOUT: (CALLS, "504 with an HTML body, after the work was done"),
    **{MicrosoftFailure(name): (CALLS, says) for name, says in ALWAYS.items()},
}
