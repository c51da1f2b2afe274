"""What each failure of the sandbox means to Microsoft Teams' client."""

from adapters.sandbox.microsoft.switches import MicrosoftFailure
from adapters.sandbox.switches import AnyFailure
from application.ports.provider import (
    AccessTokenExpired,
    AuthorizationRefused,
    NeedsAdmin,
    NotConnected,
    NotPermitted,
    OurFault,
    ProviderError,
    TryLater,
)
from tests.support.failing_transports import Expected

CREATE_FAILS: dict[AnyFailure, Expected] = {
    MicrosoftFailure.ACCESS_EXPIRED: (AccessTokenExpired, False),
    MicrosoftFailure.ACCESS_REFUSED: (AccessTokenExpired, False),
    MicrosoftFailure.FORBIDDEN: (NotPermitted, False),
    MicrosoftFailure.INSUFFICIENT_CLAIMS: (NotConnected, False),
    MicrosoftFailure.BAD_REQUEST: (OurFault, False),
    MicrosoftFailure.TOO_MANY_REQUESTS: (TryLater, False),
    MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS: (TryLater, False),
    MicrosoftFailure.TOO_MANY_REQUESTS_DATE: (TryLater, False),
    MicrosoftFailure.NO_LINK: (TryLater, True),
    MicrosoftFailure.FOREIGN_LINK: (TryLater, True),
    MicrosoftFailure.NO_ID: (TryLater, True),
    MicrosoftFailure.SERVER_ERROR: (TryLater, False),
    MicrosoftFailure.GATEWAY_TIMEOUT: (TryLater, True),
    MicrosoftFailure.UNAVAILABLE_HTML: (TryLater, False),
    MicrosoftFailure.REDIRECT: (TryLater, False),
    MicrosoftFailure.OK_XML: (TryLater, True),
    MicrosoftFailure.OK_EMPTY: (TryLater, True),
    MicrosoftFailure.DROP_BEFORE: (TryLater, True),
    MicrosoftFailure.DROP_AFTER: (TryLater, True),
}

REFRESH_FAILS: dict[AnyFailure, Expected] = {
    MicrosoftFailure.INVALID_GRANT: (NotConnected, False),
    MicrosoftFailure.GRANT_REVOKED: (NotConnected, False),
    MicrosoftFailure.INTERACTION_REQUIRED: (NotConnected, False),
    MicrosoftFailure.CONSENT_REQUIRED: (NotConnected, False),
    MicrosoftFailure.INVALID_CLIENT: (OurFault, False),
    MicrosoftFailure.UNAUTHORIZED_CLIENT: (OurFault, False),
    MicrosoftFailure.INVALID_SCOPE: (OurFault, False),
    MicrosoftFailure.TEMPORARILY_UNAVAILABLE: (TryLater, False),
    MicrosoftFailure.SERVER_ERROR: (TryLater, False),
    MicrosoftFailure.GATEWAY_TIMEOUT: (TryLater, True),
    MicrosoftFailure.UNAVAILABLE_HTML: (TryLater, False),
    MicrosoftFailure.REDIRECT: (TryLater, False),
    MicrosoftFailure.OK_XML: (TryLater, True),
    MicrosoftFailure.OK_EMPTY: (TryLater, True),
    MicrosoftFailure.DROP_BEFORE: (TryLater, True),
    MicrosoftFailure.DROP_AFTER: (TryLater, True),
}

EXCHANGE_FAILS: dict[AnyFailure, type[ProviderError]] = {
    MicrosoftFailure.INVALID_GRANT: AuthorizationRefused,
    MicrosoftFailure.INTERACTION_REQUIRED: AuthorizationRefused,
    MicrosoftFailure.CONSENT_REQUIRED: NeedsAdmin,
    MicrosoftFailure.INVALID_CLIENT: OurFault,
    MicrosoftFailure.UNAUTHORIZED_CLIENT: OurFault,
    MicrosoftFailure.INVALID_SCOPE: OurFault,
    MicrosoftFailure.TEMPORARILY_UNAVAILABLE: TryLater,
    MicrosoftFailure.REFRESH_MISSING: TryLater,
    MicrosoftFailure.SERVER_ERROR: TryLater,
    MicrosoftFailure.GATEWAY_TIMEOUT: TryLater,
    MicrosoftFailure.UNAVAILABLE_HTML: TryLater,
    MicrosoftFailure.REDIRECT: TryLater,
    MicrosoftFailure.OK_XML: TryLater,
    MicrosoftFailure.OK_EMPTY: TryLater,
    MicrosoftFailure.DROP_BEFORE: TryLater,
    MicrosoftFailure.DROP_AFTER: TryLater,
}
