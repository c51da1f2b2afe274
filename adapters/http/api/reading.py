"""Bodies and queries as structs; what doesn't fit one is refused with all its faults."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from msgspec.inspect import (
    BoolType,
    BytesType,
    DictType,
    EnumType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from adapters.http.api.faults import MOST, below, faults_in
from adapters.http.problems import UnsupportedMediaType
from application.ports.idempotency_keys import LONGEST_IDEMPOTENCY_KEY
from domain.errors import InvalidInput, NotFound
from domain.faults import Fault, Malformed
from domain.ids import LONGEST_ID
from domain.instants import is_in_calendar, outside_calendar

ApiRequest = Request[Any, Any, Any]

T = TypeVar("T", bound=msgspec.Struct)

LARGEST_BODY = 65_536
LARGEST_PAGE = 1_000_000
"""A booking page may have event types with many questions, and hours for many days."""

_PLAIN = re.compile(rf"[A-Za-z0-9._~-]{{1,{LONGEST_ID}}}")
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_IDEMPOTENCY_KEY}}}")
_JSON = re.compile(r"application/(?:[a-z0-9.-]+\+)?json(?:\s*;.*)?", re.IGNORECASE)


def known(*parts: str) -> None:
    """Raises NotFound for names that nothing of ours can have, so that no store has to cope with them."""
    for part in parts:
        if not _PLAIN.fullmatch(part):
            raise NotFound("address")


async def read_body(request: ApiRequest, struct: type[T], *, optional: bool = False) -> T:
    """Decode the JSON body; an `optional` one may be left out altogether.

    Raises:
        UnsupportedMediaType, InvalidInput
    """
    body = await request.body()
    if optional and not body:
        body = b"{}"
    elif not _JSON.fullmatch(request.headers.get("content-type", "")):
        raise UnsupportedMediaType
    try:
        found = msgspec.json.decode(body, type=struct)
    except (ValueError, RecursionError) as error:
        answer = request.route_handler.opt["call"].result
        raise InvalidInput(*faults_in(_decoded(body), struct, answer=answer)) from error
    return _in_calendar(found)


def read_members(given: Mapping[str, object], struct: type[T]) -> T:
    """Read members that were decoded from JSON before. Raises InvalidInput."""
    try:
        found = msgspec.convert(given, struct)
    except (msgspec.ValidationError, RecursionError) as error:
        raise InvalidInput(*faults_in(given, struct)) from error
    return _in_calendar(found)


def read_query(request: ApiRequest, struct: type[T]) -> T:
    """Read the query, where numbers and dates are written as text. Raises InvalidInput."""
    given = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    try:
        found = msgspec.convert(given, struct, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInput(*faults_in(given, struct, strict=False)) from error
    return _in_calendar(found)


def read_key(request: ApiRequest) -> str | None:
    """Read the header Idempotency-Key, if there is one. Raises InvalidInput."""
    key = request.headers.get("idempotency-key")
    return None if key is None else checked_key(key, "Idempotency-Key")


def checked_key(key: str, field: str) -> str:
    """The key if it is one. Raises InvalidInput."""
    if not _KEY.fullmatch(key):
        raise InvalidInput.at(field, Malformed("idempotency-key"))
    return key


def _in_calendar(found: T) -> T:
    """Raises InvalidInput for instants and days, wherever they are, that nobody means."""
    paths = list(islice(_outside_calendar(found, ""), MOST))
    if paths:
        raise InvalidInput(*(Fault(path, outside_calendar()) for path in paths))
    return found


def _outside_calendar(value: object, path: str) -> Iterator[str]:
    match value:
        case date():
            if not is_in_calendar(value):
                yield path
        case msgspec.Struct():
            for name, json_name in _dated(type(value)):
                yield from _outside_calendar(getattr(value, name), below(path, json_name))
        case dict():
            for key, each in cast("dict[object, object]", value).items():
                yield from _outside_calendar(key, path)
                yield from _outside_calendar(each, path)
        case tuple() | list():
            for place, each in enumerate(cast("Sequence[object]", value)):
                yield from _outside_calendar(each, below(path, str(place)))
        case _:
            pass


@cache
def _dated(struct: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """The members that can hold an instant or a day, with their names in JSON."""
    fields = cast("StructType", type_info(struct)).fields
    return tuple((each.name, each.encode_name) for each in fields if _can_hold_dates(each.type))


def _can_hold_dates(kind: Type) -> bool:
    """Whether a value of this type can be, or have in it, an instant or a day; what isn't known can."""
    match kind:
        case StrType() | IntType() | FloatType() | BoolType() | NoneType() | LiteralType() | EnumType() | BytesType():
            return False
        case UnionType(types=types):
            return any(map(_can_hold_dates, types))
        case DictType(key_type=key, value_type=value):
            return _can_hold_dates(key) or _can_hold_dates(value)
        case ListType(item_type=item) | VarTupleType(item_type=item):
            return _can_hold_dates(item)
        case _:
            return True


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        # Malformed JSON, bytes that aren't UTF-8, or brackets in brackets without end.
        raise InvalidInput.at("", Malformed("json")) from error
