"""Which release an upgrade begins at, what the next one adds to the schema, and how the processes of both are run."""

import io
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.processes import ROOT, Running, start

_CODE = ("domain", "application", "adapters", "entrypoints")
_MIGRATIONS = "adapters/postgres/migrations"
_EXPANSION = Path(__file__).parent / "expansion"


def earlier_commit(repository: Path = ROOT) -> str:
    """The newest release before this commit; before there is any, the parent commit, if it has the same schema.

    A release is a tag such as v0.2.0. From the first one on, migrations only grow, and a drill that can't begin at the
    newest release fails. Until then nothing is released, and the one migration is edited in place, so that two commits
    with different ones can't share a database: this commit is followed by itself then.
    """
    shallow = _git(repository, "rev-parse", "--is-shallow-repository") == "true"
    assert not shallow, "Releases may be missing from this clone: git fetch --unshallow --tags"
    released = _git(repository, "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD~1", missing="")
    if released:
        rewritten = _git(repository, "diff", "--name-only", "--diff-filter=a", released, "--", _MIGRATIONS)
        assert not rewritten, f"{rewritten} isn't as in {released}: what is released stays, add a migration"
        return released
    parent = _git(repository, "rev-parse", "--verify", "HEAD~1", missing="HEAD")
    same_schema = not _git(repository, "diff", "--name-only", parent, "--", _MIGRATIONS)
    return parent if same_schema else "HEAD"


class Release:
    """Starts the commands of the files in a folder, with this commit's libraries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def start(self, output: Path, *arguments: str, environ: Mapping[str, str]) -> Running:
        # What is beside the working folder comes before what is installed.
        command = (sys.executable, "-m", "entrypoints.cli", *arguments)
        return await start(output, *command, environ=environ, folder=self.folder)


def unpacked(commit: str, folder: Path) -> Release:
    """Put a commit's files into a folder, ready to be run."""
    archive = subprocess.run(("git", "archive", commit), cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    # Here nobody waits for it; the first process to start would compile for as long as all others take to start.
    subprocess.run((sys.executable, "-m", "compileall", "-q", *_CODE), cwd=folder, check=True)
    return Release(folder)


def expanding(folder: Path) -> Release:
    """Put these files into a folder, with migrations as the next release may have them beside the ones there are."""
    for name in _CODE:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(_EXPANSION, folder / _MIGRATIONS, dirs_exist_ok=True)
    return Release(folder)


def _git(repository: Path, *arguments: str, missing: str | None = None) -> str:
    answer = subprocess.run(("git", *arguments), cwd=repository, capture_output=True, text=True, check=False)
    if answer.returncode != 0 and missing is not None:
        return missing
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()
