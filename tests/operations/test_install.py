"""The guide's steps from an empty Debian to a running service, typed as they stand there.

They run in namespaces of their own, over the machine's folders, so that nothing of them stays: without a network, hence
with packages that were fetched before, and without systemd, for which `systemctl.py` stands in.
"""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.operations.test_wheel import VERSION, uv
from tests.support.processes import ROOT

pytestmark = [pytest.mark.namespaces, pytest.mark.debian_postgres, pytest.mark.redis, pytest.mark.caddy]

HOST = "timetuna.localhost"
DEBIANS_PYTHON = "/usr/bin/python3"
PASSWORD = "correct horse battery staple"

AN_EMPTY_MACHINE = """
set -eu
ip link set lo up
mount -t tmpfs tmpfs "$OVER"
for folder in etc opt root run usr/local var; do
    mkdir -p "$OVER/$folder/upper" "$OVER/$folder/work"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$OVER/$folder/upper,workdir=$OVER/$folder/work" "/$folder"
done
rm -rf /etc/timetuna /opt/timetuna /usr/local/src/timetuna

apt-get() { for each in git openssl psql redis-server caddy; do command -v "$each" > /dev/null; done; }
systemctl() { "$PYTHON" "$CHECKOUT/tests/operations/systemctl.py" "$@"; }
git() { [ "$1" != clone ] || { command git clone --quiet "$CHECKOUT" "$3"; }; }
"""

# Debian starts these as they are installed; the mail server is the operator's own.
WHAT_RUNS_THERE = """
pg_lsclusters --no-header | head -n 1 | while read -r version cluster rest; do
    pg_ctlcluster "$version" "$cluster" start
done
redis-server --daemonize yes --dir /run > /dev/null
"$PYTHON" -m aiosmtpd --nosetuid --class aiosmtpd.handlers.Sink --listen 127.0.0.1:2525 &
"""

EDITED = """
sed --in-place 's|^TIMETUNA_SMTP_URL=.*|TIMETUNA_SMTP_URL="smtp://127.0.0.1:2525?tls=none"|' /etc/timetuna/timetuna.env
"""

WHAT_CAME_OF_IT = """
echo "version $(timetuna --version)"
echo "hosts $(timetuna list-hosts | tail -n 1)"
for file in /var/lib/caddy/.local /root/.local "$HOME/.local" "${XDG_DATA_HOME:-/nowhere}"; do
    [ ! -e "$file/share/caddy/pki/authorities/local/root.crt" ] || root=$file/share/caddy/pki/authorities/local/root.crt
done
echo "ready $(curl --silent --show-error --cacert "$root" --retry 20 --retry-all-errors --retry-delay 1 "https://$HOST/readyz")"
echo "users $(ps -C timetuna -o user= | sort -u | tr '\\n' ' ')"
stat --format 'settings %a %U' /etc/timetuna/timetuna.env
"""


def blocks() -> list[str]:
    """The commands of each step."""
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    section = guide.split("\n## Install it\n")[1].split("\n**As a user without root**")[0]
    found = re.findall(r"(?:^ {7}\S.*\n)+", section, re.MULTILINE)
    return [textwrap.dedent(each) for each in found]


def test_the_steps_of_the_guide_lead_to_a_running_service(tmp_path: Path) -> None:
    fetched = {"UV_PYTHON": DEBIANS_PYTHON, "UV_PROJECT_ENVIRONMENT": str(tmp_path / "fetched")}
    uv("sync", "--quiet", "--frozen", "--no-dev", "--no-editable", **fetched)
    steps = [each.replace("HOST=meet.example.com", f"HOST={HOST}") for each in blocks()]
    [settings] = [number for number, step in enumerate(steps) if "timetuna.env.example" in step]
    script = tmp_path / "typed.sh"
    script.write_text(
        "\n".join(
            (AN_EMPTY_MACHINE, WHAT_RUNS_THERE, *steps[: settings + 1], EDITED, *steps[settings + 1 :], WHAT_CAME_OF_IT)
        )
    )
    over = tmp_path / "over"
    over.mkdir()
    environ = {
        "PATH": f"{_folder_of_uv()}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": os.environ["HOME"],
        "OVER": str(over),
        "PYTHON": sys.executable,
        "CHECKOUT": str(ROOT),
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": uv("cache", "dir").strip(),
        "UV_LINK_MODE": "copy",
        "UV_PYTHON": DEBIANS_PYTHON,
    }
    inside = ("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", "bash", str(script))

    typed = subprocess.run(
        inside, env=environ, input=f"{PASSWORD}\n", capture_output=True, text=True, check=False, timeout=240
    )

    assert typed.returncode == 0, typed.stdout + typed.stderr
    told = dict(line.split(" ", 1) for line in typed.stdout.splitlines() if " " in line)
    assert f"timetuna {VERSION}" == told["version"]
    assert "✗" not in typed.stdout
    assert told["hosts"].startswith("you ")
    assert '"database":"ok"' in told["ready"]
    assert '"worker":"ok"' in told["ready"]
    assert "timetuna" == told["users"].strip()
    assert "600 root" == told["settings"]


def _folder_of_uv() -> str:
    own = ROOT / ".tools" / "uv"
    return str((own if own.exists() else Path(shutil.which("uv") or "")).parent)
