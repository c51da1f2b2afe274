"""Reads bodies and queries into structs, or refuses and names the member."""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from adapters.http.problems import UnsupportedMediaType
from domain.errors import InvalidInput, NotFound

ApiRequest = Request[Any, Any, Any]

T = TypeVar("T")

LONGEST_KEY = 255

_PLAIN = re.compile(r"[A-Za-z0-9._~-]{1,200}")
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
_JSON = re.compile(r"application/(?:[a-z0-9.-]+\+)?json(?:\s*;.*)?", re.IGNORECASE)

_WHERE = re.compile(r"(?P<what>.*) - at (?:`key` in )?`\$(?P<path>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        # The one pattern that input is held to is that of a time of day.
        ("matching regex", "Use a time of day such as 09:00."),
        ("`datetime`|RFC3339 encoded datetime", "Use an instant such as 2026-12-01T14:00:00Z."),
        ("`date`|RFC3339 encoded date", "Use a date such as 2026-12-01."),
        ("Invalid enum value|Invalid value", "This is not one of the values that are possible here."),
        ("Expected `str`", "Use text here."),
        ("Expected `int`", "Use a whole number here."),
        ("Expected `object`", "Use an object with named members here."),
        ("Expected `array`", "Use a list here."),
    )
)
_INDEX = re.compile(r"\[([0-9]+)\]")


def known(*parts: str) -> None:
    """Raises NotFound for names that nothing of ours can have, so that no store has to cope with them."""
    for part in parts:
        if not _PLAIN.fullmatch(part):
            raise NotFound("There is nothing at this address.")


async def read_body(request: ApiRequest, decoder: msgspec.json.Decoder[T], *, optional: bool = False) -> T:
    """Decode the JSON body; an `optional` one may be left out altogether.

    Raises:
        UnsupportedMediaType, InvalidInput
    """
    body = await request.body()
    if optional and not body:
        body = b"{}"
    elif not _JSON.fullmatch(request.headers.get("content-type", "")):
        raise UnsupportedMediaType("Send the body as JSON, with the header “Content-Type: application/json”.")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _refusal(error) from error
    except (ValueError, RecursionError) as error:
        # Malformed JSON, bytes that aren't UTF-8, or brackets in brackets without end.
        raise InvalidInput("", "The body is not well-formed JSON in UTF-8.") from error


def read_query(request: ApiRequest, struct: type[T]) -> T:
    """Read the query, where numbers and dates are written as text.

    Raises:
        InvalidInput: names the parameter.
    """
    given = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    try:
        return msgspec.convert(given, struct, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal(error) from error


def read_key(request: ApiRequest) -> str | None:
    """Read the header Idempotency-Key, if there is one. Raises InvalidInput."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidInput("Idempotency-Key", f"Use 1 to {LONGEST_KEY} visible ASCII characters, such as a UUID.")
    return key


def _refusal(error: msgspec.ValidationError) -> InvalidInput:
    text = str(error)
    located = _WHERE.fullmatch(text)
    what, path = located.group("what", "path") if located else (text, "")
    for pattern, words in ((_MISSING, "This is required."), (_UNKNOWN, "This is not known here.")):
        if named := pattern.fullmatch(what):
            return InvalidInput(_dotted(f"{path}.{named[1]}"), words)
    return InvalidInput(_dotted(path), _in_words(what))


def _dotted(path: str) -> str:
    """`.meeting_types[0].address` as `meeting_types.0.address`; msgspec writes any key of a map as `[...]`."""
    return _INDEX.sub(r".\1", path.replace("[...]", "")).strip(".")


def _in_words(what: str) -> str:
    for pattern, words in _WORDS:
        if pattern.search(what):
            return words
    return f"{what}."
