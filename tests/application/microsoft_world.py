"""The world with Microsoft Teams in it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.microsoft.client import SCOPES, MicrosoftTeamsClient
from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.serve import serving
from application.ports.oauth import Grant
from domain.connection import ProviderAccount
from tests.application.provider_world import ProviderWorld
from tests.support.builders import a_host
from tests.support.memory_app import MemoryApp
from tests.support.microsoft_connected import REDIRECT_URI, known, settings_at
from tests.support.patience import PATIENCE, tried_patience
from tests.support.visiting import PASSWORD


class MicrosoftWorld(ProviderWorld[SandboxMicrosoft]):
    provider = "microsoft"

    def authorized(self, expires_at: datetime) -> tuple[ProviderAccount, Grant]:
        tokens = self.sandbox.authorize(MIA)
        assert tokens.refresh_token is not None
        return known(MIA), Grant(tokens.access_token, tokens.refresh_token, expires_at, SCOPES, known(MIA))


@asynccontextmanager
async def a_microsoft_world() -> AsyncGenerator[MicrosoftWorld]:
    memory = MemoryApp()
    with SandboxMicrosoft(redirect_uris=[REDIRECT_URI], now=memory.clock) as sandbox:
        async with serving(tried_patience(sandbox)) as url:
            settings = settings_at(url, sandbox.client_id, sandbox.client_secret)
            microsoft = MicrosoftTeamsClient(settings, memory.clock, total=PATIENCE)
            memory.use_providers({"microsoft": microsoft})
            host = await memory.host(a_host(), password=PASSWORD)
            yield MicrosoftWorld(memory, sandbox, host)
            await microsoft.aclose()
