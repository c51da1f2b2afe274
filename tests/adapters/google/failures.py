"""What each failure of the sandbox means to Google Meet's client."""

from adapters.sandbox.google.switches import GoogleFailure
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
    GoogleFailure.ACCESS_EXPIRED: (AccessTokenExpired, False),
    GoogleFailure.ACCESS_REFUSED: (AccessTokenExpired, False),
    GoogleFailure.SCOPE_INSUFFICIENT: (NotConnected, False),
    GoogleFailure.SERVICE_DISABLED: (OurFault, False),
    GoogleFailure.PERMISSION_DENIED: (NotPermitted, False),
    GoogleFailure.USER_RATE_LIMIT: (TryLater, False),
    GoogleFailure.RATE_LIMIT: (TryLater, False),
    GoogleFailure.QUOTA_EXCEEDED: (TryLater, False),
    GoogleFailure.RESOURCE_EXHAUSTED: (TryLater, False),
    GoogleFailure.RESOURCE_EXHAUSTED_SECONDS: (TryLater, False),
    GoogleFailure.RESOURCE_EXHAUSTED_DATE: (TryLater, False),
    GoogleFailure.INVALID_ARGUMENT: (OurFault, False),
    GoogleFailure.NO_LINK: (TryLater, True),
    GoogleFailure.FOREIGN_LINK: (TryLater, True),
    GoogleFailure.NO_NAME: (TryLater, True),
    GoogleFailure.SERVER_ERROR: (TryLater, False),
    GoogleFailure.BAD_GATEWAY: (TryLater, True),
    GoogleFailure.UNAVAILABLE_HTML: (TryLater, False),
    GoogleFailure.REDIRECT: (TryLater, False),
    GoogleFailure.OK_XML: (TryLater, True),
    GoogleFailure.OK_EMPTY: (TryLater, True),
    GoogleFailure.DROP_BEFORE: (TryLater, True),
    GoogleFailure.DROP_AFTER: (TryLater, True),
}

REFRESH_FAILS: dict[AnyFailure, Expected] = {
    GoogleFailure.INVALID_GRANT: (NotConnected, False),
    GoogleFailure.INVALID_RAPT: (NotConnected, False),
    GoogleFailure.ADMIN_POLICY: (NotConnected, False),
    GoogleFailure.INVALID_CLIENT: (OurFault, False),
    GoogleFailure.SERVER_ERROR: (TryLater, False),
    GoogleFailure.BAD_GATEWAY: (TryLater, True),
    GoogleFailure.UNAVAILABLE_HTML: (TryLater, False),
    GoogleFailure.REDIRECT: (TryLater, False),
    GoogleFailure.OK_XML: (TryLater, True),
    GoogleFailure.OK_EMPTY: (TryLater, True),
    GoogleFailure.DROP_BEFORE: (TryLater, True),
    GoogleFailure.DROP_AFTER: (TryLater, True),
}

EXCHANGE_FAILS: dict[AnyFailure, type[ProviderError]] = {
    GoogleFailure.INVALID_GRANT: AuthorizationRefused,
    GoogleFailure.ADMIN_POLICY: NeedsAdmin,
    GoogleFailure.INVALID_CLIENT: OurFault,
    GoogleFailure.REDIRECT_MISMATCH: OurFault,
    GoogleFailure.REFRESH_MISSING: TryLater,
    GoogleFailure.SERVER_ERROR: TryLater,
    GoogleFailure.BAD_GATEWAY: TryLater,
    GoogleFailure.UNAVAILABLE_HTML: TryLater,
    GoogleFailure.REDIRECT: TryLater,
    GoogleFailure.OK_XML: TryLater,
    GoogleFailure.OK_EMPTY: TryLater,
    GoogleFailure.DROP_BEFORE: TryLater,
    GoogleFailure.DROP_AFTER: TryLater,
}
