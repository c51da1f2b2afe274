"""A deployment for each drill, and a client of one of its web processes."""

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
    async with httpx.AsyncClient(base_url=await deployment.web(), timeout=30) as client:
        yield client
