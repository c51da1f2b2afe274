"""A deployment for each test, whose processes start quickly."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.support.deployment import Deployment, deployed
from tests.support.forks import Forks


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path, forks: Forks) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path, start=forks.start) as running:
        yield running


@pytest.fixture
async def client(deployment: Deployment) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of one web process that is up."""
    async with httpx.AsyncClient(base_url=await deployment.web(), verify=False, timeout=30) as client:
        yield client
