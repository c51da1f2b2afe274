"""The styles, scripts and fonts that pages are made of."""

import mimetypes
from pathlib import Path

from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]

from adapters.http.request_context import HttpConnection
from adapters.http.web.templating import STATIC, STATIC_PATH

# Their addresses change with their content.
_FOREVER = CacheControlHeader(max_age=31536000, public=True, immutable=True)

_ADDRESSES = frozenset(f"{STATIC_PATH}/{each.name}" for each in Path(STATIC).iterdir())

# Python knows it from 3.14 on; before, only where the system does.
mimetypes.add_type("font/woff2", ".woff2")


def refuse_others(connection: HttpConnection) -> None:
    """Ask the system for none but our own files: some names are too long for it, or hold a zero byte."""
    if connection.scope["path"] not in _ADDRESSES:
        raise NotFoundException


STATIC_FILES = create_static_files_router(STATIC_PATH, [STATIC], before_request=refuse_others, cache_control=_FOREVER)
