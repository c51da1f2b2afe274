"""What every provider of meetings has to keep: the fake, and each client against its sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Literal, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from adapters.google_meet.client import GoogleMeetClient
from adapters.memory.provider import MemoryProvider
from adapters.sandbox.google import accounts as google_accounts
from adapters.sandbox.google import switches as google_switches
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.sandbox.zoom.switches import Endpoint, Failure
from adapters.zoom.client import ZoomClient
from application.ports.provider import (
    AccessTokenExpired,
    AuthorizationRefused,
    ConferenceProvider,
    Grant,
    NotConnected,
    ProviderError,
    TryLater,
)
from domain.connection import ProviderAccount
from tests.google_meet import connected as google
from tests.provider_http.consent import consent
from tests.zoom.connected import CHALLENGE, NOW, REQUEST, VERIFIER, connected

Operation = Literal["exchange", "account", "refresh", "create"]

Rotation = Literal["hard", "none"]
"""What a refresh does to the refresh token: it ends it and brings another, or it leaves it alone."""


class World(Protocol):
    """A provider, and what happens on its side."""

    account: ProviderAccount
    rotation: Rotation

    @property
    def provider(self) -> ConferenceProvider: ...

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        """Let the account's owner say yes in a browser; returns the code that comes back."""
        ...

    def expire_access_tokens(self) -> None: ...

    def end_grants(self) -> None:
        """Let the account's owner remove the app."""
        ...

    def be_busy_once(self, operation: Operation) -> None: ...

    def lose_the_next_answer(self, operation: Operation) -> None:
        """Do the work, and let the answer get lost."""
        ...

    def meetings_made(self) -> int: ...


class MemoryWorld:
    rotation: Rotation = "hard"

    def __init__(self) -> None:
        self.provider = MemoryProvider("zoom", lambda: NOW)
        self.account = ProviderAccount("user-1", "account-1", "anna@zoom.example", "Anna Höst")

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return self.provider.consent(authorize_url, self.account, scopes)

    def expire_access_tokens(self) -> None:
        self.provider.expire_access_tokens()

    def end_grants(self) -> None:
        self.provider.kill_grants(self.account)

    def be_busy_once(self, operation: Operation) -> None:
        self.provider.fail(operation, TryLater("Busy."))

    def lose_the_next_answer(self, operation: Operation) -> None:
        self.provider.fail(operation, TryLater("Lost.", left_behind=True))

    def meetings_made(self) -> int:
        return len(self.provider.meetings)


class ZoomWorld:
    rotation: Rotation = "hard"

    def __init__(self, zoom: ZoomClient, sandbox: SandboxZoom) -> None:
        self.provider = zoom
        self.account = ProviderAccount(ANNA.id, ANNA.account_id, ANNA.email, ANNA.name)
        self._sandbox = sandbox

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return await consent(authorize_url, ANNA, scopes)

    def expire_access_tokens(self) -> None:
        self._sandbox.grants.expire_access_tokens()

    def end_grants(self) -> None:
        self._sandbox.grants.remove(ANNA.id)

    def be_busy_once(self, operation: Operation) -> None:
        self._sandbox.fail(Failure.UNAVAILABLE_HTML, on=_ENDPOINTS[operation])

    def lose_the_next_answer(self, operation: Operation) -> None:
        self._sandbox.fail(Failure.DROP_AFTER, on=_ENDPOINTS[operation])

    def meetings_made(self) -> int:
        return len(self._sandbox.meetings)


_ENDPOINTS: dict[Operation, Endpoint] = {
    "exchange": Endpoint.CODE,
    "account": Endpoint.ME,
    "refresh": Endpoint.REFRESH,
    "create": Endpoint.MEETINGS,
}


class GoogleWorld:
    rotation: Rotation = "none"

    def __init__(self, google_meet: GoogleMeetClient, sandbox: SandboxGoogle) -> None:
        self.provider = google_meet
        gina = google_accounts.GINA
        self.account = ProviderAccount(gina.id, gina.id, gina.email, gina.email)
        self._sandbox = sandbox

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return await consent(authorize_url, google_accounts.GINA, scopes)

    def expire_access_tokens(self) -> None:
        self._sandbox.grants.expire_access_tokens()

    def end_grants(self) -> None:
        self._sandbox.remove(google_accounts.GINA)

    def be_busy_once(self, operation: Operation) -> None:
        self._sandbox.fail(google_switches.Failure.UNAVAILABLE_HTML, on=_GOOGLE_ENDPOINTS[operation])

    def lose_the_next_answer(self, operation: Operation) -> None:
        self._sandbox.fail(google_switches.Failure.DROP_AFTER, on=_GOOGLE_ENDPOINTS[operation])

    def meetings_made(self) -> int:
        return len(self._sandbox.spaces)


_GOOGLE_ENDPOINTS: dict[Operation, google_switches.Endpoint] = {
    "exchange": google_switches.Endpoint.CODE,
    "account": google_switches.Endpoint.USERINFO,
    "refresh": google_switches.Endpoint.REFRESH,
    "create": google_switches.Endpoint.SPACES,
}


@pytest.fixture(params=["memory", "zoom", "google"])
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    match request.param:
        case "zoom":
            async with connected() as zoom:
                yield ZoomWorld(zoom.zoom, zoom.sandbox)
        case "google":
            async with google.connected() as app:
                yield GoogleWorld(app.google, app.sandbox)
        case _:
            yield MemoryWorld()


async def connects(world: World, scopes: frozenset[str] | None = None) -> Grant:
    url = world.provider.authorize_url("state-1", CHALLENGE)
    code = await world.consent(url, world.provider.scopes if scopes is None else scopes)
    return await world.provider.exchange(code, VERIFIER)


async def does(world: World, operation: Operation, grant: Grant) -> object:
    match operation:
        case "exchange":
            return await connects(world)
        case "account":
            return await world.provider.account(grant)
        case "refresh":
            return await world.provider.refresh(grant)
        case "create":
            return await world.provider.create(grant, REQUEST)


async def fails(world: World, operation: Operation, grant: Grant) -> ProviderError:
    """Do it, and return how it failed."""
    with pytest.raises(ProviderError) as caught:
        await does(world, operation, grant)
    return caught.value


def test_the_way_to_the_provider_carries_state_and_challenge(world: World) -> None:
    query = parse_qs(urlsplit(world.provider.authorize_url("a state & more", CHALLENGE)).query)

    assert (["a state & more"], [CHALLENGE], ["S256"]) == (
        query["state"],
        query["code_challenge"],
        query["code_challenge_method"],
    )


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

    assert old.access_token != new.access_token
    assert (world.rotation == "none") == (old.refresh_token == new.refresh_token)
    assert old.scopes == new.scopes
    assert world.account == await world.provider.account(new)


async def test_a_refresh_token_is_good_once_where_each_refresh_brings_another(world: World) -> None:
    grant = await connects(world)
    await world.provider.refresh(grant)

    refused = pytest.raises(NotConnected) if world.rotation == "hard" else nullcontext()

    with refused:
        await world.provider.refresh(grant)


@pytest.mark.parametrize("operation", ["account", "create"])
async def test_an_expired_access_token_is_told_from_a_dead_grant(world: World, operation: Operation) -> None:
    grant = await connects(world)
    world.expire_access_tokens()

    assert isinstance(await fails(world, operation, grant), AccessTokenExpired)
    assert world.account == await world.provider.account(await world.provider.refresh(grant))


async def test_a_refresh_shows_that_the_grant_is_dead(world: World) -> None:
    grant = await connects(world)
    world.end_grants()

    with pytest.raises(NotConnected):
        await world.provider.refresh(grant)


async def test_a_revoked_grant_is_dead(world: World) -> None:
    grant = await connects(world)

    await world.provider.revoke(grant)

    with pytest.raises(NotConnected):
        await world.provider.refresh(grant)


async def test_every_meeting_has_a_link_and_an_id_of_its_own(world: World) -> None:
    grant = await connects(world)

    made = [await world.provider.create(grant, REQUEST) for _ in range(3)]

    assert 3 == len({meeting.join_url for meeting in made}) == len({meeting.meeting_id for meeting in made})
    assert {"https"} == {urlsplit(meeting.join_url).scheme for meeting in made}


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "Zoë 王小明 O’Neil 🐟" * 40, "agenda": "Frage: wo?\n→ 🐟 " * 400},
        {"topic": "", "agenda": ""},
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


@pytest.mark.parametrize("operation", ["exchange", "account", "refresh", "create"])
async def test_a_busy_provider_is_worth_another_try(world: World, operation: Operation) -> None:
    grant = await connects(world)
    world.be_busy_once(operation)

    error = await fails(world, operation, grant)

    assert (TryLater, False) == (type(error), error.left_behind)
    assert 0 == world.meetings_made()


async def test_a_refresh_that_was_refused_for_now_can_be_repeated(world: World) -> None:
    grant = await connects(world)
    world.be_busy_once("refresh")
    await fails(world, "refresh", grant)

    assert world.account == await world.provider.account(await world.provider.refresh(grant))


async def test_a_lost_answer_may_have_left_a_meeting_behind(world: World) -> None:
    grant = await connects(world)
    world.lose_the_next_answer("create")

    error = await fails(world, "create", grant)

    assert (TryLater, True) == (type(error), error.left_behind)
    assert 1 == world.meetings_made()


async def test_the_lost_answer_of_a_refresh_is_told_from_a_no(world: World) -> None:
    grant = await connects(world)
    world.lose_the_next_answer("refresh")

    error = await fails(world, "refresh", grant)

    assert (TryLater, True) == (type(error), error.left_behind)


async def test_a_failure_has_words_for_the_host_and_no_secret(world: World) -> None:
    grant = await connects(world)
    world.expire_access_tokens()

    error = await fails(world, "create", grant)

    assert error.reason
    assert grant.access_token not in f"{error} {error!r} {error.__dict__}"
