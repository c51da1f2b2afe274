"""What TimeTuna stores and asks for under every version of PostgreSQL that it may meet.

All other tests run under the version that it brings.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.operations import npm
from tests.support.postgres import ANOTHER_SERVER
from tests.support.postgres_servers import programs_in, programs_of_debian, servers
from tests.support.processes import ROOT

pytestmark = pytest.mark.debian_postgres

Programs = Callable[[int], Path]


@pytest.fixture(scope="module")
def programs() -> Generator[Programs]:
    """Where the programs of a version are."""
    # As root, somewhere that the account of the servers can enter.
    with tempfile.TemporaryDirectory(prefix="timetuna-postgres-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        npm.install(Path(__file__).parent / "postgres_versions", folder)

        def of(major: int) -> Path:
            if not (installed := [*folder.glob(f"node_modules/{major}-*")]):
                return programs_of_debian()
            [package] = installed
            npm.node(package, "scripts/hydrate-symlinks.js")
            return package / "native" / "bin"

        yield of


@pytest.mark.parametrize("major", [15, 16, 17])
def test_every_statement_does_what_it_does_under_the_newest(programs: Programs, major: int) -> None:
    folder = programs(major)
    with servers(folder) as made:
        server = made.add("other")
        server.create()
        server.start()
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract", "-k", "postgres"],
            cwd=ROOT,
            env=os.environ | {ANOTHER_SERVER: server.url},
            capture_output=True,
            text=True,
            check=False,
        )

    assert major <= programs_in(folder).major
    assert 0 == ended.returncode, ended.stdout
