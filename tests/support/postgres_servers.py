"""PostgreSQL servers of a drill's own, of any version on this machine, which can die and be followed by a standby."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from adapters.postgres.embedded.account import SystemAccount, account_for, run_as
from adapters.postgres.embedded.binaries import Binaries, find_binaries
from adapters.postgres.embedded.cluster import environment
from adapters.postgres.embedded.postmaster import forget, is_ready
from tests.support.machine import debian_postgres
from tests.support.processes import PATIENCE, free_port

_SETTINGS = {
    # What a drill loses with the machine is no loss.
    "fsync": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
}


class Server:
    """One server; `timetuna` is its superuser, and everybody on this machine gets in."""

    def __init__(self, data: Path, binaries: Binaries, account: SystemAccount | None) -> None:
        self.data = data
        self.port = free_port()
        self._binaries = binaries
        self._account = account
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://timetuna@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self._run(self._binaries.initdb, "-D", self.data, "-U", "timetuna", "-A", "trust", "-E", "UTF8", "-N")

    def follow(self, primary: "Server", name: str) -> None:
        """Become a standby of a server that is stopped now."""
        # By the account itself, so that all of it is its own.
        self._run("cp", "-R", primary.data, self.data)
        (self.data / "standby.signal").touch()
        with (self.data / "postgresql.auto.conf").open("a") as written:
            followed = f"host=127.0.0.1 port={primary.port} user=timetuna application_name={name}"
            written.write(f"primary_conninfo = '{followed}'\n")

    def start(self, **settings: str) -> None:
        forget(self.data)
        chosen = _SETTINGS | settings | {"port": str(self.port)}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries.postgres, "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                start_new_session=True,
                **run_as(self._account),
            )
        deadline = time.monotonic() + PATIENCE
        while not is_ready(self.data):
            assert self._process.poll() is None, "the server has ended"
            assert time.monotonic() < deadline, "the server doesn't answer"
            time.sleep(0.02)

    def promote(self) -> None:
        """Let a standby become a primary."""
        assert self._process is not None
        (self.data / "promote").touch()
        self._process.send_signal(signal.SIGUSR1)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """Kill all its processes, as if its machine had lost power."""
        if self._process is None:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in (self._process.pid, *map(int, children)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait()
        self._process = None

    def _run(self, *command: str | Path) -> None:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=environment(), **run_as(self._account)
        )
        assert answer.returncode == 0, answer.stderr


def programs_of_debian() -> Path:
    found = debian_postgres()
    assert found is not None
    return Path(found).parent


def programs_in(folder: Path) -> Binaries:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return Binaries(folder, int(told.split()[2].split(".")[0]))


@contextmanager
def servers(programs: Path | None = None) -> Generator["Servers"]:
    """Servers of the version that TimeTuna brings, or of the programs in a folder; nothing of them is left."""
    # As root, somewhere that the account of the servers can enter.
    folder = Path(tempfile.mkdtemp(prefix="timetuna-drill-", dir="/var/tmp"))
    account = account_for(folder / "none")
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    made = Servers(folder, programs_in(programs) if programs else find_binaries(account), account)
    try:
        yield made
    finally:
        for each in made.all:
            each.kill()
        shutil.rmtree(folder)


class Servers:
    def __init__(self, folder: Path, binaries: Binaries, account: SystemAccount | None) -> None:
        self.all: list[Server] = []
        self._folder = folder
        self._binaries = binaries
        self._account = account

    def add(self, name: str) -> Server:
        made = Server(self._folder / name, self._binaries, self._account)
        self.all.append(made)
        return made
