"""Every way back from Zoom, with the real client and the sandbox's own pages over HTTP."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from adapters.sandbox.zoom.accounts import ANNA, BEN, CARLA, ZoomAccount
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from application.actor import HostActor
from application.connections.authorization import Callback, CallbackOutcome
from domain.conference import Ready
from domain.connection import ProviderConnection
from domain.host import Host
from tests.application.zoom_world import ZoomWorld, a_zoom_world
from tests.support.builders import zoom

SCOPES = frozenset({"user:read:user", "meeting:write:meeting"})
BROWSER = "the host's browser"


@pytest.fixture
async def world() -> AsyncGenerator[ZoomWorld]:
    async with a_zoom_world() as world:
        yield world


async def clicks(
    world: ZoomWorld, account: ZoomAccount = ANNA, *, decision: str = "allow", scopes: frozenset[str] = SCOPES
) -> Callback:
    """Set out, look at Zoom's page, decide there, and be sent back."""
    url = await world.app.start_connecting(HostActor(world.host.id), BROWSER, "zoom")
    there = urlsplit(url)
    asked = dict(parse_qsl(there.query))
    world.sandbox.redirect_uris[:] = [asked["redirect_uri"]]
    form = asked | {f"scope {scope}": "on" for scope in scopes} | {"account": account.id, "decision": decision}
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert httpx.codes.OK == (await browser.get(url)).status_code
        answer = await browser.post(there._replace(query="").geturl(), data=form)
    told = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    return Callback(told.get("state"), told.get("code"), told.get("error"))


async def comes_back(
    world: ZoomWorld, callback: Callback, *, session: str = BROWSER, host: Host | None = None
) -> CallbackOutcome:
    return await world.app.finish_connecting(HostActor((host or world.host).id), session, "zoom", callback)


async def rows(world: ZoomWorld) -> list[ProviderConnection]:
    return await world.memory.store.views.connections(world.host.id)


async def test_approved(world: ZoomWorld) -> None:
    assert CallbackOutcome.CONNECTED == await comes_back(world, await clicks(world))

    [row] = await rows(world)
    assert (ANNA.email, ANNA.name, ANNA.id) == (row.account.email, row.account.name, row.account.user_id)
    assert ["GET /v2/users/me"] == [each.operation for each in world.sandbox.arrived(ZoomEndpoint.ME)]


async def test_declined(world: ZoomWorld) -> None:
    assert CallbackOutcome.DECLINED == await comes_back(world, await clicks(world, decision="deny"))
    await nothing_happened(world)


@pytest.mark.parametrize("scopes", [SCOPES - {each} for each in SCOPES] + [frozenset[str]()], ids=len)
async def test_too_few_scopes(world: ZoomWorld, scopes: frozenset[str]) -> None:
    assert CallbackOutcome.TOO_FEW_SCOPES == await comes_back(world, await clicks(world, scopes=scopes))
    assert [] == await rows(world)
    # Zoom is told that it was for nothing, where it says whose login that is.
    told = [each.operation for each in world.sandbox.arrived(ZoomEndpoint.REVOKE)]
    assert (["POST /oauth/revoke"] if "user:read:user" in scopes else []) == told


async def test_a_code_that_is_older_than_five_minutes(world: ZoomWorld) -> None:
    callback = await clicks(world)
    world.memory.clock.advance(timedelta(minutes=6))

    assert CallbackOutcome.CODE_REFUSED == await comes_back(world, callback)
    assert [] == await rows(world)


async def test_a_code_that_was_used_already(world: ZoomWorld) -> None:
    spent = await clicks(world)
    await comes_back(world, spent)
    [before] = await rows(world)
    fresh = await clicks(world)

    assert CallbackOutcome.CODE_REFUSED == await comes_back(world, Callback(fresh.state, spent.code))
    assert [before] == await rows(world)


@pytest.mark.parametrize("where", [ZoomEndpoint.CODE, ZoomEndpoint.ME])
@pytest.mark.parametrize(
    "failure", [ZoomFailure.SERVER_ERROR, ZoomFailure.UNAVAILABLE_HTML, ZoomFailure.OK_XML, ZoomFailure.DROP_AFTER]
)
async def test_zoom_is_down(world: ZoomWorld, failure: ZoomFailure, where: ZoomEndpoint) -> None:
    callback = await clicks(world)
    world.sandbox.fail(failure, on=where)

    assert CallbackOutcome.TRY_LATER == await comes_back(world, callback)
    assert [] == await rows(world)


async def test_our_settings_are_wrong(world: ZoomWorld) -> None:
    callback = await clicks(world)
    world.sandbox.fail(ZoomFailure.INVALID_CLIENT, on=ZoomEndpoint.CODE)

    assert CallbackOutcome.MISCONFIGURED == await comes_back(world, callback)
    assert [] == await rows(world)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (ZoomFailure.USER_GONE, CallbackOutcome.ACCOUNT_GONE),
        (ZoomFailure.OWNER_GONE, CallbackOutcome.ACCOUNT_GONE),
        (ZoomFailure.USER_MOVED, CallbackOutcome.ACCOUNT_GONE),
        (ZoomFailure.MISSING_SCOPE, CallbackOutcome.TOO_FEW_SCOPES),
        (ZoomFailure.DISABLED_BY_ADMIN, CallbackOutcome.NEEDS_ADMIN),
        (ZoomFailure.NEWER_AUTHORIZATION, CallbackOutcome.CODE_REFUSED),
        (ZoomFailure.ACCESS_REFUSED, CallbackOutcome.CODE_REFUSED),
        (ZoomFailure.ACCESS_EMPTY, CallbackOutcome.MISCONFIGURED),
    ],
)
async def test_what_zoom_says_of_the_account_is_not_blamed_on_our_settings(
    world: ZoomWorld, failure: ZoomFailure, outcome: CallbackOutcome
) -> None:
    callback = await clicks(world)
    world.sandbox.fail(failure, on=ZoomEndpoint.ME)

    assert outcome == await comes_back(world, callback)
    assert [] == await rows(world)


async def test_the_state_of_another_session(world: ZoomWorld) -> None:
    assert CallbackOutcome.ELSEWHERE == await comes_back(world, await clicks(world), session="another browser")
    await nothing_happened(world)


async def test_another_host_is_signed_in(world: ZoomWorld) -> None:
    other = await world.memory.host()

    assert CallbackOutcome.ELSEWHERE == await comes_back(world, await clicks(world), host=other)
    await nothing_happened(world)
    assert [] == await world.memory.store.views.connections(other.id)


async def test_used_twice(world: ZoomWorld) -> None:
    callback = await clicks(world)
    await comes_back(world, callback)
    before = await rows(world)

    assert CallbackOutcome.USED_BEFORE == await comes_back(world, callback)
    assert before == await rows(world)
    assert 1 == len(world.sandbox.arrived(ZoomEndpoint.CODE))


async def test_a_double_click_on_the_way_back_connects_once(world: ZoomWorld) -> None:
    callback = await clicks(world)

    ended = await asyncio.gather(*(comes_back(world, callback) for _ in range(5)))

    assert [CallbackOutcome.CONNECTED] + [CallbackOutcome.USED_BEFORE] * 4 == sorted(ended)
    assert 1 == len(await rows(world))


async def test_the_trip_expired(world: ZoomWorld) -> None:
    callback = await clicks(world)
    world.memory.clock.advance(timedelta(minutes=11))

    assert CallbackOutcome.TOO_LATE == await comes_back(world, callback)
    await nothing_happened(world)


async def test_an_account_that_cannot_schedule(world: ZoomWorld) -> None:
    assert CallbackOutcome.NOT_PERMITTED == await comes_back(world, await clicks(world, CARLA))
    assert [] == await rows(world)


async def test_reconnecting_as_somebody_else_replaces_the_tokens_and_works(world: ZoomWorld) -> None:
    await comes_back(world, await clicks(world))
    world.memory.clock.advance(timedelta(seconds=1))

    assert CallbackOutcome.CONNECTED == await comes_back(world, await clicks(world, BEN))

    [row] = await rows(world)
    assert BEN.email == row.account.email
    booking = await world.books(await world.publishes(zoom))
    await world.work_off()
    assert isinstance((await world.now(booking)).conference, Ready)
    assert BEN.email == world.sandbox.meetings[0].body["host_email"]


async def test_the_same_login_again_ends_the_older_grant_and_only_the_new_one_is_used(world: ZoomWorld) -> None:
    await comes_back(world, await clicks(world))
    await comes_back(world, await clicks(world))

    booking = await world.books(await world.publishes(zoom))
    await world.work_off()

    assert isinstance((await world.now(booking)).conference, Ready)


async def nothing_happened(world: ZoomWorld) -> None:
    """Nothing is connected, and Zoom was not even asked."""
    assert [] == await rows(world)
    assert [] == world.sandbox.arrived(ZoomEndpoint.CODE)
