"""nginx and Caddy with the files of `deploy/`, on ports and with a certificate of the test's own."""

import os
import re
import ssl
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import tls_contexts
from tests.support.machine import caddy, nginx
from tests.support.processes import ROOT, Running, answers, free_port, start

DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs" / "operating.md"


@dataclass
class Proxy:
    """Where it listens, and who trusts its certificate."""

    port: int
    plain_port: int
    trusting: ssl.SSLContext
    running: Running
    logs: tuple[Path, ...]
    """Files that it writes, as it is set up where it is installed."""

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@asynccontextmanager
async def nginx_before(folder: Path, *webs: str) -> AsyncGenerator[Proxy]:
    _, trusting = tls_contexts(folder)
    port, plain_port, pem = free_port(), free_port(), str(folder / "server.pem")
    site = _replaced(
        _site(DEPLOY / "nginx.conf", "/etc/nginx/sites-available/timetuna", webs),
        {
            "    listen [::]:443 ssl http2;\n": "",
            "    listen [::]:80;\n": "",
            "listen 443 ": f"listen 127.0.0.1:{port} ",
            "listen 80;": f"listen 127.0.0.1:{plain_port};",
            "/etc/letsencrypt/live/meet.example.com/fullchain.pem": pem,
            "/etc/letsencrypt/live/meet.example.com/privkey.pem": pem,
            "/var/log/nginx/": f"{folder}/",
        },
    )
    config = folder / "nginx.conf"
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(
        # The folder is open to nobody else.
        f"daemon off; {'' if os.geteuid() else 'user root;'} pid {folder}/nginx.pid; events {{}}\n"
        f"http {{ access_log {folder}/access.log; client_body_temp_path {folder}/body; {places}\n{site}}}\n"
    )
    command = (nginx() or "", "-c", str(config), "-e", "stderr")
    checked = await start(folder / "nginx-t.log", *command, "-t")
    assert 0 == await checked.process.wait(), checked.says()
    async with _listening(folder / "nginx.log", *command, port=port, plain_port=plain_port, trusting=trusting) as proxy:
        proxy.logs += (folder / "access.log", folder / "error.log")
        yield proxy


@asynccontextmanager
async def caddy_before(folder: Path, *webs: str) -> AsyncGenerator[Proxy]:
    _, trusting = tls_contexts(folder)
    port, plain_port, pem = free_port(), free_port(), folder / "server.pem"
    options = f"admin off\n\thttp_port {plain_port}\n\thttps_port {port}\n\tskip_install_trust"
    site = _replaced(
        _site(DEPLOY / "Caddyfile", "/etc/caddy/Caddyfile", webs),
        {
            "{\n\tservers {": f"{{\n\t{options}\n\tservers {{",
            "{$TIMETUNA_SITE:meet.example.com} {": f"https://127.0.0.1 {{\n\ttls {pem} {pem}",
        },
    )
    config = folder / "Caddyfile"
    config.write_text(site)
    environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    command = (caddy() or "", "run", "--adapter", "caddyfile", "--config", str(config))
    checked = await start(folder / "validate.log", command[0], "validate", *command[2:], environ=environ)
    assert 0 == await checked.process.wait(), checked.says()
    async with _listening(
        folder / "caddy.log", *command, port=port, plain_port=plain_port, trusting=trusting, environ=environ
    ) as proxy:
        yield proxy


BEFORE = {"nginx": nginx_before, "caddy": caddy_before}


@asynccontextmanager
async def _listening(
    output: Path,
    *command: str,
    port: int,
    plain_port: int,
    trusting: ssl.SSLContext,
    environ: dict[str, str] | None = None,
) -> AsyncGenerator[Proxy]:
    running = await start(output, *command, environ=environ)
    proxy = Proxy(port, plain_port, trusting, running, (output,))
    try:
        await answers(f"{proxy.url}/readyz", running)
        yield proxy
    finally:
        await running.kill()


def _site(file: Path, installed: str, webs: tuple[str, ...]) -> str:
    """A file of `deploy/` with the addresses of these web processes; for two, as the guide changes it."""
    text = file.read_text(encoding="utf-8")
    if len(webs) > 1:
        [edit] = re.findall(rf'sed --in-place "(.+)" {installed}\n', GUIDE.read_text(encoding="utf-8"))
        text = subprocess.run(("sed", edit), input=text, capture_output=True, text=True, check=True).stdout
    return _replaced(text, {f"127.0.0.1:{8000 + each}": web.removeprefix("http://") for each, web in enumerate(webs)})


def _replaced(text: str, own: dict[str, str]) -> str:
    for theirs, ours in own.items():
        assert theirs in text, f"There is no {theirs!r} any more"
        text = text.replace(theirs, ours)
    return text
