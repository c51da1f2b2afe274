"""Connections on processes of their own: killed in the middle of a refresh, removed at Zoom, sealed with new keys."""

import asyncio
from base64 import b64encode
from datetime import timedelta

import httpx
import pytest

from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from domain.connection import KEEP_AFTER
from tests.support.deployment import ApiHost, Deployment
from tests.support.guests import books, free_times, ready
from tests.support.postgres import KEY

pytestmark = pytest.mark.redis

EXPIRED = timedelta(0)


async def test_a_worker_killed_before_zoom_has_refreshed_costs_nothing(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host, expires_in=EXPIRED)
    path = await host.publishes(client)
    deployment.sandbox.fail(ZoomFailure.HANG_BEFORE, on=ZoomEndpoint.REFRESH)

    await _dies_while_refreshing(deployment, client, path)
    bookings = [await books(client, path, start) for start in await free_times(client, path, 3)]
    await deployment.workers(processes=2)
    await asyncio.gather(*(ready(client, each) for each in bookings))

    assert "connected" == await _status(client, host)
    assert 2 == len(deployment.sandbox.arrived(ZoomEndpoint.REFRESH))


@pytest.mark.parametrize(("grace", "status"), [(True, "connected"), (False, "needs_reconnect")])
async def test_a_worker_killed_after_zoom_has_refreshed_is_survived_if_zoom_is_patient_and_told_if_not(
    deployment: Deployment, client: httpx.AsyncClient, grace: bool, status: str
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host, expires_in=EXPIRED)
    path = await host.publishes(client)
    deployment.sandbox.grants.grace = grace
    deployment.sandbox.fail(ZoomFailure.HANG_AFTER, on=ZoomEndpoint.REFRESH)

    await _dies_while_refreshing(deployment, client, path)
    await deployment.workers()
    await deployment.owes_nothing()

    to_host = [mail.message["Subject"] for mail in deployment.mailbox.to("anna@hosts.example")]
    assert status == await _status(client, host)
    assert (not grace) == ("Action needed: please reconnect Zoom" in to_host)
    assert (1 if grace else 0) == len(deployment.sandbox.meetings)


async def test_a_removal_at_zoom_clears_the_row_within_seconds_and_is_mailed(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host, other = await deployment.host(), await deployment.host("ben")
    await deployment.connect_zoom(host)
    await deployment.connect_zoom(other)
    await deployment.workers()
    deployment.sandbox.deauthorizations.url = f"{client.base_url}/integrations/zoom/deauthorized"

    assert await deployment.sandbox.deauthorizations.checks_the_address()
    notification = await deployment.sandbox.remove(ANNA)

    assert notification is not None
    assert 200 == notification.status, notification.problem
    assert ["not_connected"] * 2 == [await _status(client, each) for each in (host, other)]
    for handle in ("anna", "ben"):
        [mail] = await deployment.mailbox.arrives(1, to=f"{handle}@hosts.example")
        assert "http://timetuna.example/settings/providers" in mail.text


async def test_a_removal_is_answered_at_once_while_a_refresh_hangs(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host, expires_in=EXPIRED)
    path = await host.publishes(client)
    deployment.sandbox.deauthorizations.url = f"{client.base_url}/integrations/zoom/deauthorized"
    deployment.sandbox.fail(ZoomFailure.SLOW, on=ZoomEndpoint.REFRESH, seconds=2)
    await deployment.workers()
    await books(client, path, (await free_times(client, path, 1))[0])
    await deployment.sandbox.until(lambda: len(deployment.sandbox.arrived(ZoomEndpoint.REFRESH)) == 1)

    notification = await deployment.sandbox.remove(ANNA)

    assert notification is not None
    assert 200 == notification.status, notification.problem
    await deployment.until(lambda: _is(client, host, "not_connected"))


async def test_idle_connections_are_refreshed_by_whichever_process_runs(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host, expires_in=EXPIRED)
    ago = "update provider_connections set connected_at = now() - $1::interval"
    await deployment.store.pool.execute(ago, KEEP_AFTER + timedelta(hours=1))
    await deployment.workers()
    owed = "select count(*) = 1 from outbox where job = 'keep_connection'"
    await deployment.until(lambda: deployment.store.pool.fetchval(owed))
    # As if the minute over which it is spread had passed.
    await deployment.store.pool.execute("update outbox set due_at = now()")

    await deployment.owes_nothing()

    refreshed = "select refreshed_at > now() - interval '1 minute' from provider_connections"
    assert await deployment.store.pool.fetchval(refreshed)
    assert 1 == len(deployment.sandbox.arrived(ZoomEndpoint.REFRESH))
    assert "connected" == await _status(client, host)


async def test_keys_are_rotated_while_everything_runs(deployment: Deployment) -> None:
    new = b64encode(bytes(range(32, 64))).decode()
    deployment.environ["TIMETUNA_SECRET_KEYS"] = f"{new},{b64encode(KEY).decode()}"
    async with httpx.AsyncClient(base_url=await deployment.web(), verify=False, timeout=30) as client:
        host = await deployment.host()
        await deployment.connect_zoom(host)
        path = await host.publishes(client)
        worker = await deployment.workers()
        starts = await free_times(client, path, 5)
        first = [await books(client, path, start) for start in starts[:3]]

        rotation = await deployment.command("rotate-keys")
        await asyncio.gather(*(ready(client, each) for each in first))
        await worker.stop()
        deployment.environ["TIMETUNA_SECRET_KEYS"] = new
        await deployment.workers()

        await ready(client, await books(client, path, starts[3]))
    assert 0 == rotation.process.returncode
    assert rotation.says().startswith("Sealed 1 stored connection(s), 0 calendar(s), 0 webhook(s) and ")


async def _dies_while_refreshing(deployment: Deployment, client: httpx.AsyncClient, path: str) -> None:
    await books(client, path, (await free_times(client, path, 1))[0])
    worker = await deployment.workers()
    await deployment.sandbox.until(lambda: len(deployment.sandbox.arrived(ZoomEndpoint.REFRESH)) == 1)
    await worker.kill()
    # As if the dead worker's lease had run out.
    await deployment.store.pool.execute("update outbox set due_at = now() where job = 'create_meeting'")


async def _status(client: httpx.AsyncClient, host: ApiHost) -> str:
    rows = (await client.get("/api/v1/providers", headers=host.headers)).json()
    return next(row["status"] for row in rows if row["provider"] == "zoom")


async def _is(client: httpx.AsyncClient, host: ApiHost, status: str) -> bool:
    return status == await _status(client, host)
