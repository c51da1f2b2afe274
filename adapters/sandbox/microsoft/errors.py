"""Error bodies of Microsoft's token endpoint and of Graph."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from adapters.sandbox.asgi import Reply, json
from adapters.sandbox.refused import Refused


class MicrosoftOAuthError(Refused):
    """A refusal of the token endpoint; `number` is the one after AADSTS."""

    def __init__(self, error: str, number: int, text: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(text)
        self._error = error
        self._number = number
        self._text = text
        self._status = status

    def answer(self) -> Reply:
        at, trace, correlation = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}", str(uuid4()), str(uuid4())
        body: dict[str, Any] = {
            "error": self._error,
            "error_description": described(self._number, self._text, trace, correlation, at),
            "error_codes": [self._number],
            "timestamp": at,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self._number}",
        }
        return json(body, self._status)


class GraphApiError(Refused):
    """A refusal of Graph; `inner` is the finer code of `innerError`, where there is one."""

    def __init__(self, status: int, code: str, message: str, *, inner: str | None = None) -> None:
        super().__init__(message)
        self._status = status
        self._code = code
        self._message = message
        self._inner = inner

    def answer(self) -> Reply:
        request_id = str(uuid4())
        inner: dict[str, str] = {} if self._inner is None else {"code": self._inner}
        inner |= {"date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}", "request-id": request_id}
        body = {"error": {"code": self._code, "message": self._message, "innerError": inner}}
        return json(body, self._status).with_headers(("request-id", request_id))


def described(number: int, text: str, trace: str, correlation: str, at: str) -> str:
    """Write a description as Microsoft does, over several lines."""
    return f"AADSTS{number}: {text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {at}"


def unauthenticated(message: str = "Lifetime validation failed, the token is expired.") -> GraphApiError:
    return GraphApiError(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", message)


def forbidden() -> GraphApiError:
    """Graph's 403 for want of a scope, of a licence, or of a policy: it says nothing about which."""
    return GraphApiError(HTTPStatus.FORBIDDEN, "Forbidden", "")


def access_denied() -> GraphApiError:
    """Exchange's 403, for want of a scope or of a right to the calendar."""
    return GraphApiError(
        HTTPStatus.FORBIDDEN, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
    )


def item_not_found() -> GraphApiError:
    text = "The specified object was not found in the store."
    return GraphApiError(HTTPStatus.NOT_FOUND, "ErrorItemNotFound", text)


def duplicate_transaction() -> GraphApiError:
    text = "An event with this transactionId was created before."
    return GraphApiError(HTTPStatus.CONFLICT, "ErrorDuplicateTransactionId", text)


def crowded() -> GraphApiError:
    text = "Application is over its MailboxConcurrency limit."
    return GraphApiError(HTTPStatus.TOO_MANY_REQUESTS, "ApplicationThrottled", text)


def bad_request(message: str) -> GraphApiError:
    return GraphApiError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def too_many_requests() -> GraphApiError:
    message = "Please retry again later."
    return GraphApiError(HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequests", message, inner="429")


def invalid_grant(
    number: int = 70008, text: str = "The provided authorization code or refresh token has expired."
) -> MicrosoftOAuthError:
    return MicrosoftOAuthError("invalid_grant", number, text)


def invalid_client() -> MicrosoftOAuthError:
    text = "Invalid client secret provided."
    return MicrosoftOAuthError("invalid_client", 7000215, text, HTTPStatus.UNAUTHORIZED)


def invalid_request(text: str) -> MicrosoftOAuthError:
    return MicrosoftOAuthError("invalid_request", 900144, text)
