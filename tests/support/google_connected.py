"""A real Google Meet client that talks to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.google.client import GoogleMeetClient
from adapters.google.settings import GoogleMeetSettings
from adapters.sandbox.google.accounts import GINA, GoogleAccount
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.serve import serving
from application.ports.oauth import Grant
from tests.support.patience import PATIENCE, tried_patience

REDIRECT_URI = "https://timetuna.example/integrations/google/callback"
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


class Connected(msgspec.Struct, frozen=True):
    client: GoogleMeetClient
    sandbox: SandboxGoogle

    def grant(self, account: GoogleAccount = GINA) -> Grant:
        """Connect without a browser."""
        tokens = self.sandbox.authorize(account)
        assert tokens.refresh_token is not None
        scopes = frozenset(tokens.scope.split())
        return Grant(tokens.access_token, tokens.refresh_token, NOW + timedelta(seconds=tokens.expires_in), scopes)


@asynccontextmanager
async def connected() -> AsyncGenerator[Connected]:
    with SandboxGoogle(redirect_uris=[REDIRECT_URI], now=lambda: NOW) as sandbox:
        async with serving(tried_patience(sandbox)) as url:
            settings = settings_at(url, sandbox.client_id, sandbox.client_secret)
            google = GoogleMeetClient(settings, lambda: NOW, total=PATIENCE)
            try:
                yield Connected(google, sandbox)
            finally:
                await google.aclose()


def settings_at(url: str, client_id: str = "id", client_secret: str = "secret-of-ours") -> GoogleMeetSettings:
    return GoogleMeetSettings(client_id, client_secret, REDIRECT_URI, f"{url}/o/oauth2/v2/auth", f"{url}/token", url)
