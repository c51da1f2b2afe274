"""A deployment for each test, whose processes start quickly."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.deployment import Deployment, deployed
from tests.support.forks import forking


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with forking() as forks, deployed(database_url, tmp_path) as running:
        running.start = forks.start
        yield running
