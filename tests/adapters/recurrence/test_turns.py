"""Whose turn it is, where work for all hosts has few places."""

import asyncio

from adapters.recurrence.turns import Turns


class Hosts:
    """Each holds its place until it is told to leave."""

    def __init__(self, places: int) -> None:
        self.served: list[str] = []
        self._turns = Turns(places)
        self._leaving: dict[str, asyncio.Event] = {}

    async def wait(self, name: str) -> asyncio.Task[None]:
        """Names are those of hosts, and a number: `anna 1`."""
        self._leaving[name] = asyncio.Event()
        task = asyncio.create_task(self._work(name))
        await settled()
        return task

    async def leave(self, name: str) -> None:
        self._leaving[name].set()
        await settled()

    async def _work(self, name: str) -> None:
        async with self._turns.of(name.split(maxsplit=1)[0]):
            self.served.append(name)
            await self._leaving[name].wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_host_with_many_files_holds_one_place_and_lets_those_go_first_who_had_less() -> None:
    hosts = Hosts(places=2)
    for name in ("mia 1", "mia 2", "mia 3"):
        await hosts.wait(name)

    await hosts.wait("anna 1")
    await hosts.leave("mia 1")
    await hosts.wait("ben 1")
    await hosts.leave("mia 2")

    assert ["mia 1", "anna 1", "mia 2", "ben 1"] == hosts.served


async def test_who_gives_up_leaves_the_place_to_others_whether_or_not_it_was_called() -> None:
    hosts = Hosts(places=1)
    first, waiting, called = [await hosts.wait(name) for name in ("anna 1", "ben 1", "carl 1")]

    waiting.cancel()
    await settled()
    first.cancel()
    called.cancel()
    await settled()
    await hosts.wait("dora 1")

    assert ["anna 1", "dora 1"] == hosts.served
