"""The primary dies with all its processes under load, and its synchronous standby takes over."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from entrypoints.migrations import bring_up_to_date
from tests.support.deployment import deployed
from tests.support.guests import Json, free_times, ready, submit
from tests.support.postgres_servers import Server, servers
from tests.support.processes import PATIENCE, children, is_connected

pytestmark = pytest.mark.redis

BOOKINGS = 60
GUESTS_AT_ONCE = 4
STANDBY = "standby"
BACK_WITHIN = 10.0
"""Seconds from the promotion until each process works again."""


class Booked(NamedTuple):
    """A booking that a web process has answered for, and when its guest pressed the button."""

    booking: Json
    url: str
    asked_at: float
    answered_at: float


class Pair:
    """A primary and its standby; both are named in one URL."""

    def __init__(self, primary: Server, standby: Server) -> None:
        self.primary = primary
        self.standby = standby
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        self.url = f"postgresql://timetuna@{hosts}/postgres?target_session_attrs=read-write"

    async def fail_over(self) -> float:
        """Return when the standby was promoted."""
        await asyncio.to_thread(self.primary.kill)
        self.standby.promote()
        return time.monotonic()


@pytest.fixture
async def pair() -> AsyncGenerator[Pair]:
    with servers() as made:
        primary, standby = made.add("primary"), made.add(STANDBY)
        await asyncio.to_thread(primary.create)
        standby.follow(primary, STANDBY)
        # Nothing is acknowledged that the standby hasn't written as well.
        await asyncio.to_thread(lambda: primary.start(synchronous_standby_names=STANDBY))
        await asyncio.to_thread(standby.start)
        yield Pair(primary, standby)


async def test_no_acknowledged_booking_is_gone_and_every_process_finds_the_new_primary(
    pair: Pair, tmp_path: Path
) -> None:
    await bring_up_to_date(pair.url)
    async with deployed(pair.url, tmp_path) as deployment:
        # No mail goes out without its link, however slow the machine is.
        deployment.environ["TIMETUNA_LINK_WAIT_SECONDS"] = "3600"
        host = await deployment.host()
        await deployment.connect_zoom(host)
        urls = [await deployment.web() for _ in range(2)]
        workers = await deployment.workers(processes=2, threads=2)
        async with httpx.AsyncClient(base_url=urls[0], timeout=30) as client:
            path = await host.publishes(client)
            await host.publishes(client, slug="second")
            starts = await free_times(client, path, BOOKINGS)
        pages = (path, path.replace("/intro/", "/second/"))
        wishes = [(urls[number % 2], pages[number // 2 % 2], start) for number, start in enumerate(starts)]

        booked: list[Booked] = []
        guests = [asyncio.create_task(_book(wishes[first::GUESTS_AT_ONCE], booked)) for first in range(GUESTS_AT_ONCE)]
        await deployment.until(lambda: _has(booked, BOOKINGS // 3))
        working = [pid for pid in children(workers.process.pid) if is_connected(pid, pair.primary.port)]
        promoted = await pair.fail_over()
        back = dict(await asyncio.gather(*(_back(pid, pair.standby.port) for pid in working)))
        await asyncio.gather(*guests)
        for url in urls:
            await deployment.until(lambda url=url: _is_ready(url))
            back[url] = min(each.answered_at for each in booked if each.url == url and each.asked_at > promoted)
        # As if the leases of what the dead server's last moments have left had run out.
        await deployment.store.pool.execute("update outbox set due_at = now() where lease_id is not null")
        async with httpx.AsyncClient(base_url=urls[0], timeout=30) as client:
            found = await asyncio.gather(*(ready(client, each.booking) for each in booked))
        await deployment.owes_nothing()
        kept = {row["id"] for row in await deployment.store.pool.fetch("select id from bookings")}

    assert BOOKINGS == len(booked)
    assert {each.booking["id"] for each in booked} == kept
    assert 2 + 2 == len(back)
    assert max(back.values()) < promoted + BACK_WITHIN
    assert BOOKINGS == len({each["conference"]["join_url"] for each in found})
    mails = {mail.message["Message-ID"]: mail.raw for mail in deployment.mailbox.messages()}
    assert 2 * BOOKINGS == len(mails)


async def _book(wishes: list[tuple[str, str, str]], booked: list[Booked]) -> None:
    for url, path, start in wishes:
        booked.append(await _book_one(url, path, start))


async def _book_one(url: str, path: str, start: str) -> Booked:
    """Ask until there is an answer, as a browser does when its guest presses the button again."""
    key = {"Idempotency-Key": f"{path}@{start}"}
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=url, timeout=30) as client:
        while True:
            asked_at = time.monotonic()
            answer = await client.post(f"{path}/bookings", json=submit(start), headers=key)
            if answer.is_success:
                return Booked(answer.json(), url, asked_at, time.monotonic())
            assert httpx.codes.SERVICE_UNAVAILABLE.value == answer.status_code, answer.text
            await asyncio.sleep(0.05)


async def _has(booked: list[Booked], count: int) -> bool:
    return len(booked) >= count


async def _is_ready(url: str) -> bool:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        return (await client.get("/readyz")).is_success


async def _back(pid: int, port: int) -> tuple[str, float]:
    """Wait until a process has a connection to that server; return both, it and the time."""
    async with asyncio.timeout(PATIENCE):
        while not is_connected(pid, port):
            await asyncio.sleep(0.05)
    return str(pid), time.monotonic()
