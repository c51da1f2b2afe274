"""Tables as maps between their columns and the fields of a struct."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

StructT = TypeVar("StructT", bound=msgspec.Struct)

Convert = Callable[[Any], Any]

LONGEST_KEPT: Final = 2_000
_MOST_KEPT: Final = 2_048
"""For each column some 20 MB at the worst."""


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
        generated: it is only read; the database fills it, or a statement of its own.
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
    return Column(name, field, to_json, _keeping(decode) if shared else decode)


def _keeping(decode: Convert) -> Convert:
    kept = lru_cache(maxsize=_MOST_KEPT)(decode)

    # Hosts write these texts: what many rows share is short, and what is long is one host's own.
    def decoded(text: Any) -> Any:
        return kept(text) if len(text) <= LONGEST_KEPT else decode(text)

    return decoded


def to_json(value: object) -> str:
    """What asyncpg takes for a jsonb parameter."""
    return msgspec.json.encode(value).decode()


class Table(Generic[StructT]):
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
        struct: type[StructT],
        *columns: Column,
        parts: Mapping[str, type[msgspec.Struct]] = MappingProxyType({}),
        derived: Mapping[str, Callable[[Values], object]] = MappingProxyType({}),
    ) -> None:
        """Declare a table.

        Args:
            alias: what statements call it: `from bookings as b`.
            struct: what a row becomes.
            parts: the structs in it whose fields have columns of their own, every one of them.
            derived: makes fields without a column of their own from the row. Columns of what isn't a field of the
                struct, such as a property, are there for these.
        """
        written = [column for column in columns if not column.generated]
        self.columns = ", ".join(column.name for column in written)
        self.select = ", ".join(f"{alias}.{column.name} as {alias}_{column.name}" for column in columns)
        self.arrays = ", ".join(f"array_agg({alias}.{column.name}) as {alias}_{column.name}" for column in columns)
        self.after = len(written) + 1
        self._fields_of = attrgetter(*(column.path for column in written))
        self._encoders = [(place, column.encode) for place, column in enumerate(written) if column.encode]
        self._keys = [f"{alias}_{column.name}" for column in columns]
        self._values_of = itemgetter(*self._keys)
        self.read: Callable[[Values], StructT] = _reader(alias, struct, columns, parts, derived)
        """Build a struct from the columns `select`."""

    def placeholders(self, first: int = 1, *, beside: int = 0) -> str:
        """`$1, $2, …`, one for each of `columns`, and for so many columns beside them."""
        return ", ".join(f"${number}" for number in range(first, first + self.after - 1 + beside))

    def args(self, thing: StructT) -> list[object]:
        args: list[object] = list(self._fields_of(thing))
        for place, encode in self._encoders:
            if args[place] is not None:
                args[place] = encode(args[place])
        return args

    def read_arrays(self, row: Values) -> tuple[StructT, ...]:
        """Build structs from the columns `arrays`."""
        # An aggregate over no rows is null.
        arrays: Sequence[Sequence[Any]] = [array or () for array in self._values_of(row)]
        return tuple(self.read(dict(zip(self._keys, values, strict=True))) for values in zip(*arrays, strict=True))


def _reader(
    alias: str,
    struct: type[StructT],
    columns: Sequence[Column],
    parts: Mapping[str, type[msgspec.Struct]],
    derived: Mapping[str, Callable[[Values], object]],
    within: str = "",
) -> Callable[[Values], StructT]:
    """Look up once what each field is made of; a field that nothing is said of is left to its default.

    What is said is kept in lists, because a list of bookings is some hundred rows of thirty columns: 22 µs for each.
    """
    by_path = {column.path: column for column in columns}
    stored: list[tuple[str, Column]] = []
    made: list[tuple[str, Callable[[Values], object]]] = []
    for field in struct.__struct_fields__:
        path = f"{within}{field}"
        if path in derived:
            made.append((field, derived[path]))
        elif path in parts:
            made.append((field, _reader(alias, parts[path], columns, parts, derived, f"{path}.")))
        elif path in by_path:
            stored.append((field, by_path[path]))
    fields = [field for field, _ in stored]
    # Of two or more, for of one alone it is no tuple.
    values_of = itemgetter(*(f"{alias}_{column.name}" for _, column in stored))
    decoders = [(field, column.decode) for field, column in stored if column.decode]

    def read(row: Values) -> StructT:
        values: dict[str, Any] = dict(zip(fields, values_of(row), strict=True))
        for field, decode in decoders:
            if values[field] is not None:
                values[field] = decode(values[field])
        for field, make in made:
            values[field] = make(row)
        return struct(**values)

    return read
