"""Addresses with a query."""

from collections.abc import Iterable
from urllib.parse import urlencode

from adapters.http.connection import HttpConnection

Pairs = tuple[tuple[str, str], ...]


def pairs_of(request: HttpConnection) -> list[tuple[str, str]]:
    """The parameters of a request, repeated ones too, in their order."""
    # Litestar's `multi_items` has no order.
    return list(request.query_params.items())


def with_query(path: str, *queries: Iterable[tuple[str, str]]) -> str:
    """The address of a path with these parameters, in their order."""
    pairs = [pair for query in queries for pair in query]
    return f"{path}?{urlencode(pairs)}" if pairs else path
