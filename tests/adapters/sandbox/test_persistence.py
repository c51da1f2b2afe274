"""What survives a restart or a kill -9."""

import subprocess
import sys
from pathlib import Path

import httpx

from adapters.sandbox.zoom.accounts import ANNA, BEN
from adapters.sandbox.zoom.sandbox import SandboxZoom
from tests.adapters.sandbox.zoom_app import CALLBACK, SetClock, zoom_app

DIES = """
import os, signal, sys
from pathlib import Path
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom

sandbox = SandboxZoom(Path(sys.argv[1]))
print(sandbox.authorize(ANNA).access_token, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def at(path: Path, clock: SetClock) -> SandboxZoom:
    return SandboxZoom(path, client_id="id", client_secret="secret", redirect_uris=[CALLBACK], now=clock)


async def test_tokens_codes_meetings_and_counts_survive_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "state" / "zoom.sqlite"
    with at(path, clock) as sandbox:
        async with zoom_app(sandbox, clock) as before:
            pair = await before.connects()
            code = await before.code(BEN)
            made = [(await before.books(pair["access_token"])).json()["id"] for _ in range(100)]
            await before.refreshes(pair["refresh_token"])

    with at(path, clock) as sandbox:
        async with zoom_app(sandbox, clock) as after:
            assert made == [meeting.id for meeting in sandbox.meetings]
            assert await after.is_known(pair["access_token"])
            assert httpx.codes.TOO_MANY_REQUESTS == (await after.books(pair["access_token"])).status_code
            assert httpx.codes.OK == (await after.redeems(code)).status_code
            assert httpx.codes.BAD_REQUEST == (await after.refreshes(pair["refresh_token"])).status_code


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "zoom.sqlite"

    died = subprocess.run([sys.executable, "-c", DIES, str(path)], stdout=subprocess.PIPE, text=True, check=False)

    assert died.returncode < 0
    with SandboxZoom(path) as sandbox:
        assert ANNA.id == sandbox.grants.of(died.stdout.strip()).user_id
