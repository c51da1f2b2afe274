"""What becomes of a connection that stops working: who is told, how often, and what it says then."""

from datetime import UTC, datetime, timedelta

import pytest

from application.actor import HostActor
from application.connections.show_connections import ProviderState
from application.ports.notices import ConnectionNeedsHost
from application.ports.provider import NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from domain.conference import Failure, Pending
from domain.connection import Blocked, NeedsReconnect
from domain.host import Host
from domain.provider_problem import (
    DailyLimitReached,
    GrantEnded,
    GrantUnreadable,
    MeetingsNotAllowed,
    Misconfigured,
    PermissionMissing,
    RateLimited,
    Superseded,
    TimedOut,
    UserMoved,
    UserUnknown,
)
from tests.support.builders import TOMORROW_AT_TEN, a_booking, a_page, an_account, zoom
from tests.support.connecting import books, books_on, connection_of, connects
from tests.support.memory_app import MemoryApp

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp()


async def a_connected_host(memory: MemoryApp) -> Host:
    host = await memory.host()
    await memory.connect(host)
    return host


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NotConnected(UserUnknown("zoom")), NeedsReconnect(UserUnknown("zoom"))),
        (NotPermitted(MeetingsNotAllowed("zoom")), Blocked(MeetingsNotAllowed("zoom"))),
    ],
)
async def test_what_needs_the_host_is_noted_and_mailed_with_the_reason(
    memory: MemoryApp, error: ProviderError, state: NeedsReconnect | Blocked
) -> None:
    host = await a_connected_host(memory)
    memory.providers["zoom"].fail("create", error)

    await books_on(memory, await memory.page(a_page(host)))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert state == connection.state
    [notice] = memory.mailer.notices
    assert (host, ConnectionNeedsHost("zoom", state)) == (notice.to, notice.about)


@pytest.mark.parametrize(
    "error",
    [TryLater(RateLimited("zoom")), OurFault(Misconfigured("zoom")), TryLater(TimedOut("zoom"), left_behind=True)],
)
async def test_what_passes_costs_no_connection_and_no_mail(memory: MemoryApp, error: ProviderError) -> None:
    host = await a_connected_host(memory)
    memory.providers["zoom"].fail("create", error)

    await books_on(memory, await memory.page(a_page(host)))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert "connected" == connection.status
    assert [] == memory.mailer.notices


async def test_of_many_bookings_that_fail_at_once_the_host_hears_once(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    page = await memory.page(a_page(host))
    for number in range(5):
        await books(memory, a_booking(page, TOMORROW_AT_TEN + number * AN_HOUR))
    memory.providers["zoom"].fail("create", NotConnected(GrantEnded("zoom")), times=5)

    await memory.work_off()

    assert 1 == len(memory.mailer.notices)


async def test_after_it_worked_again_the_next_failure_is_mailed_again(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    page = await memory.page(a_page(host))
    problems = UserUnknown("zoom"), UserMoved("zoom")
    for number, problem in enumerate(problems):
        memory.providers["zoom"].fail("create", NotConnected(problem))
        await books(memory, a_booking(page, TOMORROW_AT_TEN + 2 * number * AN_HOUR))
        await memory.work_off()
        memory.clock.advance(timedelta(minutes=5))
        await connects(memory, host, an_account(f"{host.handle} at zoom"))
        await books(memory, a_booking(page, TOMORROW_AT_TEN + (2 * number + 1) * AN_HOUR))
        await memory.work_off()

    assert [ConnectionNeedsHost("zoom", NeedsReconnect(each)) for each in problems] == [
        notice.about for notice in memory.mailer.notices
    ]
    assert 2 == len({notice.id for notice in memory.mailer.notices})


async def test_who_was_faster_than_the_mail_gets_none(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    memory.providers["zoom"].fail("create", NotConnected(GrantEnded("zoom")))
    await books(memory, a_booking(await memory.page(a_page(host))))
    [lease] = await memory.store.backlog.lease(9, AN_HOUR)
    await memory.app.run_job(lease)
    memory.clock.advance(timedelta(seconds=1))

    await connects(memory, host, an_account("again"))
    await memory.work_off()

    assert [] == memory.mailer.notices


async def test_a_dead_refresh_token_is_found_out_and_told(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    memory.providers["zoom"].kill_grants(an_account(f"{host.handle} at zoom"))
    memory.clock.advance(2 * AN_HOUR)

    await books_on(memory, await memory.page(a_page(host)))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert NeedsReconnect(GrantEnded("zoom")) == connection.state
    assert 1 == len(memory.mailer.notices)


async def test_a_grant_that_this_server_can_not_open_is_not_the_hosts_trouble(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    memory.store.lose_keys()

    booking = await books_on(memory, await memory.page(a_page(host)))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert "connected" == connection.status
    assert [] == memory.mailer.notices
    view = await memory.store.views.booking(host.id, booking.id)
    assert view is not None
    assert isinstance(view.booking.conference, Pending)
    assert Failure("misconfigured", GrantUnreadable("zoom")) == view.booking.conference.failure


async def test_a_narrowed_grant_is_found_out_at_the_next_refresh(memory: MemoryApp) -> None:
    host = await memory.host()
    account = an_account("narrowed")
    narrow = memory.providers["zoom"].grant_to(account, frozenset())
    await connects(memory, host, account)
    connection = await connection_of(memory, host)
    assert connection is not None
    async with memory.store.begin() as uow:
        uow.connections.put(connection, narrow)
    memory.clock.advance(2 * AN_HOUR)

    await books_on(memory, await memory.page(a_page(host)))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert PermissionMissing("zoom") == connection.problem


async def test_the_row_that_lost_says_that_another_account_connected_the_same_login(memory: MemoryApp) -> None:
    loser, winner = await memory.host(), await memory.host()
    shared = an_account("shared")
    await connects(memory, loser, shared)
    memory.clock.advance(2 * AN_HOUR)
    await connects(memory, winner, shared)
    assert (await health(memory, loser)).may_have_ended
    assert not (await health(memory, winner)).may_have_ended
    memory.providers["zoom"].fail("refresh", NotConnected(GrantEnded("zoom")))

    await books_on(memory, await memory.page(a_page(loser)))

    lost = await connection_of(memory, loser)
    assert lost is not None
    assert Superseded("zoom") == lost.problem
    shown = await health(memory, loser)
    assert (lost.problem, False) == (shown.problem, shown.may_have_ended)
    won = await connection_of(memory, winner)
    assert won is not None
    assert "connected" == won.status
    assert [ConnectionNeedsHost("zoom", NeedsReconnect(Superseded("zoom")))] == [
        notice.about for notice in memory.mailer.notices
    ]


async def test_both_rows_of_a_shared_login_work_as_long_as_the_provider_lets_them(memory: MemoryApp) -> None:
    shared = an_account("shared")
    hosts = [await memory.host() for _ in range(2)]
    for host in hosts:
        await connects(memory, host, shared)

    for host in hosts:
        await books_on(memory, await memory.page(a_page(host)))

    assert 2 == len(memory.providers["zoom"].meetings)


async def test_the_daily_limit_is_a_note_on_a_connected_row_until_it_resets(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    memory.providers["zoom"].fail("create", TryLater(DailyLimitReached("zoom", MIDNIGHT), at=MIDNIGHT))

    await books_on(memory, await memory.page(a_page(host)))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert "connected" == connection.status
    assert MIDNIGHT == (await health(memory, host)).limited_until
    assert [] == memory.mailer.notices
    memory.clock.set(MIDNIGHT + timedelta(minutes=1))
    await memory.work_off()
    assert (await health(memory, host)).limited_until is None
    connection = await connection_of(memory, host)
    assert connection is not None
    assert (MIDNIGHT + timedelta(minutes=1), None) == (connection.last_meeting_at, connection.limited_until)


async def test_a_provider_that_left_the_settings_is_not_the_hosts_trouble(memory: MemoryApp) -> None:
    host = await a_connected_host(memory)
    page = await memory.page(a_page(host, meeting_types=(zoom,)))
    del memory.providers["zoom"]

    await books_on(memory, page)

    connection = await connection_of(memory, host)
    assert connection is not None
    assert "connected" == connection.status
    assert [] == memory.mailer.notices


async def health(memory: MemoryApp, host: Host) -> ProviderState:
    return (await memory.app.show_connections(HostActor(host.id)))["zoom"]
