"""Processes killed at random while guests book; `make faults` does so for longer."""

import pytest

from tests.faults.kills_and_bookings import BookingsAmidKills
from tests.support.deployment import Deployment

pytestmark = pytest.mark.redis


async def test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice(deployment: Deployment) -> None:
    outcome = await BookingsAmidKills(deployment, bookings=240, seed=20261122)(rounds=2)

    assert 240 == len(outcome.bookings)
    assert [] == outcome.wrong()
