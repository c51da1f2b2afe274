"""Error bodies of Google's OAuth endpoints and API."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from adapters.sandbox.asgi import Reply, json
from adapters.sandbox.refused import Refused

_ERROR_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"
_BAD_REQUEST: Final = "type.googleapis.com/google.rpc.BadRequest"
_MEET: Final = "meet.googleapis.com"


class GoogleOAuthError(Refused):
    """A refusal of the token endpoint, of revoking, or of reading who has signed in."""

    def __init__(
        self, error: str, description: str, status: int = HTTPStatus.BAD_REQUEST, *, subtype: str | None = None
    ) -> None:
        super().__init__(description)
        self._body = {"error": error, "error_description": description}
        if subtype is not None:
            self._body["error_subtype"] = subtype
        self._status = status

    def answer(self) -> Reply:
        return json(self._body, self._status)


class GoogleApiError(Refused):
    """A refusal of the API; with `reason` as an ErrorInfo, with `older` (domain, reason) also in the older shape."""

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        *,
        reason: str | None = None,
        older: tuple[str, str] | None = None,
        details: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self._code = code
        error: dict[str, Any] = {"code": code, "message": message, "status": status}
        if older is not None:
            error["errors"] = [{"domain": older[0], "reason": older[1], "message": message}]
        if reason is not None:
            info = {"@type": _ERROR_INFO, "reason": reason, "domain": "googleapis.com", "metadata": {"service": _MEET}}
            error["details"] = [info, *details]
        elif details:
            error["details"] = list(details)
        self._body = {"error": error}

    def answer(self) -> Reply:
        return json(self._body, self._code)


def unauthenticated(reason: str = "ACCESS_TOKEN_EXPIRED") -> GoogleApiError:
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid"
        " authentication credential."
    )
    return GoogleApiError(HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", message, reason=reason)


def scope_insufficient() -> GoogleApiError:
    message = "Request had insufficient authentication scopes."
    return GoogleApiError(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT")


def permission_denied() -> GoogleApiError:
    message = "Permission denied on resource Space (or it might not exist)"
    return GoogleApiError(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message)


def resource_exhausted() -> GoogleApiError:
    message = "Quota exceeded for quota metric 'Space creates' and limit 'Space creates per minute per user'."
    return GoogleApiError(HTTPStatus.TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message, reason="RATE_LIMIT_EXCEEDED")


def invalid_argument(message: str, field: str | None = None) -> GoogleApiError:
    violation: dict[str, str] = {"description": message} | ({} if field is None else {"field": field})
    details = [{"@type": _BAD_REQUEST, "fieldViolations": [violation]}]
    return GoogleApiError(HTTPStatus.BAD_REQUEST, "INVALID_ARGUMENT", message, details=details)


def invalid_grant(
    description: str = "Token has been expired or revoked.", *, subtype: str | None = None
) -> GoogleOAuthError:
    return GoogleOAuthError("invalid_grant", description, subtype=subtype)


def invalid_client() -> GoogleOAuthError:
    return GoogleOAuthError("invalid_client", "Unauthorized", HTTPStatus.UNAUTHORIZED)


def redirect_uri_mismatch() -> GoogleOAuthError:
    return GoogleOAuthError("redirect_uri_mismatch", "Bad Request")


def invalid_credentials() -> GoogleOAuthError:
    return GoogleOAuthError("invalid_request", "Invalid Credentials", HTTPStatus.UNAUTHORIZED)
