"""What every provider has to keep about connecting: the way there, the code, the tokens, and their end."""

from collections.abc import AsyncGenerator
from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from application.ports.provider import AccessTokenExpired, AuthorizationRefused, NotConnected, TryLater
from tests.contract.provider_worlds import WORLDS, World, connects, world_named
from tests.support.failing_transports import failed
from tests.support.zoom_connected import CHALLENGE, NOW, REQUEST, VERIFIER


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    async with world_named(request.param) as world:
        yield world


def test_the_way_to_the_provider_carries_state_and_challenge(world: World) -> None:
    query = parse_qs(urlsplit(world.provider.authorize_url("a state & more", CHALLENGE)).query)

    assert (["a state & more"], [CHALLENGE], ["S256"]) == (
        query["state"],
        query["code_challenge"],
        query["code_challenge_method"],
    )


def test_the_provider_is_told_which_account_is_expected(world: World) -> None:
    query = parse_qs(urlsplit(world.provider.authorize_url("state-1", CHALLENGE, "anna+1@example.com")).query)

    assert (["anna+1@example.com"], ["state-1"]) == (query["login_hint"], query["state"])
    assert ["select_account"] != query.get("prompt")


async def test_connecting_gives_a_grant_with_the_scopes_and_an_absolute_end(world: World) -> None:
    grant = await connects(world)

    assert world.provider.scopes <= grant.scopes
    assert NOW + timedelta(minutes=50) < grant.expires_at <= NOW + timedelta(hours=1)


async def test_the_grant_says_which_scopes_were_left_out(world: World) -> None:
    left_out = min(world.provider.scopes)

    grant = await connects(world, world.provider.scopes - {left_out})

    assert {left_out} == world.provider.scopes - grant.scopes


async def test_a_connected_account_is_the_one_that_said_yes(world: World) -> None:
    assert world.account == await world.provider.account(await connects(world))


async def test_a_code_is_good_once(world: World) -> None:
    code = await world.consent(world.provider.authorize_url("state-1", CHALLENGE), world.provider.scopes)
    await world.provider.exchange(code, VERIFIER)

    with pytest.raises(AuthorizationRefused):
        await world.provider.exchange(code, VERIFIER)


async def test_a_code_is_good_only_with_the_verifier_of_its_challenge(world: World) -> None:
    code = await world.consent(world.provider.authorize_url("state-1", CHALLENGE), world.provider.scopes)

    with pytest.raises(AuthorizationRefused):
        await world.provider.exchange(code, f"{VERIFIER}-of-somebody-else")


@pytest.mark.parametrize("code", ["made-up", "", "naïve 🐟\n", "x" * 5000])
async def test_a_made_up_code_is_refused(world: World, code: str) -> None:
    with pytest.raises(AuthorizationRefused):
        await world.provider.exchange(code, VERIFIER)


async def test_a_refresh_gives_an_access_token_that_works(world: World) -> None:
    old = await connects(world)

    new = await world.provider.refresh(old)
    await world.provider.create(new, REQUEST)

    assert old.access_token != new.access_token
    assert old.scopes == new.scopes
    assert world.account == await world.provider.account(new)


async def test_a_refresh_brings_another_refresh_token_where_the_provider_rotates_them(world: World) -> None:
    old = await connects(world)

    new = await world.provider.refresh(old)

    assert (world.provider.capabilities.rotation != "none") == (old.refresh_token != new.refresh_token)


async def test_a_used_refresh_token_is_dead_only_where_rotation_is_strict(world: World) -> None:
    grant = await connects(world)
    await world.provider.refresh(grant)

    is_strict = world.provider.capabilities.rotation == "strict"

    with pytest.raises(NotConnected) if is_strict else nullcontext():
        await world.provider.refresh(grant)


async def test_after_a_used_refresh_token_the_newest_one_lives_on(world: World) -> None:
    grant = await connects(world)

    newest = await world.provider.refresh(await world.provider.refresh(grant))

    assert world.account == await world.provider.account(await world.provider.refresh(newest))


async def test_an_expired_access_token_does_not_end_the_grant(world: World) -> None:
    grant = await connects(world)
    world.expire_access_tokens()

    fresh = await world.provider.refresh(grant)

    assert world.account == await world.provider.account(fresh)


async def test_asking_who_has_connected_tells_an_expired_access_token_from_a_dead_grant(world: World) -> None:
    grant = await connects(world)
    world.expire_access_tokens()

    asked = nullcontext() if world.tells_who_with_the_tokens else pytest.raises(AccessTokenExpired)

    with asked:
        assert world.account == await world.provider.account(grant)


async def test_an_account_that_cannot_be_read_for_now_is_worth_another_try(world: World) -> None:
    grant = await connects(world)
    asked = nullcontext()
    if not world.tells_who_with_the_tokens:
        world.be_busy_once("account")
        asked = pytest.raises(TryLater)

    with asked:
        assert world.account == await world.provider.account(grant)


async def test_a_refresh_shows_that_the_grant_is_dead(world: World) -> None:
    grant = await connects(world)
    world.end_grants()

    with pytest.raises(NotConnected):
        await world.provider.refresh(grant)


async def test_a_revoked_grant_is_dead_where_the_provider_can_be_told(world: World) -> None:
    grant = await connects(world)

    await world.provider.revoke(grant)

    can_be_told = world.provider.capabilities.revocation is not None
    with pytest.raises(NotConnected) if can_be_told else nullcontext():
        await world.provider.refresh(grant)


async def test_a_provider_that_is_busy_when_a_code_comes_is_worth_another_try(world: World) -> None:
    world.be_busy_once("exchange")

    error = await failed(connects(world))

    assert (TryLater, False) == (type(error), error.left_behind)


async def test_a_refresh_that_was_refused_for_now_can_be_repeated(world: World) -> None:
    grant = await connects(world)
    world.be_busy_once("refresh")
    error = await failed(world.provider.refresh(grant))

    assert (TryLater, False) == (type(error), error.left_behind)
    assert world.account == await world.provider.account(await world.provider.refresh(grant))


async def test_the_lost_answer_of_a_refresh_is_told_from_a_no(world: World) -> None:
    grant = await connects(world)
    world.lose_the_next_answer("refresh")

    error = await failed(world.provider.refresh(grant))

    assert (TryLater, True) == (type(error), error.left_behind)


async def test_a_lost_refresh_costs_the_connection_only_where_rotation_is_strict(world: World) -> None:
    grant = await connects(world)
    world.lose_the_next_answer("refresh")
    await failed(world.provider.refresh(grant))

    is_strict = world.provider.capabilities.rotation == "strict"

    with pytest.raises(NotConnected) if is_strict else nullcontext():
        await world.provider.refresh(grant)
