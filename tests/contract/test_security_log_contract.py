"""Security events: what every store promises about them."""

from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from adapters.memory.store import MemoryStore
from domain.host import Host
from domain.origin import Origin
from domain.security_events import MOST_FAILURES, SecurityEvent, SessionStarted, SignInFailed, SignInLocked, TokenMade
from tests.support.builders import A_DAY, NOW, a_host
from tests.support.every import every
from tests.support.postgres import StoreInPostgres
from tests.support.store import Store, a_unit_that_fails, keep

A_MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - 90 * A_DAY
HOME = Origin("203.0.113.7", "Firefox", "Windows")


class Watched:
    """A store, and the events that it has passed on."""

    def __init__(self, store: Store, told: list[SecurityEvent]) -> None:
        self.store = store
        self.told = told

    async def record(self, *events: SecurityEvent) -> None:
        for event in events:
            async with self.store.begin() as uow:
                uow.security_log.record(event)

    async def of(self, host: Host, limit: int | None = 100) -> list[SecurityEvent]:
        async with self.store.begin() as uow:
            return list(await uow.security_log.of(host.id, LONG_AGO, limit))


@pytest.fixture(params=["memory", "postgres"])
def watched(request: pytest.FixtureRequest) -> Watched:
    if request.param == "memory":
        told: list[SecurityEvent] = []
        return Watched(MemoryStore(watch=told.append), told)
    store: StoreInPostgres = request.getfixturevalue("postgres_store")
    return Watched(store, store.told)


@pytest.fixture
async def host(watched: Watched) -> Host:
    host = a_host()
    await keep(watched.store, host)
    return host


def signed_in(host: Host, minutes: int = 0) -> SessionStarted:
    return SessionStarted(host_id=host.id, at=NOW + minutes * A_MINUTE, origin=HOME, way="password")


async def test_a_host_finds_their_own_events_the_latest_first(watched: Watched, host: Host) -> None:
    other = a_host()
    await keep(watched.store, other)
    await watched.record(signed_in(host, 2), signed_in(other, 3), signed_in(host, 1))

    assert [signed_in(host, 2), signed_in(host, 1)] == await watched.of(host)
    assert [signed_in(host, 2)] == await watched.of(host, limit=1)
    assert [signed_in(host, 2), signed_in(host, 1)] == await watched.of(host, limit=None)


async def test_of_two_events_at_one_instant_the_later_recorded_comes_first(watched: Watched, host: Host) -> None:
    made = TokenMade(host_id=host.id, at=NOW, origin=HOME, name="Skript ‘ä’ 🐟")
    await watched.record(signed_in(host), made)

    assert [made, signed_in(host)] == await watched.of(host)


async def test_what_is_older_than_asked_for_is_left_out(watched: Watched, host: Host) -> None:
    old = SessionStarted(host_id=host.id, at=LONG_AGO, origin=HOME, way="passkey")
    await watched.record(old, signed_in(host))

    assert [signed_in(host)] == await watched.of(host)


@pytest.mark.parametrize("kind", get_args(SecurityEvent), ids=lambda kind: kind.__name__)
async def test_every_event_comes_back_as_it_was(watched: Watched, host: Host, kind: type[SecurityEvent]) -> None:
    theirs = [msgspec.structs.replace(each, host_id=host.id) for each in every(kind)]
    for each in theirs:
        await watched.record(each)

    assert theirs[::-1] == await watched.of(host)


async def test_an_event_is_passed_on_once_it_is_stored(watched: Watched, host: Host) -> None:
    async with watched.store.begin() as uow:
        uow.security_log.record(signed_in(host))
        assert [] == watched.told

    assert [signed_in(host)] == watched.told


async def test_an_event_of_a_unit_that_fails_leaves_no_trace(watched: Watched, host: Host) -> None:
    async with a_unit_that_fails(watched.store) as uow:
        uow.security_log.record(signed_in(host))

    assert [] == watched.told
    assert [] == await watched.of(host)


async def test_an_event_of_nobody_is_passed_on_alone(watched: Watched) -> None:
    nobodys = SignInFailed(host_id=None, at=NOW, origin=HOME)
    gone = signed_in(a_host())
    await watched.record(nobodys, gone)

    assert [nobodys, gone] == watched.told


@pytest.mark.parametrize("example", [SignInFailed(host_id=None, at=NOW), SignInLocked(host_id=None, at=NOW, until=NOW)])
async def test_no_more_than_fifty_failures_of_a_day_are_kept_and_all_are_passed_on(
    watched: Watched, host: Host, example: SignInFailed | SignInLocked
) -> None:
    def failed(after: timedelta) -> SignInFailed | SignInLocked:
        return msgspec.structs.replace(example, host_id=host.id, at=NOW + after)

    yesterday = failed(-A_DAY)
    async with watched.store.begin() as uow:
        uow.security_log.record(yesterday)
    failures = [failed(n * timedelta(seconds=1)) for n in range(MOST_FAILURES + 5)]
    await watched.record(*failures, signed_in(host, 2))

    kept = await watched.of(host)

    assert [signed_in(host, 2), *reversed(failures[:MOST_FAILURES]), yesterday] == kept
    assert [yesterday, *failures, signed_in(host, 2)] == watched.told


async def test_the_events_of_an_erased_host_are_gone(watched: Watched, host: Host) -> None:
    await watched.record(signed_in(host))

    async with watched.store.begin() as uow:
        uow.accounts.erase(host.id, NOW)

    assert [] == await watched.of(host)
