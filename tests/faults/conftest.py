"""A deployment for each test."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.deployment import Deployment, deployed


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path) as running:
        yield running
