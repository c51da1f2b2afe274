"""Processes killed at random, again and again, while guests book and Zoom is slow; counted afterwards."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from adapters.sandbox.zoom.accounts import ANNA
from application.ports.oauth import Grant
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.events import PARTIES
from tests.support.builders import a_host, a_page, zoom
from tests.support.deployment import Deployment
from tests.support.guests import free_times, submit
from tests.support.processes import PATIENCE, Running

pytestmark = pytest.mark.redis

HOSTS = 6
BOOKINGS = 300
ROUNDS = 2
GUESTS_AT_ONCE = 10

Json = dict[str, Any]


async def test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice(deployment: Deployment) -> None:
    deployment.environ["TIMETUNA_LINK_WAIT_SECONDS"] = "3"
    deployment.sandbox.switches.latency = 0.15
    processes = Processes(deployment, random.Random(20261122))
    await processes.start()
    wishes = await _wishes(deployment, processes)

    guests = asyncio.gather(*(_book(processes, wishes[first::GUESTS_AT_ONCE]) for first in range(GUESTS_AT_ONCE)))
    for _ in range(ROUNDS):
        await processes.are_killed()
    accepted = [booking for each in await guests for booking in each]
    deployment.sandbox.switches.latency = 0
    await processes.are_killed()
    await deployment.owes_nothing()

    rows = await deployment.store.pool.fetch("select id, revision, conference ->> 'join_url' as link from bookings")
    assert BOOKINGS == len(accepted)
    assert {booking["id"] for booking in accepted} == {row["id"] for row in rows}
    made = [meeting.body["join_url"] for meeting in deployment.sandbox.meetings]
    assert BOOKINGS == len({row["link"] for row in rows} & set(made))
    assert 0 <= len(made) - BOOKINGS <= processes.killed
    mails: defaultdict[str, set[bytes]] = defaultdict(set)
    for mail in deployment.mailbox.messages():
        mails[mail.message["Message-ID"]].add(mail.raw)
    for row in rows:
        for party in PARTIES:
            message_id = f"<{row['id']}.{row['revision']}.{party}@timetuna.example>"
            assert 1 == len(mails[message_id]), "the last revision was mailed, and any repeat of it is the same mail"
    assert all(len(each) == 1 for each in mails.values())


class Processes:
    """Two web processes, and workers that do one job at a time, so that each of them can lose one meeting at most."""

    def __init__(self, deployment: Deployment, lots: random.Random) -> None:
        self.killed = 0
        self._deployment = deployment
        self._lots = lots
        self._webs: dict[str, Running] = {}
        self._workers: list[Running] = []

    async def start(self) -> None:
        await asyncio.gather(*(self._start_web() for _ in range(2)), *(self._start_worker() for _ in range(3)))

    def url(self) -> str:
        """A web process that was up just now, and may be dead by the time that it is asked."""
        return self._lots.choice(list(self._webs))

    async def are_killed(self) -> None:
        """Kill a web process and a worker here and there, and at the end all workers at once."""
        for _ in range(2):
            await asyncio.sleep(self._lots.uniform(0.2, 1.0))
            await self._kill_a_web()
            await asyncio.sleep(self._lots.uniform(0.2, 1.0))
            await self._kill_a_worker()
        await asyncio.gather(*(self._kill_a_worker() for _ in list(self._workers)))

    async def _kill_a_web(self) -> None:
        url = self.url()
        await self._kill(self._webs.pop(url))
        await self._start_web()

    async def _kill_a_worker(self) -> None:
        await self._kill(self._workers.pop(self._lots.randrange(len(self._workers))))
        if not self._workers:
            # Nobody alive holds anything, so this is as if the leases of the dead had run out.
            await self._deployment.store.pool.execute("update outbox set due_at = now() where lease_id is not null")
        await self._start_worker()

    async def _kill(self, process: Running) -> None:
        await process.kill()
        self.killed += 1

    async def _start_web(self) -> None:
        url = await self._deployment.web()
        self._webs[url] = self._deployment.webs[url]

    async def _start_worker(self) -> None:
        self._workers.append(await self._deployment.workers(threads=1))


class Wish(msgspec.Struct, frozen=True):
    path: str
    start: str


async def _wishes(deployment: Deployment, processes: Processes) -> list[Wish]:
    """Free times of several hosts, each with a Zoom account of their own: one account makes 100 meetings a day."""
    wishes: list[Wish] = []
    async with httpx.AsyncClient(base_url=processes.url()) as client:
        for number in range(HOSTS):
            path = await _a_host_with_zoom(deployment, number)
            wishes += [Wish(path, start) for start in await free_times(client, path, BOOKINGS // HOSTS)]
    assert BOOKINGS == len(wishes)
    return wishes


async def _a_host_with_zoom(deployment: Deployment, number: int) -> str:
    account = replace(ANNA, id=f"anna-{number}", email=f"anna{number}@zoom.example")
    deployment.sandbox.add(account)
    pair = deployment.sandbox.authorize(account)
    now = datetime.now(UTC)
    grant = Grant(pair.access_token, pair.refresh_token, now + timedelta(hours=1), frozenset(pair.scope.split()))
    connected = ProviderAccount(account.id, account.account_id, account.email, "Anna Höst")
    host = a_host()
    page = a_page(host, meeting_types=(zoom,))
    async with deployment.store.begin() as uow:
        uow.hosts.add(host, None)
        uow.accounts.confirm_email(host.id, now)
        uow.pages.add(page)
        uow.connections.put(ProviderConnection(host.id, "zoom", connected, Connected(), now), grant)
    return f"/api/v1/public/{host.handle}/{page.slug}/{page.event_types[0].slug}"


async def _book(processes: Processes, wishes: list[Wish]) -> list[Json]:
    return [await _book_one(processes, wish) for wish in wishes]


async def _book_one(processes: Processes, wish: Wish) -> Json:
    """Ask until there is an answer, as a browser does when its guest presses the button again."""
    key = {"Idempotency-Key": f"{wish.path} {wish.start}".replace(" ", "@")}
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with httpx.AsyncClient(base_url=processes.url(), timeout=10) as client:
                    answer = await client.post(f"{wish.path}/bookings", json=submit(wish.start), headers=key)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code == httpx.codes.CREATED, answer.text
            return answer.json()
