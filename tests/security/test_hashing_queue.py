"""However many sign in at once, few hash at a time, few wait, and the rest are asked to come back."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from threading import Event, Lock
from typing import Literal

import httpx
import pytest
from argon2 import PasswordHasher

from adapters.vault.passwords import Argon2Passwords
from application.app import App
from domain.errors import Overloaded
from tests.support.memory_app import MemoryApp
from tests.support.processes import PATIENCE
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor

AT_ONCE, PLACES, CALLERS = 2, 6, 150


class CountedHasher(PasswordHasher):
    """Hashes at next to no cost, once it may, and counts how many do so at a time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.may = Event()
        self.may.set()
        self.lock = Lock()
        self.now = self.most = self.all = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with self.lock:
            self.now += 1
            self.all += 1
            self.most = max(self.most, self.now)
        try:
            assert self.may.wait(PATIENCE)
            return super().verify(hash, password)
        finally:
            with self.lock:
                self.now -= 1


@pytest.fixture
def hasher() -> CountedHasher:
    return CountedHasher()


@pytest.fixture
def server(hasher: CountedHasher) -> Server:
    memory = MemoryApp()
    memory.ports = replace(memory.ports, passwords=Argon2Passwords(hasher, at_once=AT_ONCE, places=PLACES))
    memory.app = App(memory.ports)
    return Server(memory)


async def has_no_place(server: Server) -> None:
    """Wait until the queue is full."""
    with suppress(Overloaded):
        while True:
            with server.memory.ports.passwords.queued():
                pass
            await asyncio.sleep(0)


async def signs_in(server: Server, network: int, email: str = "nobody@hosts.example") -> httpx.Response:
    client = server.client(address=f"198.51.{network // 250}.{network % 250}")
    return await client.post("/signin", data={"email": email, "password": PASSWORD})


async def at_once(hasher: CountedHasher, *signing_in: Awaitable[httpx.Response]) -> list[httpx.Response]:
    """All of them; who has a place keeps it until the others are answered."""
    hasher.may.clear()
    answers = [asyncio.ensure_future(each) for each in signing_in]
    async with asyncio.timeout(PATIENCE):
        while sum(each.done() for each in answers) < len(answers) - PLACES:
            await asyncio.sleep(0)
    hasher.may.set()
    return await asyncio.gather(*answers)


async def test_of_many_sign_ins_at_once_only_so_many_hash_and_wait(server: Server, hasher: CountedHasher) -> None:
    answers = await at_once(hasher, *(signs_in(server, n, f"{n}@hosts.example") for n in range(CALLERS)))

    assert {400: PLACES, 503: CALLERS - PLACES} == Counter(each.status_code for each in answers)
    assert PLACES == hasher.all
    assert 1 <= hasher.most <= AT_ONCE


async def test_who_is_turned_away_reads_when_to_come_back_and_finds_a_place_then(
    server: Server, hasher: CountedHasher
) -> None:
    answers = await at_once(hasher, *(signs_in(server, n) for n in range(PLACES + 1)))
    [turned_away] = [each for each in answers if each.status_code == 503]

    assert "5" == turned_away.headers["retry-after"]
    assert "We’re busy right now. Nothing changed. Try again in a few seconds." in turned_away.text
    assert 400 == (await signs_in(server, PLACES + 1)).status_code


async def test_being_turned_away_is_no_failure(server: Server, hasher: CountedHasher) -> None:
    host = await server.memory.host()
    async with server.memory.store.begin() as uow:
        uow.accounts.set_password(host.id, await server.memory.ports.passwords.hash(PASSWORD))
    for _ in range(2):
        await at_once(hasher, *(signs_in(server, 7, host.email) for _ in range(14)))

    assert 303 == (await signs_in(server, 7, host.email)).status_code


async def test_other_requests_are_answered_while_passwords_are_hashed(server: Server, hasher: CountedHasher) -> None:
    hasher.may.clear()
    signing_in = [asyncio.create_task(signs_in(server, n)) for n in range(PLACES)]
    await has_no_place(server)

    health = await server.client().get("/healthz")
    waiting = [each.done() for each in signing_in]
    hasher.may.set()

    assert (200, [False] * PLACES) == (health.status_code, waiting)
    assert [400] * PLACES == [each.status_code for each in await asyncio.gather(*signing_in)]


async def test_signing_up_waits_in_the_same_queue(server: Server, hasher: CountedHasher) -> None:
    form = {"name": "Ana", "handle": "ana", "timezone": "UTC", "email": "ana@hosts.example", "password": PASSWORD}
    visitor = Visitor(server)
    hasher.may.clear()

    waiting = [asyncio.create_task(signs_in(server, n)) for n in range(PLACES)]
    await has_no_place(server)
    await visitor.sends("/signup", {**form})
    hasher.may.set()
    await asyncio.gather(*waiting)

    assert 503 == visitor.status
    async with server.memory.store.begin() as uow:
        assert await uow.accounts.find("ana@hosts.example") is None
