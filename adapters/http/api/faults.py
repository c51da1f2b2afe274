"""All faults of decoded JSON: every member that doesn't fit the struct that is expected.

msgspec stops at the first member that doesn't fit and says so in a sentence. So only what it refuses is walked here,
beside the description of the struct that `msgspec.inspect` gives.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, cast

import msgspec
from msgspec import inspect

from domain.faults import (
    Fault,
    FaultKind,
    InvalidValue,
    Kind,
    Malformed,
    NotKnown,
    NotOneOf,
    OutOfRange,
    ReadOnly,
    Required,
    TooLong,
)

MOST = 100
"""A body of a megabyte has room for more faults than anybody mends at once."""

MOST_VISITED = 10_000
"""A body of a megabyte holds so many values that looking at each would keep all other requests waiting."""

_LEAVES: tuple[tuple[type[inspect.Type], type, Kind], ...] = (
    (inspect.StrType, str, "text"),
    (inspect.IntType, int, "whole-number"),
    (inspect.BoolType, bool, "yes-or-no"),
    (inspect.DateTimeType, datetime, "instant"),
    (inspect.DateType, date, "date"),
)


def faults_in(
    value: object, struct: type[msgspec.Struct], *, strict: bool = True, answer: Any = None
) -> tuple[Fault, ...]:
    """What keeps a value that msgspec refused from becoming the struct.

    In the order of the input, what is missing last. A key that no entry of a map can have is a fault of the map.
    What lies behind the first `MOST_VISITED` values isn't looked at.

    Args:
        strict: false for a query, where numbers are written as text.
        answer: the type of what is answered: a member that it alone has can be read and not set.
    """
    found: list[Fault] = []
    shown = None if answer is None else inspect.type_info(answer)
    with suppress(_Spent):
        for fault in islice(_Walk(strict=strict).faults(value, inspect.type_info(struct), "", shown), MOST):
            found.append(fault)  # noqa: PERF402 - what was found before the walk ends early counts
    return tuple(found) or (Fault("", Malformed("object")),)


class _Spent(Exception):
    """The walk has visited as many values as it may."""


class _Walk:
    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._visited = 0

    def faults(
        self, value: object, kind: inspect.Type, path: str, shown: inspect.Type | None = None
    ) -> Iterator[Fault]:
        self._visited += 1
        if self._visited > MOST_VISITED:
            raise _Spent
        match kind:
            case inspect.Metadata(type=described):
                yield from self.faults(value, described, path, shown)
            case inspect.UnionType(types):
                yield from self._alternatives(value, types, path, shown)
            case inspect.StructType(array_like=True):
                yield from self._array(value, kind, path)
            case inspect.StructType():
                yield from self._object(value, kind, path, shown)
            case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
                if isinstance(value, list):
                    for place, each in enumerate(cast("Sequence[object]", value)):
                        yield from self.faults(each, item, below(path, str(place)), shown)
                else:
                    yield Fault(path, Malformed("list"))
            case inspect.DictType(key_type=key_kind, value_type=value_kind):
                if isinstance(value, dict):
                    for key, each in cast("Mapping[str, object]", value).items():
                        wrong = tuple(self.faults(key, key_kind, path))
                        yield from wrong
                        yield from self.faults(each, value_kind, path if wrong else below(path, key))
                else:
                    yield Fault(path, Malformed("object"))
            case _:
                problem = self._leaf(value, kind)
                if problem is not None:
                    yield Fault(path, problem)

    def _alternatives(
        self, value: object, types: Sequence[inspect.Type], path: str, shown: inspect.Type | None
    ) -> Iterator[Fault]:
        if value is None and any(isinstance(each, inspect.NoneType) for each in types):
            return
        tagged = {each.tag: each for each in types if isinstance(each, inspect.StructType) and each.tag is not None}
        if not tagged:
            # Beside null there is one alternative, or words and a list.
            others = [each for each in types if not isinstance(each, inspect.NoneType)]
            lists = [each for each in others if isinstance(each, inspect.VarTupleType)]
            yield from self.faults(value, next(iter(lists if isinstance(value, list) else ()), others[0]), path, shown)
            return
        field = next(iter(tagged.values())).tag_field or ""
        if not isinstance(value, dict):
            yield Fault(path, Malformed("object"))
        elif field not in value:
            yield Fault(below(path, field), Required())
        elif isinstance(tag := cast("Mapping[str, object]", value)[field], str) and tag in tagged:
            yield from self._object(cast("object", value), tagged[tag], path, None)
        else:
            yield Fault(below(path, field), NotOneOf(tuple(str(each) for each in tagged)))

    def _object(
        self, value: object, kind: inspect.StructType, path: str, shown: inspect.Type | None
    ) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path, Malformed("object"))
            return
        given = cast("Mapping[str, object]", value)
        known = {each.encode_name: each for each in kind.fields}
        fits = True
        for fault in chain(self._given(given, known, kind, path, _members(shown)), _missing(given, known, path)):
            fits = False
            yield fault
        if fits:
            yield from self._refused_by_its_type(given, kind, path)

    def _given(
        self,
        given: Mapping[str, object],
        known: Mapping[str, inspect.Field],
        kind: inspect.StructType,
        path: str,
        shown: Mapping[str, inspect.Type],
    ) -> Iterator[Fault]:
        for name, value in given.items():
            if name in known:
                yield from self.faults(value, known[name].type, below(path, name), shown.get(name))
            elif kind.forbid_unknown_fields and name != kind.tag_field:
                yield Fault(below(path, name), ReadOnly() if name in shown else NotKnown())

    def _array(self, value: object, kind: inspect.StructType, path: str) -> Iterator[Fault]:
        items = cast("Sequence[object]", value) if isinstance(value, list) else ()
        if len(items) != len(kind.fields):
            yield Fault(path, Malformed("hours"))
            return
        fits = True
        for place, (each, field) in enumerate(zip(items, kind.fields, strict=True)):
            for fault in self.faults(each, field.type, below(path, str(place))):
                fits = False
                yield fault
        if fits:
            yield from self._refused_by_its_type(items, kind, path)

    def _refused_by_its_type(self, value: object, kind: inspect.StructType, path: str) -> Iterator[Fault]:
        """What members that are fine one by one are not together."""
        try:
            msgspec.convert(value, kind.cls, strict=self._strict)
        except msgspec.ValidationError as error:
            cause = error.__cause__
            if isinstance(cause, InvalidValue):
                yield Fault(below(path, cause.member) if cause.member else path, cause.problem)
            else:
                yield Fault(path, Malformed("object"))

    def _leaf(self, value: object, kind: inspect.Type) -> FaultKind | None:
        if isinstance(kind, inspect.LiteralType):
            return None if value in kind.values else NotOneOf(tuple(str(each) for each in kind.values))
        _leaf, made, expected = next(each for each in _LEAVES if isinstance(kind, each[0]))
        try:
            converted = msgspec.convert(value, cast("Any", made), strict=self._strict)
        except msgspec.ValidationError:
            return Malformed(expected)
        match kind:
            case inspect.DateTimeType(tz=True) if converted.tzinfo is None:
                return Malformed("instant")
            case inspect.IntType(ge=int(least), le=int(most)) if not least <= converted <= most:
                return OutOfRange(least, most)
            case inspect.StrType(max_length=int(limit)) if len(converted) > limit:
                return TooLong(limit, len(converted))
            case inspect.StrType(pattern=str(pattern)) if not re.search(pattern, converted):
                # The one pattern that input is held to is that of a time of day.
                return Malformed("time-of-day")
            case _:
                return None


def _members(kind: inspect.Type | None) -> Mapping[str, inspect.Type]:
    """The members of an object, or of those in a list; none where it may be one of several."""
    match kind:
        case inspect.Metadata(type=described):
            return _members(described)
        case inspect.UnionType(types):
            several = [each for each in types if not isinstance(each, inspect.NoneType)]
            return _members(several[0]) if len(several) == 1 else {}
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return _members(item)
        case inspect.StructType(fields=fields):
            return {each.encode_name: each.type for each in fields}
        case _:
            return {}


def _missing(given: Mapping[str, object], known: Mapping[str, inspect.Field], path: str) -> Iterator[Fault]:
    for name, field in known.items():
        if field.required and name not in given:
            yield Fault(below(path, name), Required())


def below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
