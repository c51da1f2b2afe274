"""Processes that are killed at random lose nothing with RabbitMQ, either."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.faults.test_random_kills import (
    test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice as test_whatever_is_killed_nothing_is_lost,
)
from tests.operations.brokers import RabbitMq
from tests.support.deployment import Deployment, deployed
from tests.support.forks import forking

pytestmark = pytest.mark.rabbitmq

__all__ = ["test_whatever_is_killed_nothing_is_lost"]


@pytest.fixture
async def deployment(database_url: str, rabbitmq: RabbitMq, tmp_path: Path) -> AsyncGenerator[Deployment]:
    # A dozen processes would otherwise do little but import.
    async with forking() as forks, deployed(database_url, tmp_path, rabbitmq.url) as running:
        running.start = forks.start
        yield running
