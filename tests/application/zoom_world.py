"""The world with Zoom in it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.zoom.client import ZoomClient
from adapters.zoom.settings import ZoomSettings
from application.ports.oauth import Grant
from domain.connection import ProviderAccount
from tests.application.provider_world import THURSDAY_AT_TEN, ProviderWorld
from tests.support.builders import a_host
from tests.support.memory_app import MemoryApp
from tests.support.patience import PATIENCE, tried_patience
from tests.support.visiting import PASSWORD

__all__ = ["THURSDAY_AT_TEN", "ZoomWorld", "a_zoom_world"]


class ZoomWorld(ProviderWorld[SandboxZoom]):
    provider = "zoom"

    def authorized(self, expires_at: datetime) -> tuple[ProviderAccount, Grant]:
        pair = self.sandbox.authorize(ANNA)
        account = ProviderAccount(ANNA.id, ANNA.account_id, ANNA.email, "Anna Höst")
        return account, Grant(pair.access_token, pair.refresh_token, expires_at, frozenset(pair.scope.split()))

    def goes_wrong(self, failure: str, on: str, *, seconds: float | None = None) -> None:
        # Zoom was seen to take a used refresh token once more; without that, a lost pair is a dead grant.
        self.sandbox.grants.grace = True
        super().goes_wrong(failure, on, seconds=seconds)


@asynccontextmanager
async def a_zoom_world() -> AsyncGenerator[ZoomWorld]:
    memory = MemoryApp()
    with SandboxZoom(now=memory.clock) as sandbox:
        async with serving(tried_patience(sandbox)) as url:
            settings = ZoomSettings(sandbox.client_id, sandbox.client_secret, f"{url}/back", url, f"{url}/v2")
            zoom = ZoomClient(settings, memory.clock, total=PATIENCE)
            memory.use_providers({"zoom": zoom})
            host = await memory.host(a_host(), password=PASSWORD)
            yield ZoomWorld(memory, sandbox, host)
            await zoom.aclose()
