"""Permanent redirects from former handles and slugs to the current ones."""

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


class AddressMoved(Exception):
    """The host, the page or the event type has another name now; `to` is the address that was meant."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


@asynccontextmanager
async def following(request: ApiRequest, *asked: str) -> AsyncGenerator[None]:
    """Raises AddressMoved instead of NotFound where handle and slugs lead to what had them."""
    try:
        yield
    except NotFound:
        present = await app_of(request).find_present_path(*asked)
        if present is None or present == asked:
            raise
        path: str = request.scope["path"]
        query = request.scope["query_string"].decode("latin-1")
        to = quote(path.replace("/".join(asked), "/".join(present), 1))
        raise AddressMoved(f"{to}?{query}" if query else to) from None


def to_present_address(_: Request[Any, Any, Any], moved: AddressMoved) -> Redirect:
    # The client sends the same again, a body included.
    return Redirect(moved.to, status_code=HTTP_308_PERMANENT_REDIRECT)
