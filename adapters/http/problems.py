"""Problem types (RFC 9457) with their status and explanation."""

from datetime import datetime

import msgspec

from adapters.http.settings import HttpSettings
from adapters.presentation.language import marked
from domain.errors import InvalidInput, Refusal, SlotNotOffered, SlotTaken


class ProblemKind(msgspec.Struct, frozen=True):
    """`title` is the same in every answer of this kind; `text` explains it on the page that `type` leads to."""

    status: int
    title: str
    text: str


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one member of the input; `field` is a dotted path such as `guest.email`."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of an `application/problem+json` answer.

    Attributes:
        alternatives: the nearest free starts, where a start was refused.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] | msgspec.UnsetType = msgspec.UNSET
    alternatives: tuple[datetime, ...] | msgspec.UnsetType = msgspec.UNSET


class UnsupportedMediaType(Refusal):
    """The body isn't in the format that the call takes."""

    code = "unsupported-media-type"


PROBLEMS: dict[str, ProblemKind] = {
    "invalid-input": ProblemKind(
        400,
        marked("Invalid input"),
        marked(
            "Something in the request is missing, malformed or not allowed. Each entry of “errors” names one member "
            "by its dotted path, such as guest.email, and says what to change. Nothing was stored."
        ),
    ),
    "unauthorized": ProblemKind(
        401,
        marked("Not signed in"),
        marked(
            "The call needs a host’s API token in the header “Authorization: Bearer …”, and the one that was sent is "
            "missing or not known. The session of a browser doesn’t count for the API."
        ),
    ),
    "forbidden": ProblemKind(
        403,
        marked("Not allowed"),
        marked(
            "The request was understood, and is not allowed. For a form in the browser it means that the form was "
            "open for too long or didn’t come from this site: reload the page and send it again."
        ),
    ),
    "not-found": ProblemKind(
        404,
        marked("Not found"),
        marked(
            "There is nothing at this address, or it belongs to somebody else. Check the address for typing errors; a "
            "booking page may also have been renamed or taken offline by its host."
        ),
    ),
    "method-not-allowed": ProblemKind(
        405,
        marked("Method not allowed"),
        marked("The address exists, but not for this HTTP method. The header “Allow” lists the methods that it takes."),
    ),
    "slot-taken": ProblemKind(
        409,
        marked("This time has just been taken"),
        marked(
            "Somebody else was faster, and nothing was booked. “alternatives” lists up to three nearest times that "
            "are still free."
        ),
    ),
    "slot-not-offered": ProblemKind(
        409,
        marked("This time is not offered"),
        marked(
            "The start is not one of those that the page offers: outside the host’s hours, too soon, too far ahead, "
            "or off the steps of the page. “alternatives” lists up to three nearest times that can be booked."
        ),
    ),
    "no-meeting-type-available": ProblemKind(
        409,
        marked("This page is not taking bookings"),
        marked(
            "None of the page’s ways to meet can be used right now; “detail” says why, for example because no Zoom "
            "account is connected. Nothing was booked. The host has been told, and can connect an account or switch "
            "on another meeting type."
        ),
    ),
    "meeting-type-not-offered": ProblemKind(
        409,
        marked("This meeting type is not offered"),
        marked(
            "The page doesn’t have this meeting type switched on. The page’s own description lists those that it has."
        ),
    ),
    "booking-closed": ProblemKind(
        409,
        marked("This booking can no longer be changed"),
        marked("The booking is cancelled or over, so it can be neither cancelled nor moved."),
    ),
    "too-large": ProblemKind(
        413,
        marked("Too large"),
        marked("The body of the request is larger than this call takes. Nothing was stored."),
    ),
    "unsupported-media-type": ProblemKind(
        415,
        marked("Unsupported media type"),
        marked("The call takes a JSON body, announced by the header “Content-Type: application/json”."),
    ),
    "idempotency-key-reused": ProblemKind(
        422,
        marked("Idempotency-Key used twice"),
        marked(
            "The same Idempotency-Key was sent before with another body. Use a new key for each new booking, and the "
            "same key only to repeat a request exactly."
        ),
    ),
    "too-many-requests": ProblemKind(
        429,
        marked("Too many requests"),
        marked(
            "There were too many tries from one place in a short time. Nothing was changed. The header “Retry-After” "
            "says how many seconds to wait."
        ),
    ),
    "internal-error": ProblemKind(
        500,
        marked("Something went wrong on our side"),
        marked(
            "The server met an error that it didn’t expect. It has been noted for whoever runs this server. Trying "
            "again in a moment may help."
        ),
    ),
}

_BY_STATUS = {kind.status: name for name, kind in PROBLEMS.items() if kind.status != 409}  # noqa: PLR2004 - has many


def problem_for(refusal: Refusal, settings: HttpSettings) -> Problem:
    """Say a refusal as a problem."""
    kind = PROBLEMS[refusal.code]
    return Problem(
        type=settings.problem_type(refusal.code),
        title=kind.title,
        status=kind.status,
        detail=refusal.words,
        errors=(FieldError(refusal.field, refusal.message),) if isinstance(refusal, InvalidInput) else msgspec.UNSET,
        alternatives=refusal.alternatives if isinstance(refusal, SlotTaken | SlotNotOffered) else msgspec.UNSET,
    )


def problem_with_status(status: int, settings: HttpSettings) -> Problem:
    """Say a status that the framework gave as a problem; its own words stay inside."""
    name = _BY_STATUS.get(status, "internal-error" if status >= 500 else "invalid-input")  # noqa: PLR2004 - RFC 9110
    kind = PROBLEMS[name]
    return Problem(
        type=settings.problem_type(name),
        title=kind.title,
        status=kind.status,
        detail=_DETAILS.get(name, kind.text),
        # Every invalid input names a member; this one is about the whole request.
        errors=(FieldError("", kind.title),) if name == "invalid-input" else msgspec.UNSET,
    )


_DETAILS: dict[str, str] = {
    "not-found": marked("There is nothing at this address."),
    "method-not-allowed": marked("This address doesn’t take this HTTP method."),
    "too-large": marked("What was sent is larger than can be taken here. Nothing was stored."),
    "internal-error": marked("Something went wrong on our side. Please try again in a moment."),
    "invalid-input": marked("The request could not be read."),
}
