"""The rule for pages that search engines may list: those that are meant for everybody, and no other."""

from typing import Any, cast

from litestar.types import Scope

INDEXED: dict[str, Any] = {"indexed": True}
"""The `opt` of handlers whose answers may be listed."""

NOINDEX = (b"x-robots-tag", b"noindex")


def is_indexed(scope: Scope) -> bool:
    # Where no route fits, there is no handler.
    handler = cast("dict[str, Any]", scope).get("route_handler")
    return handler is not None and "indexed" in handler.opt
