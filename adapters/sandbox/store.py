"""Storage of a sandbox that survives restarts and kill -9."""

import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)


class Store:
    """Tables of structs, kept in memory and written through to one SQLite file where there is one."""

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # One event loop uses it, but a fixture may open it from another thread.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Write-ahead logging: a process killed at any instant loses nothing that was committed.
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute(
            "create table if not exists record (kind text, key text, body blob not null, primary key (kind, key))"
        )

    def table(self, kind: str, type_: type[R]) -> "StoredTable[R]":
        rows: dict[str, R] = {}
        if self._db is not None:
            found = self._db.execute("select key, body from record where kind = ? order by rowid", (kind,))
            rows = {key: msgspec.json.decode(body, type=type_) for key, body in found}
        return StoredTable(self._db, kind, rows)

    @contextmanager
    def together(self) -> Generator[None]:
        """Write everything in the block at once; a refusal inside the block is an outcome too, and is kept."""
        if self._db is None or self._db.in_transaction:
            yield
            return
        self._db.execute("begin immediate")
        try:
            yield
        finally:
            self._db.execute("commit")

    def close(self) -> None:
        if self._db is not None:
            self._db.close()


class StoredTable(Mapping[str, R], Generic[R]):
    def __init__(self, db: sqlite3.Connection | None, kind: str, rows: dict[str, R]) -> None:
        self._db = db
        self._kind = kind
        self._rows = rows

    def __getitem__(self, key: str) -> R:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: str, row: R) -> None:
        self._rows[key] = row
        if self._db is not None:
            self._db.execute(
                "insert into record (kind, key, body) values (?, ?, ?)"
                " on conflict (kind, key) do update set body = excluded.body",
                (self._kind, key, msgspec.json.encode(row)),
            )

    def remove(self, key: str) -> None:
        self._rows.pop(key, None)
        if self._db is not None:
            self._db.execute("delete from record where kind = ? and key = ?", (self._kind, key))
