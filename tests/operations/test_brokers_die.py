"""A broker that loses everything, and is gone for a while, under load."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.support.brokers import Broker, Redis
from tests.support.deployment import Deployment, deployed
from tests.support.guests import Json, books, free_times, ready

BOOKINGS = 60
GUESTS_AT_ONCE = 3


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncGenerator[Redis]:
    server = Redis(tmp_path)
    await server.start()
    yield server
    await server.kill()


@pytest.fixture(
    params=[pytest.param("redis", marks=pytest.mark.redis), pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)]
)
def broker(request: pytest.FixtureRequest) -> Broker:
    return request.getfixturevalue(request.param)


async def test_no_guest_notices_and_nothing_is_lost(database_url: str, tmp_path: Path, broker: Broker) -> None:
    async with deployed(database_url, tmp_path, broker.url) as deployment:
        # No mail goes out without its link, however slow the machine is.
        deployment.environ["TIMETUNA_LINK_WAIT_SECONDS"] = "3600"
        host = await deployment.host()
        # One account at Zoom makes 100 meetings a day.
        await deployment.connect_zoom(host)
        async with httpx.AsyncClient(base_url=await deployment.web(), timeout=30) as client:
            path = await host.publishes(client)
            await host.publishes(client, slug="second")
            await deployment.workers()
            starts = await free_times(client, path, BOOKINGS)
            pages = (path, path.replace("/intro/", "/second/"))
            wishes = [(pages[number % 2], start) for number, start in enumerate(starts)]

            booked: list[Json] = []
            guests = [
                asyncio.create_task(_book(client, wishes[first::GUESTS_AT_ONCE], booked))
                for first in range(GUESTS_AT_ONCE)
            ]
            await deployment.until(lambda: _has(booked, BOOKINGS // 4))
            await broker.flush()
            await deployment.until(lambda: _has(booked, BOOKINGS // 2))
            await broker.kill()
            # With the broker away, guests book on.
            await deployment.until(lambda: _has(booked, BOOKINGS * 3 // 4))
            await broker.start()
            await asyncio.gather(*guests)
            await _leases_end(deployment)
            found = await asyncio.gather(*(ready(client, booking) for booking in booked))
            await deployment.owes_nothing()

    assert BOOKINGS == len({each["conference"]["join_url"] for each in found})
    assert BOOKINGS == len(deployment.sandbox.meetings)
    mails = Counter(mail.message["Message-ID"] for mail in deployment.mailbox.messages())
    assert 2 * BOOKINGS == len(mails)
    assert {1} == set(mails.values())


async def _book(client: httpx.AsyncClient, wishes: list[tuple[str, str]], booked: list[Json]) -> None:
    for path, start in wishes:
        booked.append(await books(client, path, start))


async def _has(booked: list[Json], count: int) -> bool:
    return len(booked) >= count


async def _leases_end(deployment: Deployment) -> None:
    """As if so much time had passed: what was sent to the broker and lost there is leased anew."""
    await deployment.store.pool.execute("update outbox set due_at = now() where lease_id is not null and not started")
