"""Jobs that wait for strangers' servers keep nothing else waiting."""

import asyncio

from adapters.jobs.actors import Aside


class Jobs:
    """Each says when it begins, and ends when it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.go = asyncio.Event()

    async def job(self, name: str) -> None:
        self.begun.append(name)
        await self.go.wait()
        self.ended.append(name)


async def test_as_many_run_as_there_is_room_for_and_the_others_are_left_to_their_lease() -> None:
    aside, jobs = Aside(most=2), Jobs()
    for name in ("one", "two", "three"):
        aside.start(jobs.job(name))
    jobs.go.set()
    await aside.finish()

    assert ["one", "two"] == jobs.begun == jobs.ended


async def test_one_that_fails_leaves_room_for_the_next() -> None:
    async def fails() -> None:
        raise OSError

    aside, jobs = Aside(most=1), Jobs()
    aside.start(fails())
    await aside.finish()
    aside.start(jobs.job("next"))
    jobs.go.set()
    await aside.finish()

    assert ["next"] == jobs.ended


async def test_what_does_not_end_in_time_is_cancelled() -> None:
    aside, jobs = Aside(), Jobs()
    aside.start(jobs.job("one"))
    await aside.finish(within=0.01)

    assert (["one"], []) == (jobs.begun, jobs.ended)
