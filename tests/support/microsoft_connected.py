"""A real Microsoft Teams client that talks to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from adapters.microsoft.client import SCOPES, MicrosoftTeamsClient
from adapters.microsoft.settings import MicrosoftTeamsSettings
from adapters.sandbox.microsoft.accounts import MIA, MicrosoftAccount
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.serve import serving
from application.ports.oauth import Grant
from domain.connection import ProviderAccount
from tests.support.patience import PATIENCE, tried_patience
from tests.support.zoom_connected import NOW

REDIRECT_URI = "https://timetuna.example/integrations/microsoft/callback"


class Connected(msgspec.Struct, frozen=True):
    client: MicrosoftTeamsClient
    sandbox: SandboxMicrosoft

    def grant(self, account: MicrosoftAccount = MIA) -> Grant:
        """Connect without a browser."""
        tokens = self.sandbox.authorize(account)
        assert tokens.refresh_token is not None
        expires_at = NOW + timedelta(seconds=tokens.expires_in)
        return Grant(tokens.access_token, tokens.refresh_token, expires_at, SCOPES, known(account))


def known(account: MicrosoftAccount = MIA) -> ProviderAccount:
    return ProviderAccount(account.id, account.tenant_id, account.email, account.name)


@asynccontextmanager
async def connected(authority: str = "organizations") -> AsyncGenerator[Connected]:
    with SandboxMicrosoft(redirect_uris=[REDIRECT_URI], now=lambda: NOW) as sandbox:
        async with serving(tried_patience(sandbox)) as url:
            settings = settings_at(url, sandbox.client_id, sandbox.client_secret, authority)
            microsoft = MicrosoftTeamsClient(settings, lambda: NOW, total=PATIENCE)
            try:
                yield Connected(microsoft, sandbox)
            finally:
                await microsoft.aclose()


def settings_at(
    url: str, client_id: str = "id", client_secret: str = "secret-of-ours", authority: str = "organizations"
) -> MicrosoftTeamsSettings:
    return MicrosoftTeamsSettings(client_id, client_secret, REDIRECT_URI, f"{url}/{authority}", f"{url}/v1.0")
