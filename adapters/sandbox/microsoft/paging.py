"""Collections as OData has them: in pages, with the properties that were selected."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.microsoft.errors import bad_request

_USUAL: Final = 10
_MOST: Final = 1000


def paged(request: Request, items: Sequence[Any], *, context: str, allowed: frozenset[str] = frozenset()) -> Reply:
    """Answer the page that was asked for, with where the next one is.

    Args:
        allowed: parameters of the query besides OData's.

    Raises:
        GraphApiError: a parameter isn't known, or isn't a number in its bounds.
    """
    unknown = request.query.keys() - {"$top", "$skip", "$select"} - allowed
    if unknown:
        raise bad_request(f"The query parameter '{min(unknown)}' isn't supported.")
    top, skip = _number(request, "$top", _USUAL, 1, _MOST), _number(request, "$skip", 0, 0, 1_000_000)
    body: dict[str, Any] = {
        "@odata.context": f"https://graph.microsoft.com/v1.0/$metadata#{context}",
        "value": items[skip : skip + top],
    }
    if skip + top < len(items):
        query = {**request.query, "$top": str(top), "$skip": str(skip + top)}
        body["@odata.nextLink"] = msgspec.structs.replace(request, query=query).address
    return json(body)


def names_selected(request: Request, known: frozenset[str]) -> frozenset[str] | None:
    """The properties that were selected; None for all of them."""
    if "$select" not in request.query:
        return None
    names = frozenset(name.strip() for name in request.query["$select"].split(","))
    if names - known:
        raise bad_request(f"Could not find a property named '{min(names - known)}'.")
    return names


def _number(request: Request, name: str, usual: int, least: int, most: int) -> int:
    text = request.query.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise bad_request(f"Invalid value '{text}' for {name} query option: it has to be from {least} to {most}.")
    return int(text)
