"""Addresses with a query."""

from collections.abc import Iterable
from urllib.parse import urlencode

Pairs = tuple[tuple[str, str], ...]


def with_query(path: str, *queries: Iterable[tuple[str, str]]) -> str:
    """The address of a path with these parameters, in their order."""
    pairs = [pair for query in queries for pair in query]
    return f"{path}?{urlencode(pairs)}" if pairs else path
