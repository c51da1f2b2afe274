"""Processes that die or are stopped while they hold something."""

import asyncio
import signal

import asyncpg
import httpx
import pytest

from adapters.presentation.sentences.timeline import left_behind_words
from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, ready, submit

pytestmark = pytest.mark.redis


async def test_a_worker_killed_between_zooms_answer_and_our_commit_costs_one_leftover_at_most(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    [start] = await free_times(client, path, 1)
    booking = await books(client, path, start)
    # Zoom's answer waits for our lock on the booking's row, so the worker dies with it in its hands.
    deployment.sandbox.switches.latency = 0.5
    worker = await deployment.workers()
    await deployment.until(lambda: _attempted(deployment, booking["id"]))
    holder = await asyncpg.connect(deployment.environ["TIMETUNA_DATABASE_URL"])
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("select from bookings where id = $1 for update", booking["id"])
    await deployment.sandbox.until(lambda: len(deployment.sandbox.meetings) == 1)
    await deployment.until(lambda: _somebody_waits(holder))

    await worker.kill()
    await transaction.rollback()
    await holder.close()
    # As if the dead worker's lease had run out.
    await deployment.store.pool.execute("update outbox set due_at = now() where job = 'create_meeting'")
    await deployment.workers()
    found = await ready(client, booking)
    await deployment.owes_nothing()

    told = (await client.get(f"/api/v1/bookings/{booking['id']}", headers=host.headers)).json()
    assert 2 == len(deployment.sandbox.meetings)
    assert found["conference"]["join_url"] == deployment.sandbox.meetings[1].body["join_url"]
    assert any(left_behind_words() in entry["detail"] for entry in told["timeline"])
    assert 2 == len(deployment.mailbox.messages())


async def test_two_web_processes_and_three_workers_behave_as_one_and_stop_without_losing_anything(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    deployment.sandbox.switches.latency = 0.2
    second_web = await deployment.web()
    workers = [await deployment.workers() for _ in range(3)]
    starts = await free_times(client, path, 30)

    async with httpx.AsyncClient(base_url=second_web, verify=False, timeout=30) as other:
        first_half = [books(each, path, start) for each, start in zip((client, other) * 8, starts[:16], strict=True)]
        bookings = await asyncio.gather(*first_half)
        stops = asyncio.gather(*(worker.stop(signal.SIGTERM) for worker in workers[:2]))
        bookings += await asyncio.gather(*(books(other, path, start) for start in starts[16:]))
        statuses = await stops
    web_stops = [await each.stop(signal.SIGTERM) for each in deployment.running if "serve" in each.output.name][1:]
    again = await deployment.web()
    async with httpx.AsyncClient(base_url=again, verify=False, timeout=30) as last:
        found = await asyncio.gather(*(ready(last, booking) for booking in bookings))
    await deployment.owes_nothing()

    assert [0, 0] == statuses
    assert [0] == web_stops
    assert 30 == len({each["conference"]["join_url"] for each in found})
    assert 30 == len(deployment.sandbox.meetings)
    assert 60 == len({mail.message["Message-ID"] for mail in deployment.mailbox.messages()})


async def test_a_submit_repeated_after_its_answer_was_lost_gives_the_same_booking(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    [start] = await free_times(client, path, 1)
    key = {"Idempotency-Key": "one-form-one-booking"}

    answers = await asyncio.gather(
        *(client.post(f"{path}/bookings", json=submit(start), headers=key) for _ in range(10))
    )
    other = await client.post(f"{path}/bookings", json=submit(start, name="Zoë Other"), headers=key)

    assert {httpx.codes.CREATED} == {each.status_code for each in answers}
    assert 1 == len({each.json()["id"] for each in answers})
    assert 9 == sum(each.headers.get("Idempotent-Replayed") == "true" for each in answers)
    assert httpx.codes.UNPROCESSABLE_ENTITY == other.status_code


async def _attempted(deployment: Deployment, booking_id: str) -> bool:
    sql = "select conference ->> 'open_attempt_at' is not null from bookings where id = $1"
    return bool(await deployment.store.pool.fetchval(sql, booking_id))


async def _somebody_waits(holder: "asyncpg.Connection[asyncpg.Record]") -> bool:
    waiting = "select count(*) > 0 from pg_locks where not granted and transactionid is not null"
    return bool(await holder.fetchval(waiting))
