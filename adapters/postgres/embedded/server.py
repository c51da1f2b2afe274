"""Starts and stops a supervised PostgreSQL server for the demo and for tests."""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.postgres.embedded import watchdog
from adapters.postgres.embedded.account import SystemAccount, account_for
from adapters.postgres.embedded.binaries import Binaries, find_binaries
from adapters.postgres.embedded.cluster import create_cluster, environment
from adapters.postgres.embedded.errors import (
    EmbeddedPostgresError,
    FolderInUseError,
    OtherVersionError,
    StartFailedError,
)
from adapters.postgres.embedded.lock import locked, wait_until_free
from adapters.postgres.embedded.postmaster import forget, is_ready, running_server
from adapters.postgres.embedded.reachable_folders import home_for

_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_START_SECONDS = 60
_PAUSE_SECONDS = 0.01
_PORTS_TO_TRY = 5
_LOG_PREFIX = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")


class EmbeddedPostgres:
    """A PostgreSQL server in `folder`, for as long as this process lives; one that dies is started again.

    It listens on 127.0.0.1 only, on a free port that changes with every start. Its role `timetuna` owns the
    database `timetuna` and may create others; nobody can log in as superuser. Blocking: not for an event loop.

    Args:
        folder: made if missing; holds `data` (or a link to it), `password`, `postgres.log` and the log before it.
        durable: False is for tests: faster, and a crash of the machine may lose everything.
        settings: PostgreSQL's own, by their names.
    """

    def __init__(self, folder: Path, *, durable: bool = True, settings: Mapping[str, str] = {}) -> None:
        self._folder = folder.absolute()
        self._durable = durable
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._url: str | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the running server is, password included: not for logs."""
        if self._url is None:
            raise EmbeddedPostgresError(f"The database in {self._folder} isn't running.")
        return self._url

    def start(self) -> None:
        """Return once the server answers; the first start also creates the database.

        Raises:
            EmbeddedPostgresError: one of the errors in `errors`, by what is wrong.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder) as lock:
                self._start(lock)
        except OSError as error:
            raise StartFailedError(f"The database in {self._folder} can't be started: {error}") from error

    def stop(self) -> None:
        """Shut down fast (running transactions roll back) and return once nothing of the server is left."""
        process, self._process, self._url = self._process, None, None
        if process is not None:
            _end(process)
            wait_until_free(self._folder)

    def _start(self, lock: int) -> None:
        account = account_for(self._folder / "data")
        binaries = find_binaries(account)
        home = home_for(self._folder, account, durable=self._durable)
        data = home / "data"
        password = _password(self._folder, is_new=not data.exists())
        if not data.exists():
            create_cluster(home, binaries, account, password=password, durable=self._durable, lock=lock)
        _check_version(data, binaries)
        if (other := running_server(data)) is not None:
            raise FolderInUseError(f"The database in {self._folder} is already in use by process {other}.")
        forget(data)
        self._process, port = self._launch(data, binaries, account, lock)
        self._url = f"postgresql://timetuna:{password}@127.0.0.1:{port}/timetuna"

    def _launch(
        self, data: Path, binaries: Binaries, account: SystemAccount | None, lock: int
    ) -> tuple[subprocess.Popen[bytes], int]:
        log = self._folder / "postgres.log"
        if log.exists():
            log.replace(log.with_name("postgres.log.1"))
        for _ in range(_PORTS_TO_TRY):
            port = _free_port()
            with ExitStack() as undo:
                command = [binaries.postgres, "-D", data, *self._options(port)]
                process = _spawn(command, account=account, lock=lock, log=log)
                undo.callback(_end, process)
                if _answers(process, data):
                    _keep(process)
                    undo.pop_all()
                    return process, port
            if "could not create any TCP/IP sockets" not in log.read_text(encoding="utf-8", errors="replace"):
                break
        raise StartFailedError(f"PostgreSQL didn't start: {_reason(log)} (more in {log})")

    def _options(self, port: int) -> list[str]:
        settings = {
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            # A failing row's values are guests' names and addresses.
            "log_error_verbosity": "terse",
            **({} if self._durable else _NOT_DURABLE),
            **self._settings,
            "log_destination": "stderr",
            "logging_collector": "off",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(port),
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _password(folder: Path, *, is_new: bool) -> str:
    path = folder / "password"
    if path.exists():
        return path.read_text(encoding="ascii")
    if not is_new:
        raise EmbeddedPostgresError(f"{path} is missing, and nothing else opens the database in {folder}.")
    password = secrets.token_hex(24)
    unfinished = path.with_name("password.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(password, encoding="ascii")
    unfinished.rename(path)
    return password


def _check_version(data: Path, binaries: Binaries) -> None:
    version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != str(binaries.major):
        raise OtherVersionError(
            f"The database in {data} was made by PostgreSQL {version}, and here is PostgreSQL {binaries.major}:"
            f" run it with version {version}, or move it away to start with an empty one."
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _spawn(
    command: list[str | Path], *, account: SystemAccount | None, lock: int, log: Path
) -> subprocess.Popen[bytes]:
    uid, gid = (os.getuid(), os.getgid()) if account is None else (account.uid, account.gid)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 - programs of our own finding
            [
                *(sys.executable, "-I", "-S", watchdog.__file__),
                *(str(os.getpid()), str(uid), str(gid), str(lock)),
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment(),
            # A Ctrl-C goes to the whole terminal, and the server has to outlast what still uses it.
            start_new_session=True,
            pass_fds=(lock,),
        )
    finally:
        os.close(output)


def _answers(process: subprocess.Popen[bytes], data: Path) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if is_ready(data):
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _keep(process: subprocess.Popen[bytes]) -> None:
    """Have its watchdog start it again whenever it ends by itself."""
    assert process.stdin is not None
    process.stdin.write(watchdog.KEEP)
    process.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.wait()


def _reason(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return _LOG_PREFIX.sub("", (fatal or lines or ["it said nothing"])[-1])
