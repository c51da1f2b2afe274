"""Processes killed at random while guests book, on either broker; `make faults` does so for longer."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.faults.kills_and_bookings import BookingsAmidKills
from tests.support.brokers import RabbitMq
from tests.support.deployment import Deployment, forked


@pytest.fixture(
    params=[pytest.param("redis", marks=pytest.mark.redis), pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)]
)
async def deployment(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    # Asked for only now, so that Redis's run starts no RabbitMQ.
    rabbitmq: RabbitMq | None = request.getfixturevalue("rabbitmq") if request.param == "rabbitmq" else None
    async with forked(database_url, tmp_path, rabbitmq and rabbitmq.url) as running:
        yield running


async def test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice(deployment: Deployment) -> None:
    outcome = await BookingsAmidKills(deployment, bookings=240, seed=20261122)(rounds=2)

    assert 240 == len(outcome.bookings)
    assert [] == outcome.wrong()
