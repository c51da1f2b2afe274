"""The problems that an answer can name (RFC 9457), each with its status."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.exceptions import HTTPException

from adapters.http.settings import HttpSettings
from adapters.presentation.sentences.problems import problem_detail, problem_title
from adapters.presentation.sentences.refusals import fault_sentence, refusal_sentence
from adapters.tracing.trace import current_trace_id
from domain.errors import AnyRefusal, InvalidInput, SlotNotOffered, SlotTaken, WhyTaken


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one member of the input; `field` is a dotted path such as `guest.email`."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of an `application/problem+json` answer."""

    type: str
    title: str
    status: int
    detail: str
    instance: Annotated[
        str | msgspec.UnsetType,
        msgspec.Meta(description="names this very answer: what follows the # is the trace_id in the server’s log."),
    ] = msgspec.UNSET
    errors: tuple[FieldError, ...] | msgspec.UnsetType = msgspec.UNSET
    alternatives: Annotated[
        tuple[datetime, ...] | msgspec.UnsetType,
        msgspec.Meta(description="the nearest free starts, where a start was refused."),
    ] = msgspec.UNSET
    reason: Annotated[
        WhyTaken | msgspec.UnsetType,
        msgspec.Meta(description="why a start that the page offers is not free."),
    ] = msgspec.UNSET


class UnsupportedMediaType(HTTPException):
    """The body isn't in the format that the call or the form takes."""

    status_code = 415


STATUS: dict[str, int] = {
    "invalid-input": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "slot-taken": 409,
    "slot-not-offered": 409,
    "calendar-busy": 409,
    "too-many-bookings": 409,
    "link-ended": 409,
    "no-meeting-type-available": 409,
    "meeting-type-not-offered": 409,
    "booking-closed": 409,
    "booking-open": 409,
    "schedule-in-use": 409,
    "event-erased": 409,
    "too-large": 413,
    "unsupported-media-type": 415,
    "idempotency-key-reused": 422,
    "too-many-requests": 429,
    "internal-error": 500,
    "calendar-unreadable": 503,
    "unavailable": 503,
    # The last of a status is what the framework's own refusals with it are.
    "overloaded": 503,
}

_BY_STATUS = {status: code for code, status in STATUS.items() if status != 409}  # noqa: PLR2004 - has many


def problem_for(refusal: AnyRefusal, settings: HttpSettings) -> Problem:
    """Say a refusal as a problem, in the reader's language."""
    return Problem(
        type=settings.problem_type(refusal.code),
        title=problem_title(refusal.code),
        status=STATUS[refusal.code],
        detail=refusal_sentence(refusal),
        instance=_instance(refusal.code, settings),
        errors=tuple(FieldError(each.field, fault_sentence(each)) for each in refusal.faults)
        if isinstance(refusal, InvalidInput)
        else msgspec.UNSET,
        alternatives=refusal.alternatives if isinstance(refusal, SlotTaken | SlotNotOffered) else msgspec.UNSET,
        reason=refusal.why if isinstance(refusal, SlotTaken) else msgspec.UNSET,
    )


def problem_with_status(status: int, settings: HttpSettings) -> Problem:
    """Say a status that the framework gave as a problem; its own words stay inside."""
    return problem_of(_BY_STATUS.get(status, "internal-error" if status >= 500 else "invalid-input"), settings)  # noqa: PLR2004 - RFC 9110


def problem_of(code: str, settings: HttpSettings) -> Problem:
    """Say a problem that no refusal has more words for."""
    title = problem_title(code)
    return Problem(
        type=settings.problem_type(code),
        title=title,
        status=STATUS[code],
        detail=problem_detail(code),
        instance=_instance(code, settings),
        # Every invalid input names a member; this one is about the whole request.
        errors=(FieldError("", title),) if code == "invalid-input" else msgspec.UNSET,
    )


def _instance(code: str, settings: HttpSettings) -> str | msgspec.UnsetType:
    """The kind of problem is what people can look at; the trace makes it this one."""
    trace_id = current_trace_id()
    return msgspec.UNSET if trace_id is None else f"{settings.problem_type(code)}#{trace_id}"
