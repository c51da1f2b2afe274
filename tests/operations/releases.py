"""Which release an upgrade begins at, and how its processes are run."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.processes import ROOT, Running, start

_MIGRATIONS = "adapters/postgres/migrations"


def earlier_commit() -> str:
    """The newest release before this commit; before there is any, the parent commit, if it has the same schema.

    Until the first release a migration may be rewritten, so that two commits with different ones can't share a
    database: this commit is followed by itself then. From the first release on, migrations only grow.
    """
    released = _git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD~1", missing="")
    if released:
        return released
    parent = _git("rev-parse", "--verify", "HEAD~1", missing="HEAD")
    same_schema = not _git("diff", "--name-only", parent, "--", _MIGRATIONS)
    return parent if same_schema else "HEAD"


def unpack(commit: str, folder: Path) -> None:
    """Put a commit's files into a folder, ready to be run."""
    archive = subprocess.run(("git", "archive", commit), cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    # Here nobody waits for it; the first process to start would compile for as long as all others take to start.
    code = ("domain", "application", "adapters", "entrypoints")
    subprocess.run((sys.executable, "-m", "compileall", "-q", *code), cwd=folder, check=True)


class Release:
    """Starts the commands of the files in a folder, with this commit's libraries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def start(self, output: Path, *arguments: str, environ: Mapping[str, str]) -> Running:
        # What is beside the working folder comes before what is installed.
        command = (sys.executable, "-m", "entrypoints.cli", *arguments)
        return await start(output, *command, environ=environ, folder=self.folder)


def _git(*arguments: str, missing: str | None = None) -> str:
    answer = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode != 0 and missing is not None:
        return missing
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()
