"""Microsoft's failures by name."""

from enum import StrEnum
from typing import Final

from adapters.sandbox.switches import ALWAYS, AnyFailure


class MicrosoftEndpoint(StrEnum):
    AUTHORIZE = "authorize"
    CODE = "code"
    REFRESH = "refresh"
    MEETINGS = "meetings"
    CALENDARS = "calendars"
    VIEW = "view"
    EVENTS = "events"
    SUBSCRIPTIONS = "subscriptions"


OAUTH: Final = (MicrosoftEndpoint.REFRESH, MicrosoftEndpoint.CODE)
MAILBOX: Final = (
    MicrosoftEndpoint.VIEW,
    MicrosoftEndpoint.CALENDARS,
    MicrosoftEndpoint.EVENTS,
    MicrosoftEndpoint.SUBSCRIPTIONS,
)
GRAPH: Final = (MicrosoftEndpoint.MEETINGS, *MAILBOX)
CALLS: Final = (*GRAPH, *OAUTH)


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
    UNAVAILABLE_SECONDS = "unavailable-seconds"
    MAILBOX_CONCURRENCY = "mailbox-concurrency"
    ACCESS_DENIED = "access-denied"
    ITEM_NOT_FOUND = "item-not-found"
    NO_MAILBOX = "no-mailbox"
    LARGE_PAGES = "large-pages"
    ENDLESS_PAGES = "endless-pages"
    FOREIGN_PAGES = "foreign-pages"
    NO_VALUE = "no-value"
    NULL_MEMBERS = "null-members"
    NO_TIMES = "no-times"
    CUSTOM_ZONE = "custom-zone"
    TRANSACTION_REFUSED = "transaction-refused"
    TRANSACTION_UNKNOWN = "transaction-unknown"
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
_VIEW: Final = (MicrosoftEndpoint.VIEW,)
_LISTS: Final = (MicrosoftEndpoint.VIEW, MicrosoftEndpoint.CALENDARS)
_EVENTS: Final = (MicrosoftEndpoint.EVENTS,)

_TABLE: Final[dict[MicrosoftFailure, tuple[tuple[MicrosoftEndpoint, ...], str]]] = {
    MicrosoftFailure.ACCESS_EXPIRED: (GRAPH, "401 InvalidAuthenticationToken: the access token has expired"),
    MicrosoftFailure.ACCESS_REFUSED: (GRAPH, "401 AuthenticationError"),
    MicrosoftFailure.FORBIDDEN: (GRAPH, "403 Forbidden with an empty message: scope, licence or policy"),
    MicrosoftFailure.INSUFFICIENT_CLAIMS: (GRAPH, "403 insufficient_claims: the organisation wants a new sign-in"),
    MicrosoftFailure.BAD_REQUEST: (GRAPH, "400 BadRequest: a parameter isn't known"),
    MicrosoftFailure.TOO_MANY_REQUESTS: (GRAPH, "429 TooManyRequests, no Retry-After"),
    MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS: (GRAPH, "429: the same, Retry-After in seconds"),
    MicrosoftFailure.TOO_MANY_REQUESTS_DATE: (GRAPH, "429: the same, Retry-After as an HTTP date"),
    MicrosoftFailure.NO_LINK: (_MEETINGS, "the meeting is made, but its link is missing"),
    MicrosoftFailure.FOREIGN_LINK: (_MEETINGS, "the meeting is made, but its link leads elsewhere"),
    MicrosoftFailure.NO_ID: (_MEETINGS, "the meeting is made, but its id is missing"),
    MicrosoftFailure.UNAVAILABLE_SECONDS: (MAILBOX, "503 with a JSON body, Retry-After in seconds"),
    MicrosoftFailure.MAILBOX_CONCURRENCY: (MAILBOX, "429 ApplicationThrottled: as if a fifth call came at once"),
    MicrosoftFailure.ACCESS_DENIED: (MAILBOX, "403 ErrorAccessDenied: scope or right is missing"),
    MicrosoftFailure.ITEM_NOT_FOUND: (MAILBOX, "404 ErrorItemNotFound: the calendar, event or subscription is gone"),
    MicrosoftFailure.NO_MAILBOX: (MAILBOX, "404 MailboxNotEnabledForRESTAPI: the account has no mailbox in the cloud"),
    MicrosoftFailure.LARGE_PAGES: (_VIEW, "504 for pages of more than 250 events"),
    MicrosoftFailure.ENDLESS_PAGES: (_VIEW, "there is always another page, and it is the same one"),
    MicrosoftFailure.FOREIGN_PAGES: (_VIEW, "the next page is on another host"),
    MicrosoftFailure.NO_VALUE: (_LISTS, "200 with a JSON body that has no list"),
    MicrosoftFailure.NULL_MEMBERS: (_VIEW, "events whose members are null, except for their times"),
    MicrosoftFailure.NO_TIMES: (_VIEW, "events whose start and end are null"),
    MicrosoftFailure.CUSTOM_ZONE: (_VIEW, "events in the zone tzone://Microsoft/Custom, whatever was asked for"),
    MicrosoftFailure.TRANSACTION_REFUSED: (_EVENTS, "409 for an event whose transactionId is known"),
    MicrosoftFailure.TRANSACTION_UNKNOWN: (_EVENTS, "a known transactionId makes a second event"),
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
    MicrosoftFailure.TOO_FEW_SCOPES: (
        _CODE,
        "the tokens come without the permissions for meetings and calendars",
    ),
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
