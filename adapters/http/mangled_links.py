"""Redirects from addresses that end in punctuation of the sentence around them."""

from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.response import Redirect
from litestar.status_codes import HTTP_302_FOUND
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

_BEHIND = ".,;:!?)]}>'\"’”»"
"""What mail programs and messengers take for the end of a link although it isn't; none of our addresses ends so."""


class LinkMangled(Exception):
    """Something stands behind the address; `to` is the address that was meant."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class MendLinks(ASGIMiddleware):
    """Leads on from an address with something behind it; those that lead to no page at all don't get here."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["type"] == ScopeType.HTTP and (to := mended(scope)):
            raise LinkMangled(to)
        await next_app(scope, receive, send)


def mended(scope: HTTPScope) -> str | None:
    """The address without what stands behind it; None where nothing does, for programs, and for what changes things."""
    path = scope["path"]
    if scope["method"] not in {"GET", "HEAD"} or path.startswith("/api/"):
        return None
    # An expression would look through a path of many of them once for each of them.
    kept = path.rstrip(_BEHIND)
    # What begins with two slashes would lead to another site.
    if kept in {path, "", "/"} or kept.startswith("//"):
        return None
    query = scope["query_string"].decode("latin-1")
    return f"{quote(kept)}?{query}" if query else quote(kept)


def to_mended(_: Request[Any, Any, Any], mangled: LinkMangled) -> Redirect:
    return Redirect(mangled.to, status_code=HTTP_302_FOUND)
