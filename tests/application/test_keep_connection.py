"""Connections that nobody uses are kept alive, a few at a time."""

from datetime import timedelta

import pytest

from application.actor import System
from application.connections.keep_connection import BATCH, EVERY, ScheduleRefreshes
from application.jobs import Due, KeepConnectionJob
from application.ports.notices import ConnectionNeedsHost
from application.ports.provider import NotConnected, OurFault, ProviderError, TryLater
from domain.connection import KEEP_AFTER, NeedsReconnect
from domain.provider_problem import GrantEnded, Misconfigured, RateLimited
from tests.support.builders import a_connection, a_host, a_page, an_account
from tests.support.connecting import books_on, connection_of
from tests.support.memory_app import MemoryApp

A_DAY = timedelta(days=1)


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp()


async def keeps_up(memory: MemoryApp, minutes: int = 2) -> list[int]:
    """Let some minutes pass as a process does; returns how many were found in each."""
    found: list[int] = []
    for _ in range(minutes):
        found.append(await memory.app.schedule_refreshes(System()))
        memory.clock.advance(EVERY)
        await memory.work_off()
    return found


async def test_an_unused_connection_outlives_its_ninety_days(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host)

    for _ in range(200):
        memory.clock.advance(A_DAY)
        await keeps_up(memory)

    assert 6 == memory.providers["zoom"].calls["refresh"]
    await books_on(memory, await memory.page(a_page(host)))
    assert 1 == len(memory.providers["zoom"].meetings)


async def test_tokens_that_were_renewed_by_a_booking_are_left_alone(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host)
    memory.clock.advance(KEEP_AFTER - A_DAY)
    await books_on(memory, await memory.page(a_page(host)))
    assert 1 == memory.providers["zoom"].calls["refresh"]

    memory.clock.advance(2 * A_DAY)

    assert [0] == await keeps_up(memory, minutes=1)
    connection = await connection_of(memory, host)
    assert connection is not None
    assert connection.refreshed_at == memory.clock() - EVERY - 2 * A_DAY


async def test_what_was_owed_and_then_done_by_somebody_else_is_not_done_again(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host)
    async with memory.store.begin() as uow:
        uow.outbox.enqueue(Due(KeepConnectionJob(host.id, "zoom"), memory.clock()))

    await memory.work_off()

    assert 0 == memory.providers["zoom"].calls["refresh"]


async def test_hosts_who_connected_together_do_not_come_back_in_one_minute(memory: MemoryApp) -> None:
    hosts = [await memory.host() for _ in range(2 * BATCH + 10)]
    for host in hosts:
        await memory.connect(host)
    memory.clock.advance(KEEP_AFTER)

    assert [BATCH, BATCH, 10, 0] == await keeps_up(memory, minutes=4)
    assert len(hosts) == memory.providers["zoom"].calls["refresh"]


async def test_those_of_one_minute_are_spread_over_it() -> None:
    memory = MemoryApp()
    jitters = iter((0.0, 0.25, 0.75))
    schedule = ScheduleRefreshes(
        memory.store.begin, memory.store.views, memory.app.configured, memory.clock, lambda: next(jitters)
    )
    for _ in range(3):
        await memory.connect(await memory.host())
    memory.clock.advance(KEEP_AFTER)

    await schedule(System())
    refreshed: list[int] = []
    for _ in range(4):
        await memory.work_off()
        refreshed.append(memory.providers["zoom"].calls["refresh"])
        memory.clock.advance(EVERY / 4)

    assert [1, 2, 2, 3] == refreshed


@pytest.mark.parametrize("error", [TryLater(RateLimited("zoom")), OurFault(Misconfigured("zoom"))])
async def test_what_fails_for_now_is_tried_again_ever_more_slowly_and_costs_nothing(
    memory: MemoryApp, error: ProviderError
) -> None:
    host = await memory.host()
    await memory.connect(host)
    memory.clock.advance(KEEP_AFTER)
    memory.providers["zoom"].fail("refresh", error, times=10_000)

    await keeps_up(memory, minutes=24 * 60)

    connection = await connection_of(memory, host)
    assert connection is not None
    assert "connected" == connection.status
    assert 10 < memory.providers["zoom"].calls["refresh"] < 60
    assert [] == memory.mailer.notices


async def test_a_grant_that_turns_out_dead_is_told_and_then_left_alone(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host)
    memory.clock.advance(KEEP_AFTER)
    memory.providers["zoom"].fail("refresh", NotConnected(GrantEnded("zoom")))

    assert [1, 0, 0] == await keeps_up(memory, minutes=3)

    [notice] = memory.mailer.notices
    assert ConnectionNeedsHost("zoom", NeedsReconnect(GrantEnded("zoom"))) == notice.about
    assert 1 == memory.providers["zoom"].calls["refresh"]


async def test_a_connection_that_is_gone_meanwhile_needs_no_keeping(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host)
    memory.clock.advance(KEEP_AFTER)
    await memory.app.schedule_refreshes(System())

    async with memory.store.begin() as uow:
        uow.connections.remove(host.id, "zoom")
    memory.clock.advance(EVERY)
    await memory.work_off()

    assert await memory.store.backlog.next_due_at() is None
    assert 0 == memory.providers["zoom"].calls["refresh"]


async def test_a_provider_without_settings_is_left_alone() -> None:
    memory = MemoryApp(configured=("google",))
    host = await memory.host(a_host())
    account = an_account("from before")
    async with memory.store.begin() as uow:
        grant = memory.providers["google"].grant_to(account)
        uow.connections.put(a_connection(host, account=account, connected_at=memory.clock()), grant)
    memory.clock.advance(KEEP_AFTER)

    assert [0, 0] == await keeps_up(memory)
