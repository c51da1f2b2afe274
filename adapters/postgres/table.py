"""Tables as maps between their columns and the fields of a struct."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import msgspec

Thing = TypeVar("Thing", bound=msgspec.Struct)

Convert = Callable[[Any], Any]


class Values(Protocol):
    """A row, or what stands for one."""

    def __getitem__(self, column: str, /) -> Any: ...


class Column(msgspec.Struct, frozen=True):
    """A column and the field that it holds.

    Attributes:
        name: the column's.
        field: a path into the struct, with a dot for a field of one of its parts; by default the column's name.
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
    def path(self) -> str:
        return self.field or self.name


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
        struct: type[Thing],
        *columns: Column,
        parts: Mapping[str, type[msgspec.Struct]] = MappingProxyType({}),
        derive: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Declare a table.

        Args:
            alias: what statements call it: `from bookings as b`.
            struct: what a row becomes.
            parts: the structs in it whose fields have columns of their own, every one of them, and more than one.
            derive: replaces what was read by the struct's own fields, where these have no columns.
        """
        written = [column for column in columns if not column.generated]
        paths = [column.path for column in columns]
        self.columns = ", ".join(column.name for column in written)
        self.select = ", ".join(f"{alias}.{column.name} as {alias}_{column.name}" for column in columns)
        self.arrays = ", ".join(f"array_agg({alias}.{column.name}) as {alias}_{column.name}" for column in columns)
        self.after = len(written) + 1
        self._fields_of = attrgetter(*(column.path for column in written))
        self._encoders = [(place, column.encode) for place, column in enumerate(written) if column.encode]
        self._keys = [f"{alias}_{column.name}" for column in columns]
        self._values_of = itemgetter(*self._keys)
        self._decoders = [(place, column.decode) for place, column in enumerate(columns) if column.decode]
        self._own = [path for path in paths if "." not in path]
        self._own_of = itemgetter(*(paths.index(path) for path in self._own))
        self._parts = [
            (name, part, itemgetter(*(paths.index(f"{name}.{field}") for field in part.__struct_fields__)))
            for name, part in parts.items()
        ]
        self._struct = struct
        self._derive = derive

    def placeholders(self, first: int = 1) -> str:
        """`$1, $2, …`, one for each of `columns`."""
        return ", ".join(f"${number}" for number in range(first, first + self.after - 1))

    def args(self, thing: Thing) -> list[object]:
        args: list[object] = list(self._fields_of(thing))
        for place, encode in self._encoders:
            if args[place] is not None:
                args[place] = encode(args[place])
        return args

    def read(self, row: Values) -> Thing:
        """Build a struct from the columns `select`."""
        # Calls into C as far as possible: a list of bookings is some hundred rows of forty columns.
        values: list[Any] = list(self._values_of(row))
        for place, decode in self._decoders:
            if values[place] is not None:
                values[place] = decode(values[place])
        fields: dict[str, Any] = dict(zip(self._own, self._own_of(values), strict=True))
        for name, part, fields_of in self._parts:
            fields[name] = part(*fields_of(values))
        if self._derive is not None:
            self._derive(fields)
        return self._struct(**fields)

    def read_arrays(self, row: Values) -> tuple[Thing, ...]:
        """Build structs from the columns `arrays`."""
        # An aggregate over no rows is null.
        arrays: Sequence[Sequence[Any]] = [array or () for array in self._values_of(row)]
        return tuple(self.read(dict(zip(self._keys, values, strict=True))) for values in zip(*arrays, strict=True))
