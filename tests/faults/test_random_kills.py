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
from tests.faults.killing import Processes
from tests.support.builders import a_host, a_page, zoom
from tests.support.deployment import Deployment
from tests.support.guests import free_times, submit
from tests.support.processes import PATIENCE

pytestmark = pytest.mark.redis

HOSTS = 6
BOOKINGS = 300
ROUNDS = 2
GUESTS_AT_ONCE = 10

Json = dict[str, Any]


async def test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice(deployment: Deployment) -> None:
    deployment.environ["TIMETUNA_LINK_WAIT_SECONDS"] = "3"
    deployment.sandbox.switches.latency = 0.15
    # With one thread each worker can lose one meeting at most.
    processes = Processes(deployment, random.Random(20261122), threads=1)
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
