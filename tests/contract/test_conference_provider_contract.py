"""What every provider has to keep about making meetings."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
import pytest

from application.ports.provider import AccessTokenExpired, TryLater
from domain.ids import BookingId
from tests.contract.provider_worlds import WORLDS, World, connects, world_named
from tests.support.failing_transports import failed
from tests.support.zoom_connected import REQUEST


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    async with world_named(request.param) as world:
        yield world


async def test_every_meeting_has_a_link_and_an_id_of_its_own(world: World) -> None:
    grant = await connects(world)
    requests = [msgspec.structs.replace(REQUEST, booking_id=BookingId(f"booking-{number}")) for number in range(3)]

    made = [await world.provider.create(grant, request) for request in requests]

    assert 3 == len({meeting.join_url for meeting in made}) == len({meeting.meeting_id for meeting in made})
    assert {"https"} == {urlsplit(meeting.join_url).scheme for meeting in made}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Zoë 王小明 O’Neil 🐟" * 40, "guest_name": "Frage: wo?\n→ 🐟 " * 400},
        {"title": "", "host_name": "", "guest_name": ""},
        {"timezone": "Europe/Kyiv"},
        {"timezone": "Australia/Eucla"},
        {"timezone": "Asia/Manila"},
        {"duration": timedelta(seconds=1)},
        {"duration": timedelta(hours=30)},
        {"start": datetime.fromisoformat("2026-12-01T19:45:30.123456+05:45")},
    ],
    ids=["unicode", "empty", "renamed zone", "45 minutes", "unlisted zone", "short", "long", "another offset"],
)
async def test_every_meeting_that_the_domain_allows_can_be_made(world: World, changes: dict[str, object]) -> None:
    grant = await connects(world)

    await world.provider.create(grant, msgspec.structs.replace(REQUEST, **changes))

    assert 1 == world.meetings_made()


async def test_a_repeated_wish_makes_one_meeting_where_creating_is_idempotent(world: World) -> None:
    grant = await connects(world)

    links = {(await world.provider.create(grant, REQUEST)).join_url for _ in range(2)}

    expected = 1 if world.provider.idempotent_creation else 2
    assert (expected, expected) == (len(links), world.meetings_made())


async def test_another_time_of_the_same_booking_is_another_meeting(world: World) -> None:
    grant = await connects(world)
    later = msgspec.structs.replace(REQUEST, start=REQUEST.start + timedelta(hours=1))

    links = {(await world.provider.create(grant, each)).join_url for each in (REQUEST, later)}

    assert (2, 2) == (len(links), world.meetings_made())


async def test_an_expired_access_token_is_told_from_a_dead_grant(world: World) -> None:
    grant = await connects(world)
    world.expire_access_tokens()

    assert isinstance(await failed(world.provider.create(grant, REQUEST)), AccessTokenExpired)
    await world.provider.create(await world.provider.refresh(grant), REQUEST)
    assert 1 == world.meetings_made()


async def test_a_busy_provider_is_worth_another_try(world: World) -> None:
    grant = await connects(world)
    world.be_busy_once("create")

    error = await failed(world.provider.create(grant, REQUEST))

    assert (TryLater, False) == (type(error), error.left_behind)
    assert 0 == world.meetings_made()


async def test_a_lost_answer_may_have_left_a_meeting_behind(world: World) -> None:
    grant = await connects(world)
    world.lose_the_next_answer("create")

    error = await failed(world.provider.create(grant, REQUEST))

    assert (TryLater, True) == (type(error), error.left_behind)
    assert 1 == world.meetings_made()


async def test_repeating_after_a_lost_answer_makes_no_second_meeting_where_creating_is_idempotent(world: World) -> None:
    grant = await connects(world)
    world.lose_the_next_answer("create")
    await failed(world.provider.create(grant, REQUEST))

    await world.provider.create(grant, REQUEST)

    assert (1 if world.provider.idempotent_creation else 2) == world.meetings_made()


async def test_a_failure_states_whose_problem_it_is_and_no_secret(world: World) -> None:
    grant = await connects(world)
    world.expire_access_tokens()

    error = await failed(world.provider.create(grant, REQUEST))

    assert world.provider.provider == error.problem.provider
    assert grant.access_token not in f"{error} {error!r} {error.__dict__}"
