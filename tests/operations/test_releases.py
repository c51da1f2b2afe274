"""Where the drill of an upgrade begins."""

import subprocess
from pathlib import Path

import pytest

from tests.operations.releases import earlier_commit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """With a commit of the first migration, and one more."""
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "0001_initial.sql", "the first schema")
    commit(tmp_path, "../pool.py", "some code")
    return tmp_path


def test_before_the_first_release_it_begins_at_the_parent(repository: Path) -> None:
    assert git(repository, "rev-parse", "HEAD~1") == earlier_commit(repository)


def test_before_the_first_release_a_commit_with_another_schema_follows_itself(repository: Path) -> None:
    commit(repository, "0001_initial.sql", "the first schema, rewritten")

    assert "HEAD" == earlier_commit(repository)


def test_it_begins_at_the_newest_release_and_not_at_one_that_is_just_being_made(repository: Path) -> None:
    for version in ("v0.2.0", "v0.3.0", "v0.4.0"):
        git(repository, "tag", version)
        commit(repository, "../pool.py", version)
    git(repository, "tag", "v0.5.0")

    assert "v0.4.0" == earlier_commit(repository)


def test_a_schema_that_has_grown_since_the_release_is_no_way_around_it(repository: Path) -> None:
    git(repository, "tag", "v0.2.0")
    commit(repository, "0002_more.sql", "more")

    assert "v0.2.0" == earlier_commit(repository)


def test_a_released_migration_that_was_rewritten_is_refused(repository: Path) -> None:
    git(repository, "tag", "v0.2.0")
    commit(repository, "0001_initial.sql", "the first schema, rewritten")

    with pytest.raises(AssertionError, match=r"0001_initial\.sql isn't as in v0\.2\.0"):
        earlier_commit(repository)


def test_a_clone_from_which_releases_may_be_missing_is_refused(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", str(clone))

    with pytest.raises(AssertionError, match="git fetch --unshallow --tags"):
        earlier_commit(clone)


def commit(repository: Path, migration: str, text: str) -> None:
    file = repository / "adapters" / "postgres" / "migrations" / migration
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", text)


def git(repository: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@hosts.example", "-c", "commit.gpgsign=false")
    command = ("git", *who, *arguments)
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout.strip()
