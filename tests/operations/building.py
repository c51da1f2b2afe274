"""What is built of this checkout."""

import os
import subprocess
import tomllib

from tests.support.processes import ROOT

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def uv(*arguments: str, **environ: str) -> str:
    command = ("sh", ".ci/uv", *arguments)
    ended = subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
