"""A deployment for each test, whose processes start quickly."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.deployment import Deployment, forked


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with forked(database_url, tmp_path) as running:
        yield running
