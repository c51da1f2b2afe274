"""A held booking whose worker dies before it expires."""

from datetime import timedelta

import httpx
import pytest

from domain.booking import HELD_FOR
from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, submit, token_of

pytestmark = pytest.mark.redis


async def test_a_hold_ends_in_time_whatever_dies(deployment: Deployment, client: httpx.AsyncClient) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client, confirm_guest_email=True)
    worker = await deployment.workers()
    [start] = await free_times(client, path, 1)
    held = await books(client, path, start)
    assert "held" == held["status"]
    await deployment.until(lambda: _is_mailed(deployment))

    await worker.kill()
    await _let_time_pass(deployment, HELD_FOR + timedelta(seconds=1))
    gone = await client.get(f"/api/v1/public/bookings/{token_of(held)}")
    again = await client.post(f"{path}/bookings", json=submit(start, name="Bela Bo"))

    assert httpx.codes.NOT_FOUND == gone.status_code
    assert httpx.codes.CREATED == again.status_code, again.text
    await deployment.workers()
    await _let_time_pass(deployment, HELD_FOR + timedelta(seconds=1))
    await deployment.owes_nothing()
    assert 0 == await deployment.store.pool.fetchval("select count(*) from bookings")
    assert [] == deployment.mailbox.to("anna@hosts.example")
    assert [] == deployment.sandbox.meetings


async def _is_mailed(deployment: Deployment) -> bool:
    return bool(deployment.mailbox.to("ana@guests.example"))


async def _let_time_pass(deployment: Deployment, length: timedelta) -> None:
    """As if that long ago everything had happened that has happened so far."""
    pool = deployment.store.pool
    await pool.execute("update bookings set held_until = held_until - $1::interval", length)
    await pool.execute("update outbox set due_at = due_at - $1::interval", length)
