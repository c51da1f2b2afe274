"""Stands in for systemctl where no systemd runs: starts what units say, as their user and in their environment."""

import shlex
import socket
import subprocess
import sys
from pathlib import Path

UNITS = Path("/etc/systemd/system")
PATIENCE = 60


def main(verb: str, *words: str) -> None:
    match verb:
        case "daemon-reload":
            pass
        case "restart" if words == ("caddy.service",):
            subprocess.run(("caddy", "start", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"), check=True)
        case "enable":
            for unit in words[1:]:
                start(unit)
        case _:
            raise SystemExit(f"{verb} isn't known here")


def start(unit: str) -> None:
    name, is_template, instance = unit.removesuffix(".service").partition("@")
    file = UNITS / f"{name}{is_template}.service"
    service = dict(
        line.replace("%i", instance).split("=", 1)
        for line in file.read_text(encoding="utf-8").partition("[Service]")[2].partition("[Install]")[0].splitlines()
        if "=" in line and not line.startswith("#")
    )
    settings = Path(service["EnvironmentFile"]).read_text(encoding="utf-8")
    environ = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"}
    environ |= dict(word.split("=", 1) for word in shlex.split(settings, comments=True))
    command = ("/usr/sbin/runuser", "--user", service["User"], "--", *shlex.split(service["ExecStart"]))
    with Path(f"/var/log/{unit}.log").open("wb") as output:
        if service["Type"] == "oneshot":
            subprocess.run(command, env=environ, cwd="/", stdout=output, stderr=output, check=True)
            return
        # Every process of the service may speak there.
        path = Path(f"/run/{unit}.notify")
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
