"""RabbitMQ in the place of Redis has to stand the same tests."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.adapters.jobs.test_relay_without_workers import (
    test_messages_stay_below_the_jobs_over_ten_leases as test_messages_stay_below_the_jobs,
)
from tests.adapters.jobs.test_relay_without_workers import (
    test_what_a_flushed_broker_has_lost_is_sent_again as test_what_is_lost_is_sent_again,
)
from tests.faults.deployment.test_main_job import test_one_link_is_everywhere
from tests.operations.test_crashes_and_stops import (
    test_two_web_processes_and_three_workers_behave_as_one_and_stop_without_losing_anything as test_processes_stop,
)
from tests.support.brokers import RabbitMq
from tests.support.deployment import Deployment, deployed

pytestmark = pytest.mark.rabbitmq

__all__ = [
    "test_messages_stay_below_the_jobs",
    "test_one_link_is_everywhere",
    "test_processes_stop",
    "test_what_is_lost_is_sent_again",
]


@pytest.fixture
def broker_url(rabbitmq: RabbitMq) -> str:
    return rabbitmq.url


@pytest.fixture
async def deployment(database_url: str, broker_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path, broker_url) as running:
        yield running
