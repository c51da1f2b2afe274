"""Real CalDAV servers, each in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.processes import PATIENCE, free_port

USER, PASSWORD = "anna@mail.example", "app-pass word:ü"

_RADICALE = """
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = warning
"""


@contextmanager
def radicale(folder: Path) -> Generator[str]:
    """Wants USER and PASSWORD; yields its address."""
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    (folder / "config").write_text(_RADICALE.format(folder=folder), encoding="utf-8")
    port = free_port()
    with _running(port, folder, "radicale", "--config", str(folder / "config"), "--hosts", f"127.0.0.1:{port}") as url:
        yield url


@contextmanager
def xandikos(folder: Path) -> Generator[str]:
    """Asks nobody for a password, and takes everybody for its one user; yields its address."""
    port = free_port()
    command = ("serve", "-d", str(folder), "-l", "127.0.0.1", "-p", str(port), "--defaults", "--no-detect-systemd")
    with _running(port, folder, "xandikos", *command) as url:
        yield url


@contextmanager
def _running(port: int, folder: Path, module: str, *arguments: str) -> Generator[str]:
    url, log = f"http://127.0.0.1:{port}/", folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
        )
    try:
        _wait(url, process, log)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(log.read_text())
