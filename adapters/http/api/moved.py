"""Permanent redirects from a host's former handle to the current one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.response import Redirect
from litestar.status_codes import HTTP_308_PERMANENT_REDIRECT

from adapters.http.api.reading import ApiRequest
from adapters.http.request_context import app_of
from domain.errors import NotFound


class HandleMoved(Exception):
    """The host has another handle now; `to` is the address that was meant."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


@asynccontextmanager
async def following(request: ApiRequest, handle: str) -> AsyncGenerator[None]:
    """Raises HandleMoved instead of NotFound where the handle leads to a host who had it."""
    try:
        yield
    except NotFound:
        present = await app_of(request).find_present_handle(handle)
        if present is None:
            raise
        path: str = request.scope["path"]
        query = request.scope["query_string"].decode("latin-1")
        to = quote(path.replace(f"/{handle}/", f"/{present}/", 1))
        raise HandleMoved(f"{to}?{query}" if query else to) from None


def to_present_handle(_: Request[Any, Any, Any], moved: HandleMoved) -> Redirect:
    # The client sends the same again, a body included.
    return Redirect(moved.to, status_code=HTTP_308_PERMANENT_REDIRECT)
