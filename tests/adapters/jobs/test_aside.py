"""Jobs that wait for strangers' servers keep nothing else waiting."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial

import pytest

from adapters.jobs import actors
from adapters.jobs.actors import Aside


class Jobs:
    """Each says when it begins, and ends when it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.go = asyncio.Event()
        self._each: dict[str, asyncio.Event] = {}

    def job(self, name: str) -> Callable[[], Coroutine[None, None, None]]:
        self._each[name] = asyncio.Event()
        return partial(self._run, name)

    async def let_go(self, name: str) -> None:
        """Let one end, and whatever has room then begin."""
        self._each[name].set()
        while name not in self.ended:
            await asyncio.sleep(0)
        await begin()

    async def _run(self, name: str) -> None:
        self.begun.append(name)
        waits = [asyncio.create_task(each.wait()) for each in (self.go, self._each[name])]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        self.ended.append(name)


async def begin() -> None:
    """Let whatever was started get to its first pause."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_one_host_leaves_room_for_the_others_and_goes_on_as_its_own_end() -> None:
    aside, jobs = Aside(most_each=2), Jobs()
    for name in ("one", "two", "three"):
        aside.start("slow", name, jobs.job(name))
    aside.start("other", "four", jobs.job("four"))
    await begin()

    assert ["one", "two", "four"] == jobs.begun
    await jobs.let_go("one")
    assert ["one", "two", "four", "three"] == jobs.begun


async def test_where_there_is_no_room_the_next_is_the_host_who_has_the_fewest() -> None:
    aside, jobs = Aside(most=2), Jobs()
    for name in ("one", "two", "three", "four"):
        aside.start("slow", name, jobs.job(name))
    aside.start("other", "five", jobs.job("five"))
    await begin()
    await jobs.let_go("one")

    assert ["one", "two", "five"] == jobs.begun


async def test_one_that_comes_again_before_it_has_room_runs_once() -> None:
    aside, jobs = Aside(most=1), Jobs()
    aside.start("host", "first", jobs.job("first"))
    aside.start("host", "again", jobs.job("lease that has ended"))
    aside.start("host", "again", jobs.job("lease that lasts"))
    await begin()
    await jobs.let_go("first")

    assert ["first", "lease that lasts"] == jobs.begun


async def test_so_many_without_room_that_memory_matters_are_left_to_their_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actors, "MOST_QUEUED", 1)
    aside, jobs = Aside(most=1), Jobs()
    for name in ("runs", "waits", "is left"):
        aside.start(name, name, jobs.job(name))
    await begin()
    for name in ("runs", "waits"):
        await jobs.let_go(name)

    assert ["runs", "waits"] == jobs.begun


async def test_one_that_fails_leaves_room_for_the_next() -> None:
    async def fails() -> None:
        raise OSError

    aside, jobs = Aside(most=1), Jobs()
    aside.start("host", "fails", fails)
    aside.start("host", "next", jobs.job("next"))
    await begin()

    assert ["next"] == jobs.begun


async def test_at_the_end_what_runs_is_finished_and_what_has_no_room_is_left() -> None:
    aside, jobs = Aside(most=1), Jobs()
    for name in ("one", "two"):
        aside.start("host", name, jobs.job(name))
    await begin()
    jobs.go.set()
    await aside.finish()

    assert ["one"] == jobs.begun == jobs.ended


async def test_what_does_not_end_in_time_is_cancelled() -> None:
    aside, jobs = Aside(), Jobs()
    aside.start("host", "one", jobs.job("one"))
    await aside.finish(within=0.01)

    assert (["one"], []) == (jobs.begun, jobs.ended)
