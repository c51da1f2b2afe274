"""Refuses forms that another site makes a browser send; docs/decisions says why by headers and not by tokens."""

from urllib.parse import urlsplit

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.connection import HttpConnection
from adapters.http.request_context import settings_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_PORTS = {"http": 80, "https": 443}

ANSWERS_OTHER_SITES = "answers_other_sites"
"""In the `opt` of a handler that itself deals with a form from another site."""


class CrossSite(PermissionDeniedException):
    """The browser says that another site sent this form."""


class RefuseOtherSites(ASGIMiddleware):
    """Lets only the site's own pages change anything, signing in included.

    The API is left out: it takes no cookie, and a browser asks before it sends JSON to another site.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if _is_guarded(scope) and is_from_elsewhere(Request(scope)):
            raise CrossSite
        await next_app(scope, receive, send)


def is_from_elsewhere(request: HttpConnection) -> bool:
    """Whether the browser says that another site sent this; whoever says nothing is believed.

    Browsers have sent `Origin` with every form since 2020, so who sends neither header is a program, which carries no
    cookies that are not its own.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    # Over plain http, loopback aside, browsers leave it out.
    origin = request.headers.get("origin")
    if origin is None:
        return False
    asked = f"{request.url.scheme}://{request.headers.get('host', '')}"
    sender = _origin_of(origin)
    return sender is None or sender not in {_origin_of(settings_of(request).public_url), _origin_of(asked)}


def _origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what has none, such as the `null` of a page that hides where it is from."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port else None


def _is_guarded(scope: Scope) -> bool:
    if scope["type"] != ScopeType.HTTP or scope["method"] in SAFE or scope["path"].startswith("/api/"):
        return False
    return not scope["route_handler"].opt.get(ANSWERS_OTHER_SITES)
