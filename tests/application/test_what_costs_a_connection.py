"""Whatever Zoom does, a connection is lost only where Zoom clearly says so: every failure of the sandbox, over HTTP."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from application.actor import System
from application.connections.grants import UseGrant
from application.ports.meetings import ConferenceProvider
from application.ports.oauth import SKEW
from application.ports.provider import NotConnected, ProviderError
from domain.conference import Ready
from domain.connection import ProviderStatus
from tests.application.zoom_world import THURSDAY_AT_TEN, ZoomWorld, a_zoom_world
from tests.support.builders import zoom

DEAD = {
    ZoomFailure.MISSING_SCOPE,
    ZoomFailure.USER_GONE,
    ZoomFailure.USER_MOVED,
    ZoomFailure.OWNER_GONE,
    ZoomFailure.REFRESH_NOT_FOUND,
    ZoomFailure.DISABLED_BY_ADMIN,
    ZoomFailure.TOO_OFTEN,
    ZoomFailure.NEWER_AUTHORIZATION,
    ZoomFailure.SCOPES_CHANGED,
    ZoomFailure.INVALID_GRANT,
    ZoomFailure.INVALID_GRANT_BARE,
    ZoomFailure.INVALID_GRANT_401,
    ZoomFailure.INVALID_GRANT_OLD,
}
BLOCKED = {
    ZoomFailure.MAY_NOT_SCHEDULE,
    ZoomFailure.PAID_ONLY,
    ZoomFailure.NO_PERMISSION,
    ZoomFailure.BLOCKED_USER,
    ZoomFailure.PMI_USED,
}
SPENT = {ZoomFailure.DROP_AFTER, ZoomFailure.HANG_AFTER}
"""The refresh token is used up and its successor lost on the way: Zoom decides whether the old one still counts."""

LATE = ZoomFailure.SLOW
"""Likewise, but nobody can say whether it is used up before or after the repeat."""

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
A_SECOND = timedelta(seconds=1)


@pytest.fixture
async def world() -> AsyncGenerator[ZoomWorld]:
    async with a_zoom_world() as world:
        yield world


def at(endpoint: ZoomEndpoint, *without: ZoomFailure) -> list[ZoomFailure]:
    return [each for each in ZoomFailure if endpoint in each.where and each not in without]


def expected(failure: ZoomFailure) -> ProviderStatus:
    return "needs_reconnect" if failure in DEAD else "blocked" if failure in BLOCKED else "connected"


async def status(world: ZoomWorld) -> ProviderStatus:
    [connection] = await world.memory.store.views.connections(world.host.id)
    return connection.status


async def the_next_booking_gets_its_link(world: ZoomWorld) -> bool:
    world.sandbox.works()
    page = await world.publishes(zoom)
    booking = await world.books(page, THURSDAY_AT_TEN + 3 * AN_HOUR)
    await world.work_off()
    return isinstance((await world.now(booking)).conference, Ready)


@pytest.mark.parametrize("failure", at(ZoomEndpoint.MEETINGS))
async def test_creating_costs_the_connection_only_where_zoom_says_so(world: ZoomWorld, failure: ZoomFailure) -> None:
    await world.connects()
    page = await world.publishes(zoom)
    world.sandbox.fail(failure, on=ZoomEndpoint.MEETINGS)

    await world.books(page)
    await world.work_off()

    assert expected(failure) == await status(world)
    assert (expected(failure) != "connected") == bool(world.memory.mailer.notices)
    if expected(failure) == "connected":
        assert await the_next_booking_gets_its_link(world)


@pytest.mark.parametrize("failure", at(ZoomEndpoint.REFRESH, *SPENT, LATE))
async def test_refreshing_costs_the_connection_only_where_zoom_says_so(world: ZoomWorld, failure: ZoomFailure) -> None:
    await world.connects(expires_in=timedelta(0))
    page = await world.publishes(zoom)
    # Twice, so that the repeat after a lost answer meets the same.
    world.sandbox.fail(failure, on=ZoomEndpoint.REFRESH, times=2)

    await world.books(page)
    await world.work_off()

    assert expected(failure) == await status(world)
    assert (expected(failure) != "connected") == bool(world.memory.mailer.notices)
    if expected(failure) == "connected":
        assert await the_next_booking_gets_its_link(world)


@pytest.mark.parametrize("failure", [*sorted(SPENT), LATE])
async def test_a_lost_pair_is_saved_by_one_repeat_where_zoom_is_patient(world: ZoomWorld, failure: ZoomFailure) -> None:
    await world.connects(expires_in=timedelta(0))
    world.sandbox.grants.grace = True
    world.sandbox.fail(failure, on=ZoomEndpoint.REFRESH)

    assert await _gets_a_link_without_repairs(world)

    assert 2 == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))
    assert "connected" == await status(world)


@pytest.mark.parametrize("failure", sorted(SPENT))
async def test_a_lost_pair_is_found_out_at_once_where_zoom_is_strict(world: ZoomWorld, failure: ZoomFailure) -> None:
    await world.connects(expires_in=timedelta(0))
    world.sandbox.fail(failure, on=ZoomEndpoint.REFRESH)

    assert not await _gets_a_link_without_repairs(world)

    assert 2 == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))
    assert "needs_reconnect" == await status(world)
    assert 1 == len(world.memory.mailer.notices)


@pytest.mark.parametrize("failure", [ZoomFailure.INVALID_GRANT, ZoomFailure.SERVER_ERROR, ZoomFailure.INVALID_CLIENT])
async def test_an_answer_that_arrived_is_not_asked_for_twice(world: ZoomWorld, failure: ZoomFailure) -> None:
    await world.connects(expires_in=timedelta(0))
    world.sandbox.fail(failure, on=ZoomEndpoint.REFRESH)

    with pytest.raises(ProviderError):
        await _use(world)(System(), world.host.id, _client(world))

    assert 1 == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))


@pytest.mark.parametrize(("left", "refreshes"), [(SKEW + A_SECOND, 0), (SKEW, 1), (A_SECOND, 1), (-AN_HOUR, 1)])
async def test_a_token_is_renewed_a_minute_before_it_ends(world: ZoomWorld, left: timedelta, refreshes: int) -> None:
    await world.connects(expires_in=left)

    await _use(world)(System(), world.host.id, _client(world))

    assert refreshes == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))


async def test_twenty_at_once_refresh_once_and_all_get_the_new_pair(world: ZoomWorld) -> None:
    await world.connects(expires_in=timedelta(0))

    grants = await asyncio.gather(*(_use(world)(System(), world.host.id, _client(world)) for _ in range(20)))

    assert 1 == len({grant.access_token for _, grant in grants})
    assert 1 == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))


async def test_twenty_whose_token_was_refused_refresh_once(world: ZoomWorld) -> None:
    await world.connects()
    _, refused = await _use(world)(System(), world.host.id, _client(world))
    world.sandbox.grants.expire_access_tokens()

    grants = await asyncio.gather(
        *(_use(world)(System(), world.host.id, _client(world), refused=refused) for _ in range(20)),
    )

    assert 1 == len({grant.access_token for _, grant in grants})
    assert 1 == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))


async def test_twenty_that_find_the_grant_dead_ask_once_and_mail_once(world: ZoomWorld) -> None:
    await world.connects(expires_in=timedelta(0))
    world.sandbox.grants.remove(world.sandbox.accounts[0].id)

    ended = await asyncio.gather(
        *(_use(world)(System(), world.host.id, _client(world)) for _ in range(20)), return_exceptions=True
    )
    await world.work_off()

    assert {NotConnected} == set(map(type, ended))
    assert 1 == len(world.sandbox.arrived(ZoomEndpoint.REFRESH))
    assert 1 == len(world.memory.mailer.notices)


@pytest.mark.parametrize("apart", [A_SECOND, -A_SECOND], ids=["in order", "by a clock that is behind"])
@pytest.mark.parametrize("during", ["refreshing", "creating"])
async def test_whoever_reconnects_meanwhile_does_not_lose_the_new_connection(
    world: ZoomWorld, during: str, apart: timedelta
) -> None:
    endpoint = ZoomEndpoint.REFRESH if during == "refreshing" else ZoomEndpoint.MEETINGS
    await world.connects(expires_in=timedelta(0) if during == "refreshing" else AN_HOUR)
    page = await world.publishes(zoom)
    world.sandbox.fail(ZoomFailure.SLOW, on=endpoint, seconds=0.2)
    booking = await world.books(page)

    working = asyncio.create_task(world.work_off())
    await world.sandbox.until(lambda: bool(world.sandbox.arrived(endpoint)))
    world.memory.clock.advance(apart)
    await world.connects()
    await working
    await world.work_off(after=A_MINUTE)

    assert "connected" == await status(world)
    assert isinstance((await world.now(booking)).conference, Ready)
    assert [] == world.memory.mailer.notices


async def _gets_a_link_without_repairs(world: ZoomWorld) -> bool:
    booking = await world.books(await world.publishes(zoom))
    await world.work_off()
    return isinstance((await world.now(booking)).conference, Ready)


def _client(world: ZoomWorld) -> ConferenceProvider:
    return world.memory.ports.providers["zoom"]


def _use(world: ZoomWorld) -> UseGrant:
    return UseGrant(world.memory.store.begin, world.memory.clock)
