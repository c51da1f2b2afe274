from collections.abc import AsyncGenerator

import pytest

from adapters.sandbox.google.sandbox import SandboxGoogle
from tests.adapters.sandbox.google.google_app import CALLBACK, GoogleApp, google_app
from tests.adapters.sandbox.zoom_app import SetClock


@pytest.fixture
async def google() -> AsyncGenerator[GoogleApp]:
    """A sandbox on a port of its own, with a client that knows its secrets."""
    clock = SetClock()
    with SandboxGoogle(redirect_uris=[CALLBACK], now=clock) as sandbox:
        async with google_app(sandbox, clock) as app:
            yield app
