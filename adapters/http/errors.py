"""Answers to requests that failed: a problem in JSON under /api, a page anywhere else."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, cast

import structlog
from litestar import MediaType, Request
from litestar.exceptions import HTTPException, InternalServerException, NotFoundException
from litestar.response import Response

from adapters.http.api.moved import AddressMoved, to_present_address
from adapters.http.cross_site import CrossSite
from adapters.http.dependencies import SignInNeeded, to_sign_in
from adapters.http.headers import POLICY
from adapters.http.json_bytes import json_bytes
from adapters.http.languages import language_of
from adapters.http.mangled_links import LinkMangled, mended, to_mended
from adapters.http.problems import Problem, UnsupportedMediaType, problem_for, problem_of, problem_with_status
from adapters.http.request_context import settings_of
from adapters.http.retry_after import retry_after
from adapters.http.web.embed.framing import failed_in_frame, policy_for
from adapters.http.web.public.way import LANGUAGE
from adapters.http.web.templating import rendered
from adapters.http.web_page import Layout
from adapters.presentation.language import ENGLISH, marked, speaking
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.problems import problem_title
from application.ports.conflicts import Busy
from domain.errors import AnyRefusal, CalendarsUnreadable, Overloaded, Refusal, TooManyRequests, Unauthorized

PROBLEM_JSON = "application/problem+json"

_FORM_REFUSED = marked(
    "This form came from another site. Nothing changed. Open the page here and send the form from it."
)

_FORM_UNREADABLE = marked("This form can’t be read. Send it as the page does.")

ErrorResponse = Response[Any]

BUSY_SECONDS = 2
AWAY_SECONDS = 5

_log = structlog.get_logger("timetuna.http")


def refused(request: Request[Any, Any, Any], refusal: AnyRefusal) -> ErrorResponse:
    headers: dict[str, str] = {}
    if isinstance(refusal, TooManyRequests | Overloaded | CalendarsUnreadable):
        headers |= retry_after(refusal)
    if isinstance(refusal, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    with _speaking(request):
        return _answer(request, problem_for(refusal, settings_of(request)), headers)


def form_refused(request: Request[Any, Any, Any], _error: CrossSite) -> ErrorResponse:
    """A form that another site sent."""
    with _speaking(request):
        return _page(request, _("Send this form again"), _(_FORM_REFUSED), 403, {})


def not_served(request: Request[Any, Any, Any], error: HTTPException) -> ErrorResponse:
    """Answer what Litestar itself refuses: no such path, no such method, a body that is too large."""
    if isinstance(error, InternalServerException) and not _left(error):
        _note(request, error)
    if isinstance(error, NotFoundException) and (to := mended(request.scope)):
        return to_mended(request, LinkMangled(to))
    with _speaking(request):
        if isinstance(error, UnsupportedMediaType) and not _is_api(request):
            return _page(request, problem_title("unsupported-media-type"), _(_FORM_UNREADABLE), error.status_code, {})
        return _answer(request, problem_with_status(error.status_code, settings_of(request)), error.headers or {})


def busy(request: Request[Any, Any, Any], _error: Busy) -> ErrorResponse:
    """Somebody else works on the same thing for longer than this request waited; nothing was changed."""
    with _speaking(request):
        return _answer(request, problem_with_status(503, settings_of(request)), {"Retry-After": str(BUSY_SECONDS)})


def storage_away(request: Request[Any, Any, Any], error: Exception) -> ErrorResponse:
    """Answer that the storage can't be reached; whether anything was changed is unknown."""
    scope = cast("dict[str, Any]", request.scope)
    # Without a traceback for each request: the cause is elsewhere, and `/readyz` names it.
    _log.error("storage away", method=request.method, route=scope.get("path_template"), kind=type(error).__name__)
    with _speaking(request):
        return _answer(request, problem_of("unavailable", settings_of(request)), {"Retry-After": str(AWAY_SECONDS)})


def failure_handler(away: Callable[[Exception], bool]) -> Callable[[Request[Any, Any, Any], Exception], ErrorResponse]:
    """Answer what nothing else answers; `away` tells what is raised because the storage can't be reached."""
    return lambda request, error: storage_away(request, error) if away(error) else failed(request, error)


def failed(request: Request[Any, Any, Any], error: Exception) -> ErrorResponse:
    _note(request, error)
    with _speaking(request):
        return _answer(request, problem_with_status(500, settings_of(request)), {})


EXCEPTION_HANDLERS: dict[type[Exception] | int, Any] = {
    SignInNeeded: to_sign_in,
    AddressMoved: to_present_address,
    LinkMangled: to_mended,
    Refusal: refused,
    CrossSite: form_refused,
    HTTPException: not_served,
    Busy: busy,
}
"""Whatever else is raised is answered by `failure_handler`."""


def _answer(request: Request[Any, Any, Any], problem: Problem, headers: Mapping[str, str]) -> ErrorResponse:
    if _is_api(request):
        return Response(json_bytes(problem), status_code=problem.status, headers=dict(headers), media_type=PROBLEM_JSON)
    return _page(request, problem.title, problem.detail, problem.status, headers)


def _page(
    request: Request[Any, Any, Any], title: str, message: str, status: int, headers: Mapping[str, str]
) -> Response[str]:
    context: dict[str, Any] = {"layout": Layout.of(request), "title": title, "message": message, "status": status}
    if in_frame := failed_in_frame(request):
        frame, sources = in_frame
        context |= {"frame": frame, "parents": sources}
        headers = {**headers, POLICY: policy_for(sources, settings_of(request))}
    page = rendered("error.html", **context)
    return Response(page, status_code=status, headers=dict(headers), media_type=MediaType.HTML)


def _is_api(request: Request[Any, Any, Any]) -> bool:
    path = request.scope["path"]
    return path.startswith("/api/") or path in {"/api", "/mcp"}


def _speaking(request: Request[Any, Any, Any]) -> AbstractContextManager[None]:
    """The reader's language: what failed may lie outside of where it is spoken. Programs read English."""
    if _is_api(request):
        return speaking(ENGLISH)
    asked = request.query_params.get(LANGUAGE, "") if request.scope["path"].startswith("/embed/") else ""
    return speaking(language_of(request, asked))


def _left(error: InternalServerException) -> bool:
    """Litestar reports a client that hung up while sending as an error of ours."""
    return error.detail == "client disconnected prematurely"


def _note(request: Request[Any, Any, Any], error: Exception) -> None:
    # The template of the path, not the path: a guest's address is a capability.
    scope = cast("dict[str, Any]", request.scope)
    _log.error("request_failed", method=request.method, route=scope.get("path_template"), exc_info=error)
