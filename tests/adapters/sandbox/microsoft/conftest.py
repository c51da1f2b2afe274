from collections.abc import AsyncGenerator

import pytest

from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from tests.adapters.sandbox.microsoft.microsoft_app import CALLBACK, MicrosoftApp, microsoft_app
from tests.adapters.sandbox.zoom_app import SetClock


@pytest.fixture
async def microsoft() -> AsyncGenerator[MicrosoftApp]:
    """A sandbox on a port of its own, with a client that knows its secrets."""
    clock = SetClock()
    with SandboxMicrosoft(redirect_uris=[CALLBACK], now=clock) as sandbox:
        async with microsoft_app(sandbox, clock) as app:
            yield app
