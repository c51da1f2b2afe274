"""Pages in another site's frame, without cookies and everything that tells who is there."""

from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.languages import language_of
from adapters.http.web.public.way import LANGUAGE
from adapters.presentation.language import speaking


class InFrame(ASGIMiddleware):
    """Leaves the cookies of a request unread, and speaks the language of its address, or else of its browser.

    Browsers that block third-party cookies send none, and the page has to be the same in all.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["headers"] = [each for each in scope["headers"] if each[0] != b"cookie"]
        request = Request[Any, Any, Any](scope)
        with speaking(language_of(request, request.query_params.get(LANGUAGE, ""))):
            await next_app(scope, receive, send)
