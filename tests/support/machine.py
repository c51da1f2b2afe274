"""Programs that some tests need and no wheel brings."""

import shutil
import subprocess
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

import msgspec

_DEBIAN_INSTALL = Path(__file__).parents[2] / ".ci" / "debian-install"


class Part(msgspec.Struct, frozen=True):
    """Something the tests with one marker need; `find` tells where it is."""

    marker: str
    name: str
    debian_packages: tuple[str, ...]
    find: Callable[[], str | None]


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)


def redis_server() -> str | None:
    return shutil.which("redis-server")


def libical() -> str | None:
    return find_library("ical")


def rabbitmq_server() -> str | None:
    return shutil.which("rabbitmq-server", path=_SERVICES)


def pgbouncer() -> str | None:
    return shutil.which("pgbouncer", path=_SERVICES)


def debian_postgres() -> str | None:
    """The newest PostgreSQL that Debian has put onto this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else None


def prometheus() -> str | None:
    return shutil.which("prometheus")


def php() -> str | None:
    return shutil.which("php")


def nginx() -> str | None:
    return shutil.which("nginx", path=_SERVICES)


def caddy() -> str | None:
    return shutil.which("caddy", path=_SERVICES)


def systemd_analyze() -> str | None:
    return shutil.which("systemd-analyze")


def namespaces() -> str | None:
    """Whether this user may have mounts and networks of their own."""
    unshare = shutil.which("unshare")
    may = unshare and subprocess.run([unshare, "--mount", "--net", "true"], check=False, capture_output=True)
    return unshare if may and may.returncode == 0 else None


# Without a font, Chromium shows boxes: Debian only recommends one.
PARTS = (
    Part("browser", "Chromium", ("chromium", "fonts-liberation"), chromium),
    Part("redis", "redis-server", ("redis-server",), redis_server),
    Part("libical", "libical", ("libical3",), libical),
)
"""What `make test` needs."""

OPERATIONS_PARTS = (
    Part("redis", "redis-server", ("redis-server",), redis_server),
    Part("rabbitmq", "RabbitMQ", ("rabbitmq-server",), rabbitmq_server),
    Part("pgbouncer", "PgBouncer", ("pgbouncer",), pgbouncer),
    Part("debian_postgres", "Debian's PostgreSQL", ("postgresql",), debian_postgres),
    Part("php", "PHP", ("php-cli",), php),
    Part("nginx", "nginx", ("nginx-light",), nginx),
    Part("caddy", "Caddy", ("caddy",), caddy),
    Part(
        "namespaces",
        "root's namespaces, iproute2, curl and wget",
        ("util-linux", "iproute2", "curl", "wget"),
        namespaces,
    ),
    Part("systemd", "systemd-analyze", ("systemd",), systemd_analyze),
    Part("prometheus", "Prometheus", ("prometheus",), prometheus),
)
"""What `make operations` needs."""


def install(parts: list[Part]) -> None:
    """Install what the parts need if that needs nobody's permission; look again to see whether it worked."""
    packages = [package for part in parts for package in part.debian_packages]
    subprocess.run(["sh", str(_DEBIAN_INSTALL), *packages], check=False)


# Where Debian puts services isn't in everybody's PATH.
_SERVICES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
