"""Tables as maps between their columns and the fields of a struct."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import msgspec

Thing = TypeVar("Thing")

Convert = Callable[[Any], Any]


class Values(Protocol):
    """A row, or what stands for one."""

    def __getitem__(self, column: str, /) -> Any: ...


class Column(msgspec.Struct, frozen=True):
    """A column and the field that it holds.

    Attributes:
        name: the column's.
        field: a dotted path into the struct; by default the column's name.
        encode: makes a parameter of a field that isn't None.
        decode: makes a field of a value that isn't null.
        generated: the database fills the column; it is only read.
    """

    name: str
    field: str = ""
    encode: Convert | None = None
    decode: Convert | None = None
    generated: bool = False

    @property
    def path(self) -> list[str]:
        return (self.field or self.name).split(".")


def json_column(name: str, type: Any, field: str = "", *, shared: bool = False) -> Column:
    """A jsonb column.

    Args:
        type: of the field.
        shared: many rows hold the same text, so what it was decoded to is kept for the next one.
    """
    decode: Convert = msgspec.json.Decoder(type).decode
    return Column(name, field, to_json, lru_cache(maxsize=4096)(decode) if shared else decode)


def to_json(value: object) -> str:
    """What asyncpg takes for a jsonb parameter."""
    return msgspec.json.encode(value).decode()


class Table(Generic[Thing]):
    """What statements need of a table, and how its rows become structs and structs parameters.

    Attributes:
        columns: `id, name, …`: those that are written, in the order of `args`.
        select: `a.id as a_id, a.name as a_name, …`: all of them, named so that tables can be joined.
        arrays: the same for an aggregate over many rows.
        after: the number of the first parameter behind those of `placeholders()`.
    """

    def __init__(
        self,
        alias: str,
        make: Callable[..., Thing],
        *columns: Column,
        parts: Mapping[str, Callable[..., object]] = MappingProxyType({}),
    ) -> None:
        """Declare a table.

        Args:
            alias: what statements call it: `from bookings as b`.
            make: builds the struct from its fields.
            parts: builds a field that several columns lead into.
        """
        written = [column for column in columns if not column.generated]
        self.columns = ", ".join(column.name for column in written)
        self.select = ", ".join(f"{alias}.{column.name} as {alias}_{column.name}" for column in columns)
        self.arrays = ", ".join(f"array_agg({alias}.{column.name}) as {alias}_{column.name}" for column in columns)
        self.after = len(written) + 1
        self._make = make
        self._parts = parts
        self._written = [(column.path, column.encode) for column in written]
        self._read = [(f"{alias}_{column.name}", column.path, column.decode) for column in columns]

    def placeholders(self, first: int = 1) -> str:
        """`$1, $2, …`, one for each of `columns`."""
        return ", ".join(f"${number}" for number in range(first, first + len(self._written)))

    def args(self, thing: Thing) -> list[object]:
        return [_encoded(_at(path, thing), encode) for path, encode in self._written]

    def read(self, row: Values) -> Thing:
        """Build a struct from the columns `select`."""
        fields: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {name: {} for name in self._parts}
        for key, path, decode in self._read:
            value = row[key]
            if decode is not None and value is not None:
                value = decode(value)
            if len(path) == 1:
                fields[path[0]] = value
            else:
                parts[path[0]][path[1]] = value
        for name, make in self._parts.items():
            fields[name] = make(**parts[name])
        return self._make(**fields)

    def read_arrays(self, row: Values) -> tuple[Thing, ...]:
        """Build structs from the columns `arrays`."""
        keys = [key for key, _, _ in self._read]
        # An aggregate over no rows is null.
        arrays: Sequence[Sequence[Any]] = [row[key] or () for key in keys]
        return tuple(self.read(dict(zip(keys, values, strict=True))) for values in zip(*arrays, strict=True))


def _at(path: Sequence[str], thing: object) -> object:
    for name in path:
        if thing is None:
            return None
        thing = getattr(thing, name)
    return thing


def _encoded(value: object, encode: Convert | None) -> object:
    return value if value is None or encode is None else encode(value)
