"""Folders of root's own for what the server's account has to reach and can't in the folder given.

No mode of any existing folder is changed: what must be reachable goes to a place of root's own instead.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

from adapters.postgres.embedded.account import SystemAccount, is_program
from adapters.postgres.embedded.errors import EmbeddedPostgresError
from adapters.postgres.embedded.postmaster import running_server

# The second is for machines whose first is read-only or absent.
PLACES = (Path("/var/lib/timetuna"), Path("/var/tmp/timetuna"))  # noqa: S108 - used only if root owns it
OF = "of"
_THROWAWAY_OF = "throwaway-of"


def home_for(folder: Path, account: SystemAccount | None, *, durable: bool) -> Path:
    """The folder that holds `data`: `folder` itself, or a reachable one that the link `folder/data` leads into."""
    data = folder / "data"
    if data.is_symlink():
        return _linked_home(data, durable=durable)
    if account is None or account.can_enter(folder):
        return folder
    if data.exists():
        raise EmbeddedPostgresError(
            f"The database in {folder} belongs to account {account.uid}, which can't enter that folder any more."
        )
    place = _place(account)
    with _alone_in(place):
        _sweep(place)
        key = hashlib.sha256(bytes(folder.resolve())).hexdigest()[:12]
        home = Path(tempfile.mkdtemp(prefix=f"data-{key}-", dir=place))
        home.chmod(0o755)
        (home / (OF if durable else _THROWAWAY_OF)).write_text(str(folder.resolve()), encoding="utf-8")
        data.symlink_to(home / "data")
    return home


def reachable_copy(root: Path, files: Sequence[Path], account: SystemAccount) -> Path:
    """A copy of `files`, which are below `root`, that `account` can use; made once, checked every time."""
    place = _place(account)
    content = _fingerprint(root, files)
    copy = place / f"postgres-{content}"
    with _alone_in(place):
        if copy.is_dir():
            if _fingerprint(copy, (path for path in copy.rglob("*") if path.is_file())) == content:
                return copy
            shutil.rmtree(copy)
        unfinished = place / f"unfinished-{content}"
        shutil.rmtree(unfinished, ignore_errors=True)
        for file in files:
            _copy_for_all(file, unfinished / file.relative_to(root), below=place)
        unfinished.rename(copy)
    return copy


def _linked_home(data: Path, *, durable: bool) -> Path:
    home = data.readlink().parent
    if not home.is_dir():
        raise EmbeddedPostgresError(
            f"The database of {data.parent} is gone: it was in {home}. Remove {data} to start with an empty one."
        )
    if durable:
        (home / _THROWAWAY_OF).unlink(missing_ok=True)
    return home


def _place(account: SystemAccount) -> Path:
    for place in PLACES:
        try:
            place.mkdir()
            place.chmod(0o755)
        except FileExistsError:
            pass
        except OSError:
            continue
        if _is_only_ours(place) and account.can_enter(place):
            return place
    raise EmbeddedPostgresError(
        f"PostgreSQL runs as account {account.uid} here, which needs a folder that root owns and others can enter:"
        f" neither {PLACES[0]} nor {PLACES[1]} is one."
    )


def _is_only_ours(place: Path) -> bool:
    entry = place.lstat()
    return stat.S_ISDIR(entry.st_mode) and entry.st_uid == os.geteuid() and not entry.st_mode & 0o022


@contextmanager
def _alone_in(place: Path) -> Generator[None]:
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(place: Path) -> None:
    # Only a throwaway's data is ever removed: a folder that is gone may also have been moved, link and all.
    for marker in place.glob(f"data-*/{_THROWAWAY_OF}"):
        link = Path(marker.read_text(encoding="utf-8")) / "data"
        data = marker.with_name("data")
        if not (link.is_symlink() and link.readlink() == data) and running_server(data) is None:
            shutil.rmtree(marker.parent, ignore_errors=True)


def _fingerprint(root: Path, files: Iterable[Path]) -> str:
    listed = sorted((str(file.relative_to(root)), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files)
    return hashlib.sha256(repr(listed).encode()).hexdigest()[:16]


def _copy_for_all(source: Path, target: Path, *, below: Path) -> None:
    # Not by mkdir's own mode, which our umask would narrow.
    for folder in reversed(target.relative_to(below).parents[:-1]):
        if not (below / folder).exists():
            (below / folder).mkdir()
            (below / folder).chmod(0o755)
    shutil.copyfile(source, target)
    target.chmod(0o755 if is_program(source) else 0o644)
