"""The operating system account that the server runs as, and what it can reach.

PostgreSQL refuses to run as root, so root lends it another account.
"""

import os
import pwd
from collections.abc import Collection
from pathlib import Path
from typing import TypedDict

from msgspec import Struct

from adapters.postgres.embedded.errors import EmbeddedPostgresError

_READ = 0o4
_ENTER = 0o1


class RunAs(TypedDict, total=False):
    """The arguments that make `subprocess` change the account."""

    user: int
    group: int
    extra_groups: list[int]


class SystemAccount(Struct, frozen=True):
    """An account that the server runs as, since we are root."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether `folder`, and every folder above it, lets this account through."""
        real = folder.resolve()
        return all(self._may(_ENTER, step) for step in (real, *real.parents))

    def can_use(self, files: Collection[Path]) -> bool:
        """Whether this account may read all these files, and run the programs among them."""
        folders = {folder for file in files for folder in file.resolve().parents}
        return all(self._may(_ENTER, folder) for folder in folders) and all(
            self._may(_READ | _ENTER if is_program(file) else _READ, file) for file in files
        )

    def _may(self, wanted: int, path: Path) -> bool:
        entry = path.stat()
        shift = 6 if entry.st_uid == self.uid else 3 if entry.st_gid == self.gid else 0
        return entry.st_mode >> shift & wanted == wanted


def account_for(data: Path) -> SystemAccount | None:
    """The account for the server on `data`: its owner, or `nobody` where there is none yet; None unless we are root."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (entry := data.stat()).st_uid != 0:
        return SystemAccount(uid=entry.st_uid, gid=entry.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedPostgresError(
            "PostgreSQL refuses to run as root, and this machine has no account 'nobody' to run it as instead."
        ) from None
    return SystemAccount(uid=nobody.pw_uid, gid=nobody.pw_gid)


def run_as(account: SystemAccount | None) -> RunAs:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def is_program(file: Path) -> bool:
    return bool(file.stat().st_mode & 0o100)
