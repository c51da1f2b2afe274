"""What survives a restart."""

from datetime import timedelta
from pathlib import Path

import httpx

from adapters.sandbox.microsoft.accounts import NED, TOM
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from tests.adapters.sandbox.microsoft.microsoft_app import CALLBACK, microsoft_app
from tests.adapters.sandbox.zoom_app import SetClock, returned


def at(path: Path, clock: SetClock) -> SandboxMicrosoft:
    return SandboxMicrosoft(path, client_id="id", client_secret="secret", redirect_uris=[CALLBACK], now=clock)


async def test_tokens_codes_approvals_meetings_and_events_survive_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "state" / "microsoft.sqlite"
    with at(path, clock) as sandbox:
        sandbox.tenants.approve(NED.tenant)
        async with microsoft_app(sandbox, clock) as before:
            tokens = await before.connects()
            code = await before.code(account=TOM)
            made = (await before.books(tokens["access_token"])).json()

            calendar = before.main()
            sandbox.mailboxes.add(calendar, clock(), clock() + timedelta(hours=1))

    with at(path, clock) as sandbox:
        async with microsoft_app(sandbox, clock) as after:
            assert 1 == len(sandbox.mailboxes.events(calendar))
            again = await after.books(tokens["access_token"])
            assert (httpx.codes.OK, made) == (again.status_code, again.json())
            assert httpx.codes.OK == (await after.refreshes(tokens["refresh_token"])).status_code
            assert httpx.codes.OK == (await after.redeems(code)).status_code
            assert "code" in returned(await after.decides(account=NED))
