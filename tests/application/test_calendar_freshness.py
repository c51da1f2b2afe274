"""How often calendars are read: sooner where somebody looks, later where nobody does, no more than providers bear."""

import asyncio
import dataclasses
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from application.actor import HostActor
from application.app import App
from application.calendars.freshen_calendars import AT_MOST
from application.calendars.timings import CalendarTimings
from application.jobs import Due, ReadCalendarJob
from application.pages.page_edits import CalendarsEdit, PageEdit
from application.ports.calendar_reader import CalendarAccess, CalendarRead, CalendarUnchanged, ReadingQuery
from application.ports.provider import TryLater
from domain.budgets import EARLY_CALENDAR_READINGS
from domain.ids import CalendarId
from domain.provider_problem import RateLimited
from tests.support.calendar_world import HOUR, MINUTE, CalendarWorld, busy
from tests.support.memory_app import MemoryApp

POLL, SECOND = CalendarTimings().calendar_poll, timedelta(seconds=1)


async def a_world(*names: str, blocks: bool = True) -> CalendarWorld:
    world = await CalendarWorld.with_page()
    await world.connect("anna", *names, blocks=blocks)
    return world


async def looks(world: CalendarWorld) -> None:
    """The host opens the dashboard, and the worker has a moment."""
    calendars = await world.memory.ports.views.calendars(world.host.id)
    await world.memory.app.freshen_calendars(HostActor(world.host.id), calendars)
    await world.memory.work_off()


async def nudge(world: CalendarWorld, *names: str) -> None:
    """Wish for a reading at once, as a push does."""
    found = await world.memory.ports.views.calendars(world.host.id)
    async with world.memory.ports.begin() as uow:
        now = world.memory.clock()
        uow.outbox.enqueue(*(Due(ReadCalendarJob(each.id), now) for each in found if not names or each.id in names))
    await world.memory.work_off()


async def names_awaited(world: CalendarWorld) -> list[str]:
    return [each.name for each in await world.memory.ports.views.calendars(world.host.id) if each.is_awaited]


def busy_until(world: CalendarWorld, wait: timedelta) -> None:
    """Let the provider refuse to be asked for a while, as it refuses to renew the access that has ended."""
    accounts = world.memory.calendar_accounts["google"]
    accounts.expire_access_tokens()
    accounts.fail("refresh", TryLater(RateLimited("google"), at=world.memory.clock() + wait), times=1)


async def test_calendars_that_were_connected_together_are_read_ever_further_apart() -> None:
    memory = MemoryApp()
    memory.ports = dataclasses.replace(memory.ports, jitter=random.Random(1).random)
    memory.app = App(memory.ports)
    world = await CalendarWorld.with_page(memory)
    await world.connect("anna", *(f"c{each}" for each in range(10)))
    await world.passes(POLL)
    assert 10 == len(world.asked)

    at_once: list[int] = []
    await world.passes(0.9 * POLL - SECOND)
    for _ in range(9):
        before = len(world.asked)
        await world.passes(0.025 * POLL)
        at_once.append(len(world.asked) - before)

    assert 10 == sum(at_once)
    assert max(at_once) < 5


async def test_a_host_who_looks_sees_what_was_changed_a_minute_ago() -> None:
    world = await a_world("work", "home")
    await world.passes(POLL / 2)

    await looks(world)

    assert {"work", "home"} == {name for _, name in world.asked}


async def test_a_host_who_looks_again_and_again_reads_nothing_more() -> None:
    world = await a_world()
    await world.passes(POLL / 2)
    for _ in range(5):
        await looks(world)
        await world.passes(SECOND)

    assert 1 == len(world.asked)


async def test_a_host_with_very_many_calendars_reads_those_of_the_longest_ago() -> None:
    world = await a_world(*(f"c{each:02}" for each in range(AT_MOST + 5)))
    await world.passes(POLL / 2)

    await looks(world)

    assert AT_MOST == len(world.asked)


async def test_a_calendar_that_no_page_uses_is_read_seldom_and_stays_fresh() -> None:
    used, unused = await a_world(), await a_world(blocks=False)
    for world in (used, unused):
        for _ in range(60):
            await world.passes(MINUTE)

    assert len(unused.asked) * 4 < len(used.asked)
    assert "fresh" == (await unused.calendar()).state(unused.memory.clock())


async def test_what_a_page_needs_to_know_of_a_calendar_is_read_at_once() -> None:
    world = await a_world(blocks=False)
    read_until = (await world.calendar()).read_until

    async def edit(page: PageEdit) -> list[tuple[str, str]]:
        world.memory.calendar_readers["google"].asked.clear()
        await world.memory.app.change_page(world.actor, world.page.id, page)
        await world.memory.work_off()
        return world.asked

    assert [("anna", "work")] == await edit(PageEdit(calendars=CalendarsEdit(blocking=(CalendarId("work"),))))
    assert [] == await edit(PageEdit(title="Another"))
    assert [("anna", "work")] == await edit(PageEdit(horizon_days=365))
    assert read_until is not None
    assert read_until < ((await world.calendar()).read_until or read_until)


async def test_a_provider_that_wants_to_be_left_alone_is_asked_about_none_of_the_accounts_calendars() -> None:
    world = await a_world("work", "home")
    await world.connect("bert", "other")
    busy_until(world, HOUR / 4)
    await nudge(world, "work")
    world.memory.calendar_readers["google"].asked.clear()

    await world.passes(MINUTE)
    await world.books()
    for _ in range(13):
        await world.passes(MINUTE)
        await nudge(world)

    assert {"other"} == {name for _, name in world.asked}
    await world.passes(2 * MINUTE)
    assert {"work", "home", "other"} == {name for _, name in world.asked}


async def test_pushes_read_no_more_than_a_provider_bears_and_the_last_one_counts() -> None:
    world = await a_world("work", "home")
    for number in range(200):
        world.publish(busy(length=(number + 1) * SECOND))
        await nudge(world)
        await world.passes(SECOND / 4)

    assert len(world.asked) <= 2 * EARLY_CALENDAR_READINGS.most
    await world.passes(MINUTE)
    async with world.memory.ports.begin() as uow:
        stored = await uow.calendars.get((await world.calendar()).id)
    assert stored
    assert (busy(length=200 * SECOND),) == stored.times


async def test_a_host_who_has_an_account_read_waits_so_long_alone_and_the_rest_is_owed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory = MemoryApp()
    memory.ports = replace(memory.ports, calendar_timings=CalendarTimings(host_waits=SECOND))
    memory.app = App(memory.ports)
    world = await CalendarWorld.with_page(memory)
    connection = await world.connect("anna", "work", "home", "slow")
    reader = memory.calendar_readers["google"]
    reads = reader.read

    async def some(access: CalendarAccess, query: ReadingQuery) -> CalendarRead | CalendarUnchanged:
        if query.remote_id == "slow":
            await asyncio.Event().wait()
        return await reads(access, query)

    monkeypatch.setattr(reader, "read", some)
    await memory.app.read_calendar_now.all_of(world.actor, connection.id)
    monkeypatch.setattr(reader, "read", reads)
    at_once, awaited = {name for _, name in world.asked}, await names_awaited(world)
    await memory.work_off()

    assert ({"work", "home"}, [("anna", "slow")]) == (at_once, world.asked[2:])
    assert (["Slow"], []) == (awaited, await names_awaited(world))
