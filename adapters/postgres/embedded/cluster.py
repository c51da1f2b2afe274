"""Initialises a data folder with password authentication."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from adapters.postgres.embedded.account import SystemAccount, run_as
from adapters.postgres.embedded.binaries import Binaries
from adapters.postgres.embedded.errors import StartFailedError

# The only way in; PostgreSQL's superuser has no password and so can't take it.
_WAYS_IN = "host all all 127.0.0.1/32 scram-sha-256\n"
_FIRST_WITH_ITS_OWN_LOCALE = 17


def create_cluster(
    home: Path, binaries: Binaries, account: SystemAccount | None, *, password: str, durable: bool, lock: int
) -> None:
    """Fill `home/data`: UTF-8, plain locale, role and database `timetuna`. All of it or, if we are killed, nothing."""
    data = home / "data.unfinished"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    if account is not None:
        os.chown(data, account.uid, account.gid)
    _run(
        [binaries.initdb, "--pgdata", data, *_initdb_options(binaries.major), *([] if durable else ["--no-sync"])],
        account=account,
        lock=lock,
    )
    (data / "pg_hba.conf").write_text(_WAYS_IN, encoding="utf-8")
    # Single-user mode, because a new cluster lets nobody in.
    _run(
        [
            *(binaries.postgres, "--single", "-D", data, "-c", "exit_on_error=on"),
            *([] if durable else ["-c", "fsync=off"]),
            "postgres",
        ],
        account=account,
        lock=lock,
        text=(
            # A role that reads all settings knows in which folder the data is.
            f"create role timetuna login createdb password '{password}' in role pg_read_all_settings\n"
            "create database timetuna owner timetuna\n"
        ),
    )
    data.rename(home / "data")


def environment() -> dict[str, str]:
    """What PostgreSQL needs of ours, and none of our secrets."""
    passed_on = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in passed_on if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}


def _initdb_options(major: int) -> Sequence[str]:
    # The builtin C.UTF-8 knows upper and lower case beyond ASCII and needs nothing from the system.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= _FIRST_WITH_ITS_OWN_LOCALE else []
    return [
        *("--username=postgres", "--auth=reject", "--encoding=UTF8", "--locale=C", "--no-instructions"),
        *locale,
    ]


def _run(command: Sequence[str | Path], *, account: SystemAccount | None, lock: int, text: str = "") -> None:
    answer = subprocess.run(  # noqa: S603 - programs of our own finding
        command,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=environment(),
        # Not Ctrl-C's business: it ends with us, or is thrown away at the next start.
        start_new_session=True,
        pass_fds=(lock,),
        **run_as(account),
    )
    if answer.returncode != 0:
        program = Path(command[0]).name
        raise StartFailedError(f"PostgreSQL's {program} failed: {_last_line(answer.stderr)}")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "FATAL" in line or "rror" in line), lines[-1] if lines else "?")
