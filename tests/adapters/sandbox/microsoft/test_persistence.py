"""What survives a restart."""

from pathlib import Path

import httpx

from adapters.sandbox.microsoft.accounts import MIA, NED, TOM
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from tests.adapters.sandbox.microsoft.microsoft_app import CALLBACK, microsoft_app
from tests.adapters.sandbox.zoom_app import SetClock, returned


def at(path: Path, clock: SetClock) -> SandboxMicrosoft:
    return SandboxMicrosoft(path, client_id="id", client_secret="secret", redirect_uris=[CALLBACK], now=clock)


async def test_tokens_codes_approvals_and_meetings_survive_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "state" / "microsoft.sqlite"
    with at(path, clock) as sandbox:
        sandbox.tenants.approve(NED.tenant)
        async with microsoft_app(sandbox, clock) as before:
            tokens = await before.connects()
            code = await before.code(account=TOM)
            made = (await before.books(tokens["access_token"])).json()

    with at(path, clock) as sandbox:
        async with microsoft_app(sandbox, clock) as after:
            again = await after.books(tokens["access_token"])
            assert (httpx.codes.OK, made) == (again.status_code, again.json())
            assert httpx.codes.OK == (await after.refreshes(tokens["refresh_token"])).status_code
            assert httpx.codes.OK == (await after.redeems(code)).status_code
            assert "code" in returned(await after.decides(account=NED))


async def test_a_removal_survives_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "microsoft.sqlite"
    with at(path, clock) as sandbox:
        tokens = sandbox.authorize(MIA)
        sandbox.remove(MIA)

    with at(path, clock) as sandbox:
        async with microsoft_app(sandbox, clock) as after:
            assert httpx.codes.BAD_REQUEST == (await after.refreshes(tokens.refresh_token)).status_code
            assert [] == sandbox.grants.live()


def test_no_token_stands_in_the_file(tmp_path: Path) -> None:
    with SandboxMicrosoft(tmp_path / "microsoft.sqlite") as sandbox:
        tokens = sandbox.authorize(MIA)

    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert tokens.access_token.encode() not in stored
    assert (tokens.refresh_token or "").encode() not in stored
