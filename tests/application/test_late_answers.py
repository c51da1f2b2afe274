"""What a calendar answers is as old as the question, however late the answer comes."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from application.calendars.timings import CalendarTimings
from application.ports.calendar_reader import (
    NOTHING_SEEN,
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    ReadingQuery,
)
from application.ports.calendars import StoredCalendar
from domain.busy import BusyTime
from domain.errors import SlotTaken
from domain.ids import CalendarId
from tests.support.calendar_world import MINUTE, TEN, CalendarWorld, busy

WORK = CalendarId("work")


class SlowReadings:
    """Holds the answer to the next reading back until it is let through; further ones come at once.

    Args:
        knows_what_changed: as servers do that have ETags.
    """

    def __init__(
        self, world: CalendarWorld, monkeypatch: pytest.MonkeyPatch, *, knows_what_changed: bool = False
    ) -> None:
        self._knows_what_changed = knows_what_changed
        self._reader = world.memory.calendar_readers["google"]
        self._reads = self._reader.read
        self._held_back: asyncio.Future[None] | None = asyncio.get_running_loop().create_future()
        self._is_asked = asyncio.Event()
        self._through = self._held_back
        self._app, self._actor = world.memory.app, world.actor
        monkeypatch.setattr(self._reader, "read", self._read)

    async def during(self, meanwhile: Callable[[], None], *, reads_again: bool = False) -> None:
        """Read the calendar, and let something happen between the question and its answer."""
        reading = asyncio.create_task(self._now())
        await self._is_asked.wait()
        meanwhile()
        if reads_again:
            await self._now()
        self._through.set_result(None)
        await reading

    async def _now(self) -> None:
        await self._app.read_calendar_now(self._actor, WORK)

    async def _read(self, access: CalendarAccess, query: ReadingQuery) -> CalendarRead | CalendarUnchanged:
        if not self._knows_what_changed:
            query = msgspec.structs.replace(query, seen=NOTHING_SEEN)
        answer = await self._reads(access, query)
        if self._held_back:
            through, self._held_back = self._held_back, None
            self._is_asked.set()
            await through
        return answer


async def a_world(*times: BusyTime) -> CalendarWorld:
    """A calendar that was read a while ago."""
    world = await CalendarWorld.with_page()
    await world.connect()
    world.publish(*times)
    await world.passes(2 * MINUTE)
    await world.passes(MINUTE, with_worker=False)
    return world


async def test_a_reading_is_as_old_as_its_question(monkeypatch: pytest.MonkeyPatch) -> None:
    world = await a_world()
    asked_at = world.memory.clock()

    def takes_its_time() -> None:
        world.memory.clock.advance(timedelta(seconds=20))
        world.publish(busy())

    await SlowReadings(world, monkeypatch).during(takes_its_time)

    calendar = await world.calendar()
    assert (asked_at, asked_at + CalendarTimings().grace) == (calendar.read_at, calendar.readable_until)
    with pytest.raises(SlotTaken):
        await world.books()


@pytest.mark.parametrize("times", [(), (busy(),)], ids=["freed", "taken"])
async def test_an_older_answer_that_comes_later_is_dropped(
    monkeypatch: pytest.MonkeyPatch, times: tuple[BusyTime, ...]
) -> None:
    world = await a_world(*(() if times else (busy(),)))

    def changes() -> None:
        world.memory.clock.advance(timedelta(seconds=1))
        world.publish(*times)

    await SlowReadings(world, monkeypatch).during(changes, reads_again=True)

    assert (TEN in await world.starts()) is not bool(times)


async def test_an_answer_that_nothing_has_changed_says_nothing_about_what_was_kept_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await a_world()
    before = await stored(world)
    readings = SlowReadings(world, monkeypatch, knows_what_changed=True)

    await readings.during(lambda: world.publish(busy()), reads_again=True)

    after = await stored(world)
    assert (busy(),) == after.times
    assert before.seen != after.seen


async def stored(world: CalendarWorld) -> StoredCalendar:
    async with world.memory.ports.begin() as uow:
        found = await uow.calendars.get(WORK)
    assert found
    return found
