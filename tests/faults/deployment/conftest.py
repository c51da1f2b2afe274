"""A deployment for each test."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.support.deployment import Deployment, deployed


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def client(deployment: Deployment) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of one web process that is up."""
    async with httpx.AsyncClient(base_url=await deployment.web(), verify=False, timeout=30) as client:
        yield client
