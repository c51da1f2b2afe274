"""What a drill begins with."""

from collections.abc import AsyncGenerator, Generator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.postgres.pool import open_pool
from tests.support.brokers import RabbitMq, flush, rabbitmq_running
from tests.support.deployment import Deployment, deployed

_numbers = count()


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def client(deployment: Deployment) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=await deployment.web(), timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def rabbitmq_server() -> Generator[RabbitMq]:
    """This worker's RabbitMQ, with whatever the drill before has left in it."""
    with rabbitmq_running() as server:
        yield server


@pytest.fixture
def rabbitmq(rabbitmq_server: RabbitMq) -> RabbitMq:
    """A RabbitMQ without messages."""
    flush(rabbitmq_server.url)
    return rabbitmq_server


@pytest.fixture
async def empty_database(database_url: str) -> AsyncGenerator[str]:
    """The URL of one more database, on the same server."""
    name = f"{urlsplit(database_url).path[1:]}_more_{next(_numbers)}"
    async with await open_pool(database_url, min_size=1) as pool:
        await pool.execute(f"create database {name}")
        yield urlsplit(database_url)._replace(path=f"/{name}").geturl()
        # Not "with (force)", by which only a superuser ends autovacuum: without it, PostgreSQL does so itself.
        await pool.execute(f"drop database {name}")
