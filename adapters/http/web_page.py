"""A page from a template, and the layout around every page: where the reader is, and who runs the site."""

from typing import Any

import msgspec
from litestar import Request
from litestar.response import Template

from adapters.http.indexing import is_indexed
from adapters.http.request_context import app_of, settings_of
from adapters.http.settings import HttpSettings


class Layout(msgspec.Struct, frozen=True):
    """Of the request a page is for, all that its templates read.

    Attributes:
        path, query: of the address; the query without its question mark.
        indexed: search engines may list the page.
        site: the settings of the process.
        sign_up_open: anybody may open an account.
    """

    path: str
    query: str
    indexed: bool
    site: HttpSettings
    sign_up_open: bool

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> "Layout":
        return cls(
            path=request.scope["path"],
            query=request.scope["query_string"].decode("latin-1"),
            indexed=is_indexed(request.scope),
            site=settings_of(request),
            sign_up_open=app_of(request).sign_up.is_open,
        )

    @property
    def address(self) -> str:
        """The path with the query."""
        return f"{self.path}?{self.query}" if self.query else self.path


class WebPage(Template):
    """A page from a template that reads its context and the layout, and nothing else of the request."""

    def create_template_context(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        context: dict[str, Any] = self.context
        return {**context, "layout": Layout.of(request)}
