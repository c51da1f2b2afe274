"""Stands in for systemctl where no systemd runs: starts what units say, as their user and in their environment."""

import shlex
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

SYSTEM = Path("/etc/systemd/system")
OWN = Path.home() / ".config" / "systemd" / "user"
PATIENCE = 60


def main(*words: str) -> None:
    match words:
        case ["daemon-reload"]:
            pass
        case ["restart", "caddy.service"]:
            subprocess.run(("caddy", "start", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"), check=True)
        case ["enable", "--now", *units]:
            for unit in units:
                start(SYSTEM, unit)
        case ["--user", "enable", "--now", *units]:
            for unit in units:
                start(OWN, unit)
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
    account = ("/usr/sbin/runuser", "--user", service["User"], "--") if folder == SYSTEM else ()
    command = (*account, *shlex.split(service["ExecStart"]))
    run = Path(tempfile.mkdtemp(dir="/run" if folder == SYSTEM else Path.home()))
    with (run / "log").open("wb") as output:
        if service["Type"] == "oneshot":
            subprocess.run(command, env=environ, cwd="/", stdout=output, stderr=output, check=True)
            return
        # Every process of the service may speak there.
        run.chmod(0o755)
        path = run / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(path))
            path.chmod(0o777)
            told.settimeout(PATIENCE)
            environ |= {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": f"{service['WatchdogSec']}000000"}
            subprocess.Popen(command, env=environ, cwd="/", stdout=output, stderr=output)
            while told.recv(1000) != b"READY=1":
                pass


if __name__ == "__main__":
    main(*sys.argv[1:])
