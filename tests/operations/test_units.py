"""The units in `deploy/systemd`, as systemd reads them, and the command that runs with their settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.timetuna import settings_in
from tests.support.machine import systemd_analyze
from tests.support.processes import ROOT

pytestmark = pytest.mark.systemd

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
INSTALLED = "/opt/timetuna/current/bin"
ENVIRONMENT_GENERATOR = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"

OF_PROC = {"ProcSubset=pid": "subset=pid", "ProtectProc=invisible": "hidepid=invisible"}
"""How systemd mounts /proc for a unit with such a line."""

MOST_EXPOSED = 2.0
"""Of 10, as `systemd-analyze security` counts; a web server without any of this has 9.6."""

WRITTEN = r"""
# A comment, and another one.
; TIMETUNA_SMTP_URL=no
TIMETUNA_SMTP_URL="smtp://user:pa$word`id`@mail.example.com:587?tls=starttls"
TIMETUNA_DATABASE_URL='postgresql://timetuna:"\$HOME`id`@127.0.0.1/timetuna'
TIMETUNA_MAIL_FROM=invites@example.com
 TIMETUNA_PUBLIC_URL = https://meet.example.com#$x
TIMETUNA_METRICS_TOKEN="a \"quoted\" \\ \`token\`, and \d"
"""

READ = {
    "TIMETUNA_SMTP_URL": "smtp://user:pa$word`id`@mail.example.com:587?tls=starttls",
    "TIMETUNA_DATABASE_URL": 'postgresql://timetuna:"\\$HOME`id`@127.0.0.1/timetuna',
    "TIMETUNA_MAIL_FROM": "invites@example.com",
    "TIMETUNA_PUBLIC_URL": "https://meet.example.com#$x",
    "TIMETUNA_METRICS_TOKEN": 'a "quoted" \\ `token`, and \\d',
}


def test_there_is_a_unit_for_each_process() -> None:
    assert ["timetuna-migrate.service", "timetuna-web@.service", "timetuna-worker@.service"] == [
        each.name for each in UNITS
    ]


def test_systemd_has_nothing_to_say_about_them(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        assert INSTALLED in text
        (tmp_path / unit.name).write_text(text.replace(INSTALLED, str(Path(sys.executable).parent)))

    verified = analyze("verify", "--man=no", *(str(tmp_path / each.name) for each in UNITS))

    assert (0, "") == (verified.returncode, verified.stderr)


def test_users_without_root_have_them_in_their_homes(tmp_path: Path) -> None:
    script = ROOT / "deploy" / "systemd-user.sed"
    for unit in UNITS:
        made = subprocess.run(["sed", f"--file={script}", unit], capture_output=True, text=True, check=True).stdout
        assert "%h/timetuna/current/bin" in made
        assert "%h/timetuna/timetuna.env" in made
        (tmp_path / unit.name).write_text(made.replace("%h/timetuna/current/bin", str(Path(sys.executable).parent)))

    units = (str(tmp_path / each.name) for each in UNITS)
    verified = analyze("verify", "--user", "--man=no", *units, XDG_RUNTIME_DIR=str(tmp_path))

    assert (0, "") == (verified.returncode, verified.stderr)


@pytest.mark.parametrize("unit", [each for each in UNITS if "@" in each.name], ids=lambda unit: unit.name)
def test_a_process_comes_back_however_often_it_has_ended(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()

    assert {"Restart=always", "StartLimitIntervalSec=0"} <= set(lines)


def test_a_migration_is_given_the_time_that_it_takes() -> None:
    [unit] = [each for each in UNITS if "migrate" in each.name]

    assert "TimeoutStartSec=infinity" in unit.read_text(encoding="utf-8").splitlines()


@pytest.mark.namespaces
def test_a_web_process_sees_its_own_memory_cpu_and_open_files() -> None:
    [unit] = [each for each in UNITS if "web" in each.name]
    lines = unit.read_text(encoding="utf-8").splitlines()
    options = ",".join(option for line, option in OF_PROC.items() if line in lines)
    program = "import prometheus_client; print(prometheus_client.generate_latest().decode())"
    inside = f'mount -t proc -o "{options}" proc /proc && exec "$0" -c "{program}"'
    shown = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "sh", "-c", inside, sys.executable],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"} <= set(shown.split())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_process_that_was_taken_over_reaches_little(unit: Path) -> None:
    rated = analyze("security", "--no-pager", "--offline=true", f"--threshold={10 * MOST_EXPOSED:.0f}", str(unit))

    assert rated.returncode == 0, rated.stdout


def test_the_command_reads_the_settings_as_systemd_does(tmp_path: Path) -> None:
    folder = tmp_path / "environment.d"
    folder.mkdir()
    # There systemd expands variables, unlike in an EnvironmentFile; a doubled sign is one of no variable.
    (folder / "timetuna.conf").write_text(WRITTEN.replace("$", "$$"))
    said = subprocess.run(
        ENVIRONMENT_GENERATOR, env={"XDG_CONFIG_HOME": str(tmp_path)}, capture_output=True, text=True, check=True
    ).stdout
    by_systemd = {
        name: re.sub(r"\\(.)", r"\1", value.removeprefix('"').removesuffix('"'))
        for name, _, value in (line.partition("=") for line in said.splitlines())
    }

    assert READ == {name: by_systemd[name] for name in READ}
    assert READ == settings_in(WRITTEN)


def test_it_reads_the_example() -> None:
    settings = settings_in((ROOT / "deploy" / "timetuna.env.example").read_text(encoding="utf-8"))

    assert "smtp://user:password@mail.example.com:587?tls=starttls" == settings["TIMETUNA_SMTP_URL"]
    assert "" == settings["TIMETUNA_SECRET_KEYS"]


@pytest.mark.parametrize("line", ['A="more\nlines"', "A=one\\\nmore", 'A="one" more', "export A=b", "A"])
def test_it_refuses_what_it_would_read_differently(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 isn't NAME=value"):
        settings_in(f"# A comment\n{line}\n")


def analyze(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = (systemd_analyze() or "", *arguments)
    return subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False)
