"""A world for each test."""

from collections.abc import AsyncGenerator

import pytest

from tests.application.zoom_world import ZoomWorld, a_zoom_world


@pytest.fixture
async def world() -> AsyncGenerator[ZoomWorld]:
    async with a_zoom_world() as world:
        yield world
