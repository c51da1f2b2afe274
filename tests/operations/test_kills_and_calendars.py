"""Each live booking is one event in its host's calendar, whatever dies; `make faults` runs this at full length."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.faults.kills_and_calendars import Scale, Upheaval, calendars_beside
from tests.support.deployment import Deployment, forked

pytestmark = pytest.mark.redis


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with forked(database_url, tmp_path) as running:
        yield running


async def test_whatever_is_killed_each_live_booking_is_one_event_at_its_time_and_nobody_is_mailed(
    deployment: Deployment,
) -> None:
    async with calendars_beside(deployment) as calendars:
        found = await Upheaval(deployment, calendars, Scale(kills=10, bookings=24), seed=20261130)()

    assert found.wanted == found.held
    assert {"confirmed": {"written"}, "cancelled": {"removed"}} == found.states
    assert {} == found.owed
    assert [] == found.mailed
