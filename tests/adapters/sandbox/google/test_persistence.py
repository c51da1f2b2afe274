"""What survives a restart."""

from pathlib import Path

import httpx

from adapters.sandbox.google.accounts import GINA, WILL
from adapters.sandbox.google.sandbox import SandboxGoogle
from tests.adapters.sandbox.google.google_app import CALLBACK, google_app
from tests.adapters.sandbox.zoom_app import SetClock


def at(path: Path, clock: SetClock) -> SandboxGoogle:
    return SandboxGoogle(path, client_id="id", client_secret="secret", redirect_uris=[CALLBACK], now=clock)


async def test_tokens_codes_and_spaces_survive_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "state" / "google.sqlite"
    with at(path, clock) as sandbox:
        async with google_app(sandbox, clock) as before:
            tokens = await before.connects()
            code = await before.code(account=WILL)
            made = (await before.books(tokens["access_token"])).json()["name"]

    with at(path, clock) as sandbox:
        async with google_app(sandbox, clock) as after:
            assert [made] == [space.name for space in sandbox.spaces]
            assert httpx.codes.OK == (await after.reads(tokens["access_token"])).status_code
            assert httpx.codes.OK == (await after.refreshes(tokens["refresh_token"])).status_code
            assert httpx.codes.OK == (await after.redeems(code)).status_code


async def test_a_removal_survives_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "google.sqlite"
    with at(path, clock) as sandbox:
        tokens = sandbox.authorize(GINA)
        sandbox.remove(GINA)

    with at(path, clock) as sandbox:
        async with google_app(sandbox, clock) as after:
            assert httpx.codes.BAD_REQUEST == (await after.refreshes(tokens.refresh_token or "")).status_code
            assert [] == sandbox.grants.live()


def test_no_token_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "google.sqlite"
    with SandboxGoogle(path) as sandbox:
        tokens = sandbox.authorize(GINA)

    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert tokens.access_token.encode() not in stored
    assert (tokens.refresh_token or "").encode() not in stored
