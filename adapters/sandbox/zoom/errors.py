"""Error bodies of Zoom's OAuth endpoints and API."""

from http import HTTPStatus

from adapters.sandbox.asgi import Reply, json
from adapters.sandbox.refused import Refused


class ZoomOAuthError(Refused):
    """A refusal of a token endpoint: `{"reason", "error"}`."""

    def __init__(self, reason: str, error: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error
        self.status = status

    def answer(self) -> Reply:
        return json({"reason": self.reason, "error": self.error}, self.status)


class ZoomApiError(Refused):
    """A refusal of the API: `{"code", "message"}`, for a wrong body with `errors` per field."""

    def __init__(self, status: int, code: int, message: str, fields: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields

    def answer(self) -> Reply:
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.fields:
            body["errors"] = [{"field": field, "message": message} for field, message in self.fields]
        return json(body, self.status)


def invalid_token(message: str = "Invalid access token.") -> ZoomApiError:
    return ZoomApiError(HTTPStatus.UNAUTHORIZED, 124, message)


def token_in_query() -> ZoomApiError:
    return invalid_token("Invalid access token, this access token is not supported as query parameter string.")


def missing_scope(scope: str) -> ZoomApiError:
    # Zoom says 400 here, where everyone expects 403.
    return ZoomApiError(
        HTTPStatus.BAD_REQUEST,
        4711,
        f"Invalid access token, does not contain scopes:[{scope}, {scope}:admin].",
    )


def newer_authorization() -> ZoomApiError:
    return ZoomApiError(
        HTTPStatus.UNAUTHORIZED,
        4741,
        "The token was revoked because of multiple authorizations: the last token issued is valid.",
    )


def invalid_fields(*fields: tuple[str, str]) -> ZoomApiError:
    return ZoomApiError(HTTPStatus.BAD_REQUEST, 300, "Validation Failed.", fields)


def not_json() -> ZoomApiError:
    return ZoomApiError(HTTPStatus.BAD_REQUEST, 300, "Request Body should be a valid JSON object.")


def may_not_schedule() -> ZoomApiError:
    return ZoomApiError(
        HTTPStatus.BAD_REQUEST,
        3161,
        "Your user account is not allowed meeting hosting and scheduling capabilities.",
    )


def daily_limit() -> ZoomApiError:
    return ZoomApiError(
        HTTPStatus.TOO_MANY_REQUESTS,
        429,
        "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this"
        " particular user. You may resume these requests at GMT 00:00:00.",
    )


def invalid_grant() -> ZoomOAuthError:
    return ZoomOAuthError("Invalid Token!", "invalid_grant")


def invalid_client() -> ZoomOAuthError:
    return ZoomOAuthError("Invalid client_id or client_secret", "invalid_client", HTTPStatus.UNAUTHORIZED)
