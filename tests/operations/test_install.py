"""The guide's steps from an empty Debian to a running service, a new version and a restored backup, typed as they are.

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

from tests.operations.building import VERSION, uv
from tests.operations.composed import SERVICES
from tests.support.processes import ROOT

_NEEDED = ("namespaces", "debian_postgres", "redis", "caddy", "nginx")
pytestmark = [getattr(pytest.mark, each) for each in _NEEDED]


HOST = "timetuna.localhost"
USER = "you"
DEBIANS_PYTHON = "/usr/bin/python3"
PASSWORD = "correct horse battery staple"

AN_EMPTY_MACHINE = """
set -eu
ip link set lo up
mount -t tmpfs tmpfs "$OVER"
for folder in etc home opt root run usr/local var; do
    mkdir -p "$OVER/$folder/upper" "$OVER/$folder/work"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$OVER/$folder/upper,workdir=$OVER/$folder/work" "/$folder"
done
rm -rf /etc/timetuna /opt/timetuna /usr/local/src/timetuna
"""

STANDS_IN = """
systemctl() { /usr/bin/python3 "$SYSTEMCTL" "$@"; }
apt-get() {
    case $* in
        *nginx*) nginx ;;
        *) for each in git openssl psql redis-server caddy; do command -v "$each" > /dev/null; done ;;
    esac
}
git() {
    case $1 in
        clone) command git clone --quiet "$CHECKOUT" "$3" ;;
        fetch) a_version_is_released; command git "$@" ;;
        *) command git "$@" ;;
    esac
}
a_version_is_released() {
    sed --in-place "s|^version = .*|version = \\"$VERSION\\"|" pyproject.toml
    sed --in-place "/^name = \\"timetuna\\"/ { n; s|.*|version = \\"$VERSION\\"| }" uv.lock
    command git config user.name Somebody
    command git config user.email somebody@example.com
    command git commit --quiet --all --message "Release $VERSION"
    command git tag "v$VERSION"
    command git reset --quiet --hard HEAD~1
}
# The authority asks a question by plain http before it signs.
certbot() {
    is_asked
    mkdir --parents "/etc/letsencrypt/live/$HOST"
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj "/CN=$HOST" -addext "subjectAltName=DNS:$HOST" \\
        -keyout "/etc/letsencrypt/live/$HOST/privkey.pem" -out "/etc/letsencrypt/live/$HOST/fullchain.pem" 2> /dev/null
}
is_asked() {
    mkdir --parents /var/www/html/.well-known/acme-challenge
    echo proof > /var/www/html/.well-known/acme-challenge/question
    curl --silent --show-error --fail "http://$HOST/.well-known/acme-challenge/question" > /dev/null
}
"""

# Debian starts these as they are installed; the mail server is the operator's own.
WHAT_RUNS_THERE = """
pg_lsclusters --no-header | head -n 1 | while read -r version cluster rest; do
    pg_ctlcluster "$version" "$cluster" start
done
redis-server --daemonize yes --dir /run > /dev/null
"$PYTHON" -m aiosmtpd --nosetuid --class aiosmtpd.handlers.Sink --listen 127.0.0.1:2525 &
"""

# A shell would take parts of the token for its own.
METRICS_TOKEN = "$word`id`-fLq8Zc2VxT5nR1wKp7JdYb"
EDITED = f"""
sed --in-place 's|^TIMETUNA_SMTP_URL=.*|TIMETUNA_SMTP_URL="smtp://127.0.0.1:2525?tls=none"|' "$SETTINGS"
echo 'TIMETUNA_METRICS_TOKEN="{METRICS_TOKEN}"' >> "$SETTINGS"
"""

EDITED_BY_HAND = """
sed --in-place "s|^TIMETUNA_SECRET_KEYS=.*|TIMETUNA_SECRET_KEYS=$(openssl rand -base64 32)|" "$SETTINGS"
"""

WHAT_CAME_OF_IT = f"""
echo "version $(timetuna --version)"
echo "hosts $(timetuna list-hosts | tail -n 1)"
for file in /var/lib/caddy/.local /root/.local "$HOME/.local" "${{XDG_DATA_HOME:-/nowhere}}"; do
    [ ! -e "$file/share/caddy/pki/authorities/local/root.crt" ] || root=$file/share/caddy/pki/authorities/local/root.crt
done
echo "ready $(curl --silent --show-error --cacert "$root" --retry 20 --retry-all-errors --retry-delay 1 "https://$HOST/readyz")"
echo "users $(ps -C timetuna -o user= | sort -u | tr '\\n' ' ')"
stat --format 'settings %a %U' "$SETTINGS"
curl --silent --fail --cacert "$root" --header 'authorization: Bearer {METRICS_TOKEN}' "https://$HOST/metrics" |
    sed --quiet 's|^process_resident_memory_bytes|memory|p'
"""

# Of what compose.yaml says, that which needs no engine: its database is one with a password, its proxy is Caddy.
_DATABASE = SERVICES["migrate"]["environment"]["TIMETUNA_DATABASE_URL"].replace("@database:", "@127.0.0.1:")
_HEALTH_OF_THE_PROXY = SERVICES["proxy"]["healthcheck"]["test"][1].replace("$$", "$")
WHAT_IS_COMPOSED = f"""
export PGPASSWORD='p@ss/w:r$d%"?#'
runuser --user postgres -- psql --quiet --command="alter role timetuna password '$PGPASSWORD'"
echo "composed $(TIMETUNA_DATABASE_URL={_DATABASE} /opt/timetuna/current/bin/timetuna migrate)"
unset PGPASSWORD
# As its extra_hosts do.
echo "127.0.0.1 $HOST" >> /etc/hosts
is_healthy() {{ TIMETUNA_SITE=$HOST sh -c '{_HEALTH_OF_THE_PROXY}'; }}
is_healthy
systemctl stop caddy.service
if is_healthy; then exit 1; fi
"""

WHAT_CAME_OF_NGINX = """
is_asked
root=/etc/letsencrypt/live/$HOST/fullchain.pem
echo "nginx $(curl --silent --show-error --cacert "$root" --retry 20 --retry-all-errors --retry-delay 1 "https://$HOST/readyz")"
"""

WHAT_RUNS = """
echo "{when} $(ps -C timetuna -o args= | grep --only-matching '^/opt/timetuna/[0-9.]*' | sort -u | tr '\\n' ' ')"
"""

WHAT_CAME_OF_THE_BACKUP = """
stat --format 'folder %a %U' /var/backups/timetuna
stat --format 'backup %a %U' /var/backups/timetuna/*
stat --format 'piped %a %U' ~/timetuna.backup
"""

WHAT_CAME_OF_RESTORING = """
echo "restored $(timetuna list-hosts | tail -n 1)"
echo "again $(curl --silent --show-error --retry 20 --retry-all-errors --retry-delay 1 "http://127.0.0.1:8000/readyz")"
"""

# What the administrator gives a user who isn't root; what was fetched before is in root's folders.
GIVEN_BY_THE_ADMINISTRATOR = f"""
useradd --create-home --shell /bin/bash {USER}
runuser --user postgres -- createuser {USER}
runuser --user postgres -- createdb --owner={USER} timetuna
command git clone --quiet --bare "$CHECKOUT" /opt/timetuna.git
command git config --system --add safe.directory /opt/timetuna.git
cp "$(command -v uv)" /usr/local/bin/uv
cp "$CHECKOUT/tests/operations/systemctl.py" "$AT_HOME" /opt
chmod a+x /root /root/.cache
find "$UV_CACHE_DIR" -type d -exec chmod a+rwx {{}} +
find "$UV_CACHE_DIR" -maxdepth 2 -type f -exec chmod a+rw {{}} +
exec runuser --user {USER} -- env HOME=/home/{USER} CHECKOUT=/opt/timetuna.git PATH=/usr/local/bin:/usr/bin:/bin \\
    bash "/opt/${{AT_HOME##*/}}"
"""

WHAT_CAME_OF_IT_AT_HOME = """
echo "version $(~/timetuna/current/bin/timetuna --version)"
echo "ready $(curl --silent --show-error --retry 20 --retry-all-errors --retry-delay 1 http://127.0.0.1:8000/readyz)"
echo "users $(ps -C timetuna -o user= | sort -u | tr '\\n' ' ')"
stat --format 'settings %a %U' "$SETTINGS"
"""


def test_the_steps_of_the_guide_lead_to_a_running_service_that_is_upgraded_and_restored(tmp_path: Path) -> None:
    """One story, since each installation takes its time."""
    steps = [each.replace("HOST=meet.example.com", f"HOST={HOST}") for each in blocks("## Install it")]
    [settings] = [number for number, step in enumerate(steps) if "timetuna.env.example" in step]
    steps.insert(settings + 1, EDITED)
    [nginx] = [steps.pop(number) for number, step in enumerate(steps) if "certbot" in step]
    doubled, fetched, migrated, *replaced = blocks("## Upgrade")
    backed_up, restored, piped = (each for each in blocks("## Back up and restore") if "age -" not in each)

    told = typed(
        tmp_path,
        [
            *(AN_EMPTY_MACHINE, STANDS_IN, WHAT_RUNS_THERE, *steps, WHAT_CAME_OF_IT),
            *(WHAT_IS_COMPOSED, nginx, WHAT_CAME_OF_NGINX),
            *(doubled, fetched, migrated, WHAT_RUNS.format(when="meanwhile")),
            *(*replaced, WHAT_RUNS.format(when="upgraded")),
            *(backed_up, piped, WHAT_CAME_OF_THE_BACKUP, restored, WHAT_CAME_OF_RESTORING),
        ],
        SETTINGS="/etc/timetuna/timetuna.env",
        SYSTEMCTL=str(ROOT / "tests" / "operations" / "systemctl.py"),
    )

    assert f"timetuna {VERSION}" == told["version"]
    assert told["hosts"].startswith("you ")
    assert '"database":"ok"' in told["ready"]
    assert '"worker":"ok"' in told["ready"]
    assert "timetuna" == told["users"].strip()
    assert "600 root" == told["settings"]
    assert float(told["memory"]) > 0

    assert "composed" in told
    assert '"database":"ok"' in told["nginx"]

    [old] = told["meanwhile"].split()
    [new] = told["upgraded"].split()
    assert f"/opt/timetuna/{VERSION}" == old
    assert new != old

    assert ("700 timetuna", "600 timetuna", "600 root") == (told["folder"], told["backup"], told["piped"])
    assert told["hosts"] == told["restored"]
    assert '"worker":"ok"' in told["again"]


def test_they_do_so_at_home_for_a_user_who_isnt_root(tmp_path: Path) -> None:
    [block] = blocks("**As a user without root**")
    lines = block.splitlines(keepends=True)
    # Where the guide says so.
    lines[-4:-4] = [EDITED, EDITED_BY_HAND]
    at_home = tmp_path / "at_home.sh"
    at_home.write_text("".join(("set -eu\n", STANDS_IN, *lines, WHAT_CAME_OF_IT_AT_HOME)))

    told = typed(
        tmp_path,
        [AN_EMPTY_MACHINE, WHAT_RUNS_THERE, GIVEN_BY_THE_ADMINISTRATOR],
        AT_HOME=str(at_home),
        SETTINGS=f"/home/{USER}/timetuna/timetuna.env",
        SYSTEMCTL="/opt/systemctl.py",
    )

    assert f"timetuna {VERSION}" == told["version"]
    assert '"database":"ok"' in told["ready"]
    assert '"worker":"ok"' in told["ready"]
    assert USER == told["users"].strip()
    assert f"600 {USER}" == told["settings"]


def blocks(heading: str) -> list[str]:
    """The commands below a heading, up to the next one or a bold one, as they belong together."""
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    section = re.split(r"\n(?:## |\*\*)", guide.split(f"\n{heading}")[1])[0]
    found = re.findall(r"(?:^(?: {4}| {7})\S.*\n)+", section, re.MULTILINE)
    return [textwrap.dedent(each) for each in found]


def typed(tmp_path: Path, steps: list[str], **environ: str) -> dict[str, str]:
    """Run it all in namespaces of its own; return the first word of each line that was printed with the others."""
    fetched = {"UV_PYTHON": DEBIANS_PYTHON, "UV_PROJECT_ENVIRONMENT": str(tmp_path / "fetched")}
    uv("sync", "--quiet", "--frozen", "--no-dev", "--no-editable", **fetched)
    script = tmp_path / "typed.sh"
    script.write_text("\n".join(steps))
    over = tmp_path / "over"
    over.mkdir()
    environ |= {
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
    ended = subprocess.run(
        inside, env=environ, input=f"{PASSWORD}\n", capture_output=True, text=True, check=False, timeout=240
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "✗" not in ended.stdout
    return dict(line.split(" ", 1) for line in ended.stdout.splitlines() if " " in line)


def _folder_of_uv() -> str:
    own = ROOT / ".tools" / "uv"
    return str((own if own.exists() else Path(shutil.which("uv") or "")).parent)
