"""Refusals of the Calendar API, in the shape that it has kept: with a domain and a reason."""

from http import HTTPStatus

from adapters.sandbox.google.errors import GoogleApiError


def calendar_refusal(status: HTTPStatus, reason: str, message: str, domain: str = "global") -> GoogleApiError:
    return GoogleApiError(status, status.name, message, older=(domain, reason))


def not_found() -> GoogleApiError:
    return calendar_refusal(HTTPStatus.NOT_FOUND, "notFound", "Not Found")


def duplicate() -> GoogleApiError:
    return calendar_refusal(HTTPStatus.CONFLICT, "duplicate", "The requested identifier already exists.")


def deleted() -> GoogleApiError:
    return calendar_refusal(HTTPStatus.GONE, "deleted", "Resource has been deleted")


def forbidden(reason: str = "forbidden", message: str = "Forbidden") -> GoogleApiError:
    return calendar_refusal(HTTPStatus.FORBIDDEN, reason, message, "calendar" if reason != "forbidden" else "global")


def invalid(message: str, reason: str = "invalid") -> GoogleApiError:
    return calendar_refusal(HTTPStatus.BAD_REQUEST, reason, message)


def full_sync_required() -> GoogleApiError:
    message = "Sync token is no longer valid, a full sync is required."
    return calendar_refusal(HTTPStatus.GONE, "fullSyncRequired", message, "calendar")


def condition_not_met() -> GoogleApiError:
    return calendar_refusal(HTTPStatus.PRECONDITION_FAILED, "conditionNotMet", "Precondition Failed")


def webhook_refused(address: str) -> GoogleApiError:
    """Refuse an address whose domain isn't the app's."""
    message = f"Unauthorized WebHook callback channel: {address}"
    return calendar_refusal(HTTPStatus.UNAUTHORIZED, "push.webhookUrlUnauthorized", message)
