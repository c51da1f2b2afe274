"""Values of a type that between them have every member of its unions and every literal in them.

A new member of a union is met by every test that asks for all of them.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from math import prod
from typing import Any

import msgspec
from msgspec import inspect

from domain.slot import Slot
from tests.support.builders import NOW

_COMBINED = 64
"""Where a struct has no more combinations than this, all of them are made."""

# Greek: a reader in Greek finds no Latin letter that wasn't written by us.
_TEXT, _NUMBER = "Ω", 2
_NO_TEXT = {"url": "https://meet.example/1", "timezone": "Europe/Athens"}
_LENGTHS = tuple(timedelta(**each) for each in ({"seconds": 2}, {"minutes": 5}, {"hours": 5}, {"days": 3}))


def every(of: Any, /) -> list[Any]:
    """Build the values; texts are Greek, URLs and instants always the same."""
    return list(_of(inspect.type_info(of)))


def _of(kind: inspect.Type, field: str = "") -> Iterator[Any]:
    match kind:
        case inspect.UnionType(types=types):
            for each in types:
                yield from _of(each, field)
        case inspect.StructType(cls=cls) if cls is Slot:
            yield Slot.lasting(timedelta(minutes=5), NOW)
        case inspect.StructType(cls=cls, fields=fields):
            yield from _structs(cls, {each.name: list(_of(each.type, each.name)) for each in fields})
        case inspect.LiteralType(values=values):
            yield from values
        case inspect.VarTupleType(item_type=item):
            yield tuple(_of(item, field))
        case inspect.DictType(key_type=key, value_type=value):
            values = list(_of(value, field))
            yield {each: values[place % len(values)] for place, each in enumerate(_of(key))}
        case inspect.NoneType():
            yield None
        case inspect.BoolType():
            yield from (False, True)
        case inspect.IntType():
            yield _NUMBER
        case inspect.StrType():
            yield _NO_TEXT.get(field.rpartition("_")[2], _TEXT)
        case inspect.DateTimeType():
            yield NOW
        case inspect.DateType():
            yield NOW.date()
        case inspect.TimeDeltaType():
            yield from _LENGTHS
        case _:
            raise TypeError(kind)


def _structs(cls: type[msgspec.Struct], values: dict[str, list[Any]]) -> Iterator[msgspec.Struct]:
    """Every combination where there are few, else every value of each field in turn."""
    if prod(map(len, values.values())) <= _COMBINED:
        rows: Iterator[tuple[Any, ...]] = product(*values.values())
    else:
        most = max(map(len, values.values()))
        rows = (tuple(each[row % len(each)] for each in values.values()) for row in range(most))
    for row in rows:
        try:
            yield cls(**dict(zip(values, row, strict=True)))
        except ValueError:
            # A combination that the type itself refuses, such as a guest who calls no number.
            continue
