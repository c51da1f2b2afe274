"""The world with Google Meet in it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.google.client import GoogleMeetClient
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.serve import serving
from application.ports.oauth import Grant
from domain.connection import ProviderAccount
from tests.application.provider_world import ProviderWorld
from tests.support.builders import a_host
from tests.support.google_connected import REDIRECT_URI, settings_at
from tests.support.memory_app import MemoryApp
from tests.support.patience import PATIENCE, tried_patience
from tests.support.visiting import PASSWORD


class GoogleWorld(ProviderWorld[SandboxGoogle]):
    provider = "google"

    def authorized(self, expires_at: datetime) -> tuple[ProviderAccount, Grant]:
        tokens = self.sandbox.authorize(GINA)
        assert tokens.refresh_token is not None
        scopes = frozenset(tokens.scope.split())
        account = ProviderAccount(GINA.id, GINA.id, GINA.email, GINA.email)
        return account, Grant(tokens.access_token, tokens.refresh_token, expires_at, scopes)


@asynccontextmanager
async def a_google_world() -> AsyncGenerator[GoogleWorld]:
    memory = MemoryApp()
    with SandboxGoogle(redirect_uris=[REDIRECT_URI], now=memory.clock) as sandbox:
        async with serving(tried_patience(sandbox)) as url:
            settings = settings_at(url, sandbox.client_id, sandbox.client_secret)
            google = GoogleMeetClient(settings, memory.clock, total=PATIENCE)
            memory.use_providers({"google": google})
            host = await memory.host(a_host(), password=PASSWORD)
            yield GoogleWorld(memory, sandbox, host)
            await google.aclose()
