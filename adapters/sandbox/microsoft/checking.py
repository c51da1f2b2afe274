"""Checks JSON bodies against Graph's own description, property by property."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypeGuard

import msgspec

from adapters.sandbox.asgi import Request
from adapters.sandbox.microsoft.errors import bad_request

Kind: TypeAlias = "type[str | datetime | bool | int] | frozenset[str] | list[Kind] | Fields"
Fields: TypeAlias = Mapping[str, Kind]


def checked(request: Request, known: Fields, where: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        GraphApiError: it isn't one, or has a property that isn't known or of another kind.
    """
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise bad_request("Unable to read JSON request payload. Please ensure Content-Type header is set.")
    try:
        given: dict[str, Any] = msgspec.json.decode(request.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise bad_request("Unable to read JSON request payload.") from error
    _check(given, known, where)
    return given


def instant(text: object) -> datetime | None:
    """Read an Edm.DateTimeOffset, which names its offset."""
    try:
        at = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return None
    return None if at.tzinfo is None else at


def _check(given: Mapping[str, Any], known: Fields, where: str) -> None:
    for name, value in given.items():
        if name not in known:
            raise bad_request(f"The property '{name}' doesn't exist on '{where}'.")
        if value is not None:
            _check_value(value, known[name], f"{where}.{name}")


def _check_value(value: object, wanted: Kind, where: str) -> None:
    wrong = bad_request(f"Cannot convert a value of '{where}' to the expected target type.")
    if isinstance(wanted, Mapping):
        if not _is_object(value):
            raise wrong
        _check(value, wanted, where)
    elif isinstance(wanted, list):
        if not _is_list(value):
            raise wrong
        for each in value:
            _check_value(each, wanted[0], where)
    elif isinstance(wanted, frozenset):
        if value not in wanted:
            raise wrong
    elif wanted is datetime:
        if instant(value) is None:
            raise wrong
    elif type(value) is not wanted:
        raise wrong


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
