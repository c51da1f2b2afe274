"""What does a request get that failed: a problem in JSON under /api, a page anywhere else."""

from collections.abc import Mapping
from math import ceil
from typing import Any, cast

import msgspec
import structlog
from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException, PermissionDeniedException
from litestar.response import Response, Template

from adapters.http.dependencies import SignInNeeded, to_sign_in
from adapters.http.problems import Problem, problem_for, problem_with_status
from adapters.http.reach import settings_of
from domain.errors import Refusal, TooManyRequests, Unauthorized

PROBLEM_JSON = "application/problem+json"

_FORM_REFUSED = (
    "This form was open for too long, or it didn’t come from this site. Nothing was changed. "
    "Please go back, reload the page, and send the form again."
)

Answer = Response[Any]

_log = structlog.get_logger("timetuna.http")


def refused(request: Request[Any, Any, Any], refusal: Refusal) -> Answer:
    headers: dict[str, str] = {}
    if isinstance(refusal, TooManyRequests):
        headers["Retry-After"] = str(max(1, ceil(refusal.retry_after.total_seconds())))
    if isinstance(refusal, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return _answer(request, problem_for(refusal, settings_of(request)), headers)


def form_refused(_: Request[Any, Any, Any], __: PermissionDeniedException) -> Answer:
    """A form without the right token: nothing else of ours is refused by Litestar with 403."""
    context = {"title": "Please send this form again", "message": _FORM_REFUSED, "status": 403}
    return Template("error.html", context=context, status_code=403)


def not_served(request: Request[Any, Any, Any], error: HTTPException) -> Answer:
    """What Litestar itself refuses: no such path, no such method, a body that is too large."""
    if isinstance(error, InternalServerException) and not _left(error):
        _note(request, error)
    return _answer(request, problem_with_status(error.status_code, settings_of(request)), error.headers or {})


def failed(request: Request[Any, Any, Any], error: Exception) -> Answer:
    _note(request, error)
    return _answer(request, problem_with_status(500, settings_of(request)), {})


EXCEPTION_HANDLERS: dict[type[Exception] | int, Any] = {
    SignInNeeded: to_sign_in,
    Refusal: refused,
    PermissionDeniedException: form_refused,
    HTTPException: not_served,
    Exception: failed,
}


def _answer(request: Request[Any, Any, Any], problem: Problem, headers: Mapping[str, str]) -> Answer:
    if _is_api(request.scope["path"]):
        body = msgspec.json.encode(problem)
        return Response(body, status_code=problem.status, headers=dict(headers), media_type=PROBLEM_JSON)
    context = {"title": problem.title, "message": problem.detail, "status": problem.status}
    return Template("error.html", context=context, status_code=problem.status, headers=dict(headers))


def _is_api(path: str) -> bool:
    return path.startswith("/api/") or path == "/api"


def _left(error: InternalServerException) -> bool:
    """Litestar reports a client that hung up while sending as an error of ours."""
    return error.detail == "client disconnected prematurely"


def _note(request: Request[Any, Any, Any], error: Exception) -> None:
    # The template of the path, not the path: a guest's address is a capability.
    scope = cast("dict[str, Any]", request.scope)
    _log.error("request failed", method=request.method, route=scope.get("path_template"), exc_info=error)
