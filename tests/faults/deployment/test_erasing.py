"""Workers that erase old guests and are killed in between leave nothing half done."""

from datetime import timedelta

import pytest

from tests.support.builders import A_DAY, NOW, a_booking, a_host, a_page
from tests.support.deployment import Deployment
from tests.support.dump import dump
from tests.support.store import keep

pytestmark = pytest.mark.redis

BOOKINGS = 1500
_LEFT = "select count(*) from bookings where guest_name is not null"
_TOLD = """
    select count(*), count(distinct booking_id) from booking_events where what = 'guest_erased'
"""


async def test_a_sweep_goes_on_where_it_was_killed_and_two_at_once_erase_each_guest_once(
    deployment: Deployment,
) -> None:
    store, host = deployment.store, a_host()
    page = a_page(host)
    old = [a_booking(page, NOW - 400 * A_DAY - each * timedelta(hours=1)) for each in range(BOOKINGS)]
    await keep(store, host, page, *old)
    killed = await deployment.workers()
    await deployment.until(lambda: store.pool.fetchval(f"select ({_LEFT}) < {BOOKINGS}"))

    await killed.kill()
    left = await store.pool.fetchval(_LEFT)
    for _ in range(2):
        await deployment.workers()
    await deployment.until(lambda: store.pool.fetchval(f"select ({_LEFT}) = 0"))

    assert 0 < left < BOOKINGS
    [told] = await store.pool.fetch(_TOLD)
    assert [BOOKINGS, BOOKINGS] == list(told)
    assert "ana@guests.example" not in await dump(store)
