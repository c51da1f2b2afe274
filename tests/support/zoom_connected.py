"""A real Zoom client that talks to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA, ZoomAccount
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.zoom.client import ZoomClient
from adapters.zoom.settings import ZoomSettings
from application.ports.meetings import MeetingRequest
from application.ports.oauth import Grant
from domain.ids import BookingId
from tests.support.patience import PATIENCE, tried_patience

REDIRECT_URI = "https://timetuna.example/integrations/zoom/callback"
VERIFIER = "tuna-tuna-tuna-tuna-tuna-tuna-tuna-tuna-tuna-tuna"
# `printf tuna-… | openssl dgst -sha256 -binary | basenc --base64url`, so that our own code isn't measured by itself.
CHALLENGE = "xmZwlsanPg3X3eH13p4qz5UZThOaOE5sK5YbCsfRhZc"
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)

REQUEST = MeetingRequest(
    booking_id=BookingId("booking-000001"),
    title="Intro call",
    host_name="Anna Host",
    guest_name="Ana Brito",
    language="en",
    start=datetime(2026, 12, 1, 14, 0, tzinfo=UTC),
    duration=timedelta(minutes=30),
    timezone="Europe/Berlin",
)


class Connected(msgspec.Struct, frozen=True):
    client: ZoomClient
    sandbox: SandboxZoom

    def grant(self, account: ZoomAccount = ANNA) -> Grant:
        """Connect without a browser."""
        tokens = self.sandbox.authorize(account)
        scopes = frozenset(tokens.scope.split())
        return Grant(tokens.access_token, tokens.refresh_token, NOW + timedelta(seconds=tokens.expires_in), scopes)


@asynccontextmanager
async def connected() -> AsyncGenerator[Connected]:
    with SandboxZoom(redirect_uris=[REDIRECT_URI], now=lambda: NOW) as sandbox:
        async with serving(tried_patience(sandbox)) as url:
            settings = settings_at(url, sandbox.client_id, sandbox.client_secret)
            zoom = ZoomClient(settings, lambda: NOW, total=PATIENCE)
            try:
                yield Connected(zoom, sandbox)
            finally:
                await zoom.aclose()


def settings_at(url: str, client_id: str = "id", client_secret: str = "secret-of-ours") -> ZoomSettings:
    return ZoomSettings(client_id, client_secret, REDIRECT_URI, url, f"{url}/v2")
