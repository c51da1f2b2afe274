"""Keeps all that the database holds in one file, and fills an empty database from it."""

import gzip
import os
import stat
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import IO, Literal, cast

from adapters.postgres.backup import SERVER_SETTINGS, BackupError, Manifest, Restoring, restoring, write_backup
from adapters.postgres.migrate import MigrationError
from adapters.postgres.pool import AWAY
from adapters.vault.tokens import TokenVault
from application.jobs import MAIL_JOBS, tag_of
from entrypoints.database import connected, in_words
from entrypoints.errors import CommandError

HERE = "-"
"""For a file: standard output, or standard input."""

OLD_MAIL = timedelta(hours=1)
"""Mails that have been owed for longer may have been sent since the backup was made."""

_COMPRESSION = 6
"""Higher levels take several times as long for a few percent."""

OldMails = Literal["ask", "send", "drop"]


async def back_up(database_url: str, keys: Sequence[bytes], file: str, *, overwrite: bool = False) -> str:
    """Write a backup as of now, and return what is to be said of it.

    Raises:
        CommandError: the file exists already or can't be written, or there is nothing to back up.
        UnreachableError: the database can't be reached.
    """
    vault = TokenVault(keys)
    with _in_words(), _target(file, overwrite=overwrite) as target, _compressed(target) as stream:
        async with connected(database_url, server_settings=SERVER_SETTINGS) as connection:
            manifest = await write_backup(connection, stream.write, version=version("timetuna"), key=vault.key_id)
    message = f"Backed up {_counted(manifest)}, as of {manifest.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC."
    if missing := set(manifest.keys) - set(vault.key_ids):
        return f"{message} Something in it is sealed with keys that TIMETUNA_SECRET_KEYS lacks: {_listed(missing)}."
    return message


async def restore(database_url: str, keys: Sequence[bytes], file: str, old_mails: OldMails = "ask") -> str:
    """Fill an empty database, and return what is to be said of it.

    Args:
        database_url: of the database.
        keys: have to have those that the backup's secrets are sealed with.
        file: the backup's.
        old_mails: what becomes of mails that have been owed for longer than `OLD_MAIL`; "ask" asks on the terminal.

    Raises:
        CommandError: it can't be restored here; the database stays empty.
        UnreachableError: the database can't be reached.
    """
    vault = TokenVault(keys)

    def check(manifest: Manifest) -> None:
        if missing := set(manifest.keys) - set(vault.key_ids):
            raise CommandError(
                f"TIMETUNA_SECRET_KEYS doesn’t fit this backup: it lacks {_listed(missing)}. Without these keys nobody "
                "could read the stored tokens and links. Set the keys of the server that was backed up."
            )

    with _in_words(), _source(file) as source:
        async with (
            connected(database_url, server_settings=SERVER_SETTINGS) as connection,
            restoring(connection, _lines(source), check) as restored,
        ):
            mails = await _old_mails(restored, old_mails, may_ask=file != HERE)
    made_at = restored.manifest.made_at.astimezone(UTC)
    return f"Restored {_counted(restored.manifest)}, as of {made_at:%Y-%m-%d %H:%M:%S} UTC.{mails}"


async def _old_mails(restored: Restoring, what: OldMails, *, may_ask: bool) -> str:
    """Decide about mails that the backed-up server has most likely sent since."""
    old = await restored.owed_for(map(tag_of, MAIL_JOBS), OLD_MAIL)
    if not old:
        return ""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(job for job, _ in old).items()))
    owed = f"{len(old)} email(s) have been owed for more than an hour ({kinds})"
    if what == "ask":
        what = _asked(owed) if may_ask and sys.stdin.isatty() else "ask"
    if what == "ask":
        raise CommandError(
            f"{owed}. The server that was backed up may have sent them since. Nothing was restored. Say what becomes "
            "of them: --mails send, or --mails drop."
        )
    if what == "drop":
        await restored.drop(old)
        return f" {owed}, and were dropped."
    return f" {owed}, and leave once a worker runs."


def _asked(owed: str) -> OldMails:
    print(f"{owed}. The server that was backed up may have sent them since.", file=sys.stderr)
    print("Type “send” to send them, or “drop”; anything else leaves the database empty: ", end="", file=sys.stderr)
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    return cast("OldMails", answer) if answer in {"send", "drop"} else "ask"


@contextmanager
def _in_words() -> Generator[None]:
    try:
        yield
    except (BackupError, MigrationError) as error:
        raise CommandError(str(error)) from None
    except AWAY as error:
        raise CommandError(f"The database can’t be read or written any more: {in_words(error)}") from None


@contextmanager
def _writing(name: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{name} can’t be written: {error.strerror}.") from None


class _Target:
    """Tells what a file fails of at once: whoever writes to it has a database open, which may fail as well."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name

    def write(self, data: bytes) -> int:
        with _writing(self._name):
            return self._file.write(data)

    def flush(self) -> None:
        with _writing(self._name):
            self._file.flush()

    def sync(self) -> None:
        with _writing(self._name):
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        with _writing(self._name):
            self._file.close()


@contextmanager
def _target(file: str, *, overwrite: bool) -> Generator[_Target]:
    """Where a backup is written to: a file that nobody else can read, and that is there as a whole or not at all."""
    if file == HERE:
        if sys.stdout.isatty():
            raise CommandError("A backup isn’t for a terminal. Name a file, or pass it on: timetuna backup - | …")
        # A buffer of its own: what nobody has taken isn't tried again when the process ends.
        own = os.fdopen(sys.stdout.fileno(), "wb", closefd=False)
        with closing(_Target(own, "Standard output")) as target:
            yield target
        return
    path = Path(file)
    _check_replaceable(path, overwrite=overwrite)
    with _writing(f"{path}"):
        descriptor, unfinished = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".unfinished", dir=path.parent)
    try:
        with closing(_Target(os.fdopen(descriptor, "wb"), f"{path}")) as target:
            yield target
            target.sync()
        with _writing(f"{path}"):
            if overwrite:
                Path(unfinished).replace(path)
            else:
                _give_name(Path(unfinished), path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _give_name(unfinished: Path, path: Path) -> None:
    """Unlike a renaming, this replaces nothing that has come meanwhile."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise
    except OSError:
        # Network shares and USB sticks may know no links.
        path.touch(exist_ok=False)
        unfinished.replace(path)


def _check_replaceable(path: Path, *, overwrite: bool) -> None:
    """Raises CommandError: something is there that the backup mustn't take the place of."""
    try:
        there = path.lstat()
    except OSError:
        return
    # Root could put a file into the place of a device, and nobody would find what a link has led to.
    if not stat.S_ISREG(there.st_mode):
        raise CommandError(
            f"{path} is no regular file, and isn’t replaced. Name a file, or pass the backup on: timetuna backup - | …"
        )
    if not overwrite:
        raise CommandError(f"{path} exists already. Name another file, or add --overwrite.")


@contextmanager
def _compressed(target: _Target) -> Generator[gzip.GzipFile]:
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=_COMPRESSION) as stream:
        yield stream


@contextmanager
def _source(file: str) -> Generator[IO[bytes]]:
    if file == HERE:
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CommandError(f"{file} can’t be read: {error.strerror}.") from None
    with opened:
        yield opened


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=source, mode="rb") as stream:
        try:
            yield from stream
        except gzip.BadGzipFile:
            raise CommandError("This is no backup of TimeTuna, or a damaged one: it can’t be unpacked.") from None
        except (EOFError, zlib.error):
            raise CommandError("The backup is damaged: it can’t be unpacked to its end.") from None
        except OSError as error:
            raise CommandError(f"The backup can’t be read: {error.strerror}.") from None


def _counted(manifest: Manifest) -> str:
    hosts, bookings = manifest.rows.get("hosts", 0), manifest.rows.get("bookings", 0)
    return f"{hosts} account(s) and {bookings} booking(s), {sum(manifest.rows.values())} rows in all"


def _listed(keys: set[str]) -> str:
    return ", ".join(sorted(keys))
