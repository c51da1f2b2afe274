"""Stands in for systemctl where no systemd runs: starts what units say, as their user and in their environment."""

import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

SYSTEM = Path("/etc/systemd/system")
OWN = Path.home() / ".config" / "systemd" / "user"
SITE = ("--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile")
PATIENCE = 60


def main(*words: str) -> None:
    match words:
        case ["daemon-reload"]:
            pass
        case ["restart", "caddy.service"]:
            subprocess.run(("caddy", "start", *SITE), check=True)
        case ["reload", "caddy.service"]:
            # It doesn't run any more: nginx has taken its place.
            subprocess.run(("caddy", "validate", *SITE), check=True)
        case ["stop", "caddy.service"]:
            subprocess.run(("caddy", "stop"), check=True)
        case ["reload", "nginx.service"]:
            subprocess.run(("nginx", "-s", "reload"), check=True)
        case ["--user", "enable", "--now", *units]:
            for unit in units:
                start(OWN, unit)
        case ["enable", "--now", *units] | ["start", *units]:
            for unit in units:
                start(SYSTEM, unit)
        case ["restart", unit]:
            stop(unit)
            start(SYSTEM, unit)
        case ["stop", *patterns]:
            for pattern in patterns:
                stop(pattern)
        case _:
            raise SystemExit(f"{words} isn't known here")


def start(folder: Path, unit: str) -> None:
    name, is_template, instance = unit.removesuffix(".service").partition("@")
    file = folder / f"{name}{is_template}.service"
    service = dict(
        line.replace("%i", instance).replace("%h", str(Path.home())).split("=", 1)
        for line in file.read_text(encoding="utf-8").partition("[Service]")[2].partition("[Install]")[0].splitlines()
        if "=" in line and not line.startswith("#")
    )
    settings = Path(service["EnvironmentFile"]).read_text(encoding="utf-8")
    environ = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"}
    environ |= dict(word.split("=", 1) for word in shlex.split(settings, comments=True))
    account: dict[str, Any] = {}
    if "User" in service:
        account = {"user": service["User"], "group": service["Group"], "extra_groups": []}
    command = shlex.split(service["ExecStart"])
    run = Path(tempfile.mkdtemp(prefix=f"{unit}-", dir=_run()))
    with (run / "log").open("wb") as output:
        if service["Type"] == "oneshot":
            subprocess.run(command, env=environ, cwd="/", **account, stdout=output, stderr=output, check=True)
            return
        # Every process of the service may speak there.
        run.chmod(0o755)
        path = run / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(path))
            path.chmod(0o777)
            told.settimeout(PATIENCE)
            environ |= {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": f"{service['WatchdogSec']}000000"}
            process = subprocess.Popen(command, env=environ, cwd="/", **account, stdout=output, stderr=output)
            (run / "pid").write_text(str(process.pid))
            while told.recv(1000) != b"READY=1":
                pass


def stop(pattern: str) -> None:
    """End the services that are called like that, and wait until they have."""
    for run in list(_running(pattern.removesuffix(".service"))):
        file = run / "pid"
        ended = os.pidfd_open(int(file.read_text()))
        signal.pidfd_send_signal(ended, signal.SIGTERM)
        if not select.select([ended], [], [], PATIENCE)[0]:
            raise SystemExit(f"{run.name} doesn't end")
        file.unlink()


def _running(pattern: str) -> Iterator[Path]:
    for file in _run().glob("*/pid"):
        unit = file.parent.name.rpartition("-")[0].removesuffix(".service")
        if fnmatch(unit, pattern):
            yield file.parent


def _run() -> Path:
    return Path("/run") if os.geteuid() == 0 else Path.home()


if __name__ == "__main__":
    main(*sys.argv[1:])
