from collections.abc import AsyncGenerator

import pytest

from adapters.sandbox.zoom.sandbox import SandboxZoom
from tests.adapters.sandbox.zoom_app import CALLBACK, SetClock, ZoomApp, zoom_app


@pytest.fixture
async def zoom() -> AsyncGenerator[ZoomApp]:
    """A sandbox on a port of its own, with a client that knows its secrets."""
    clock = SetClock()
    with SandboxZoom(redirect_uris=[CALLBACK], now=clock) as sandbox:
        async with zoom_app(sandbox, clock) as app:
            yield app
