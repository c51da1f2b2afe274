#!/usr/bin/python3 -I
"""Runs a command of TimeTuna as the services run it, with their settings and as their user: /usr/local/sbin/timetuna.

Whoever isn't root runs what is installed in their home. TIMETUNA_VERSION=0.3.0 runs that version instead of the current
one, such as its `migrate` before an upgrade.
"""

import os
import re
import sys
from pathlib import Path

_SETTING = re.compile(
    r"""[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^"'\\]*?))\s*""", re.ASCII
)
_ESCAPED = re.compile(r'\\(["\\`$])')


def settings_in(text: str) -> dict[str, str]:
    """Read an EnvironmentFile as systemd does, hence not by a shell, which would expand `$` and run backquotes.

    Raises:
        ValueError: a line has a form that isn't read here, such as a value of several lines.
    """
    settings: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        setting = _SETTING.fullmatch(line)
        if setting is None:
            raise ValueError(f"line {number} isn't NAME=value, NAME=\"value\" or NAME='value'")
        name, double, single, bare = setting.groups()
        settings[name] = _ESCAPED.sub(r"\1", double) if double is not None else single if single is not None else bare
    return settings


def main(*words: str) -> None:
    account: tuple[str, ...] = ()
    installed = Path.home() / "timetuna"
    file = installed / "timetuna.env"
    if os.geteuid() == 0:
        account = ("runuser", "--user", "timetuna", "--")
        installed, file = Path("/opt/timetuna"), Path("/etc/timetuna/timetuna.env")
        # The service user may not enter every folder that root may be in.
        os.chdir("/")
    try:
        settings = settings_in(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"timetuna: can't read the settings in {file}: {error}")
    version = os.environ.get("TIMETUNA_VERSION", "current")
    command = (*account, str(installed / version / "bin" / "timetuna"), *words)
    os.execvpe(command[0], command, os.environ | settings)


if __name__ == "__main__":
    main(*sys.argv[1:])
