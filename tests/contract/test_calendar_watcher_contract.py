"""What every watcher of calendars has to keep: the fake, and each client with its sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
import pytest

from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.memory.calendar_watcher import MemoryCalendarWatcher
from adapters.microsoft.calendar_watcher import MicrosoftCalendarNotices
from adapters.sandbox.asgi import Reply
from adapters.sandbox.microsoft.accounts import MIA
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable, RemoteCalendar, SignedIn
from application.ports.calendar_watcher import (
    CalendarNotice,
    CalendarWatcher,
    NewWatch,
    Watch,
    WatchGone,
    WatchRefused,
    WatchRenewer,
)
from application.ports.oauth import Grant
from application.ports.provider import AccessTokenExpired
from domain.calendar_problem import CalendarGone, SignInEnded
from domain.connection import ProviderAccount
from domain.ids import WatchId
from tests.support.builders import NOW
from tests.support.google_places import google_watch_world
from tests.support.graph_listener import Listener, listening
from tests.support.microsoft_calendars import ConnectedCalendars, connected_calendars
from tests.support.zoom_connected import NOW as NOW_THERE


class WatchWorld(Protocol):
    """An account with one calendar whose changes are told.

    Attributes:
        address, lifecycle_address: of a receiver that the provider reaches.
    """

    access: CalendarAccess
    remote_id: str
    address: str
    lifecycle_address: str

    @property
    def watcher(self) -> CalendarWatcher: ...
    @property
    def renewer(self) -> WatchRenewer | None: ...

    def now(self) -> datetime: ...

    async def change(self) -> None:
        """Let the host change an event."""
        ...

    async def told(self) -> list[CalendarNotice]:
        """Every notice that has come by now, as it is read."""
        ...

    def forget_watches(self) -> None:
        """Let the provider lose all watches."""
        ...

    def refuse_addresses(self) -> None:
        """Let the provider accept no address."""
        ...

    def end_grants(self) -> None:
        """Let the account's owner remove the app."""
        ...


class MemoryWatchWorld:
    remote_id = "work"
    address = "https://timetuna.example/notices"
    lifecycle_address = address

    def __init__(self) -> None:
        self._reader = MemoryCalendarReader()
        self._reader.hold("anna", RemoteCalendar("work", "Work"))
        self.watcher = self.renewer = MemoryCalendarWatcher(self._reader, self.now)
        anna = ProviderAccount("anna", "org", "anna@example.com", "Anna")
        self.access: CalendarAccess = SignedIn(Grant("access", "refresh", NOW, frozenset(), anna))
        self._told: list[CalendarNotice] = []

    def now(self) -> datetime:
        return NOW

    async def change(self) -> None:
        self._told += self.watcher.tell(self.remote_id)

    async def told(self) -> list[CalendarNotice]:
        return self._told

    def forget_watches(self) -> None:
        self.watcher.kept.clear()

    def refuse_addresses(self) -> None:
        self.watcher.refuses = "not-ours"

    def end_grants(self) -> None:
        self._reader.lock_out("anna")


class MicrosoftWatchWorld:
    def __init__(self, app: ConnectedCalendars, listener: Listener) -> None:
        self.watcher = self.renewer = app.watcher
        self.access: CalendarAccess = app.access()
        self.remote_id = app.main().id
        self.address = f"{listener.url}/notices"
        self.lifecycle_address = f"{listener.url}/lifecycle"
        self._app = app
        self._listener = listener

    def now(self) -> datetime:
        return NOW_THERE

    async def change(self) -> None:
        self._app.add()
        notices = self._app.sandbox.notices
        await self._app.sandbox.until(lambda: all(each.status for each in notices.sent))

    async def told(self) -> list[CalendarNotice]:
        reads = MicrosoftCalendarNotices()
        read = [reads.read({}, {}, each.body) for each in self._app.sandbox.notices.sent]
        return [notice for notices in read if isinstance(notices, tuple) for notice in notices]

    def forget_watches(self) -> None:
        for each in self._app.sandbox.subscriptions.all():
            self._app.sandbox.subscriptions.forget(each)

    def refuse_addresses(self) -> None:
        self._listener.validates = lambda _: Reply(404)

    def end_grants(self) -> None:
        self._app.sandbox.remove(MIA)


@asynccontextmanager
async def world_named(name: str) -> AsyncGenerator[WatchWorld]:
    match name:
        case "google":
            async with google_watch_world() as world:
                yield world
        case "microsoft":
            async with connected_calendars() as app, listening() as listener:
                yield MicrosoftWatchWorld(app, listener)
        case _:
            yield MemoryWatchWorld()


@pytest.fixture(params=["memory", "google", "microsoft"])
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[WatchWorld]:
    async with world_named(request.param) as found:
        yield found


async def watched(world: WatchWorld, name: str = "w1") -> Watch:
    new = NewWatch(WatchId(name), f"secret-of-{name}", world.address, world.lifecycle_address)
    return await world.watcher.watch(world.access, world.remote_id, new)


async def changed(world: WatchWorld) -> set[str]:
    """The secrets that are shown when an event changes."""
    before = len(await world.told())
    await world.change()
    return {each.secret for each in (await world.told())[before:] if each.kind == "changed"}


async def test_a_change_is_told_with_the_secret(world: WatchWorld) -> None:
    watch = await watched(world)

    assert {"secret-of-w1"} == await changed(world)
    assert ("w1", True) == (watch.id, timedelta(hours=1) <= watch.expires_at - world.now() <= timedelta(days=7))


async def test_two_watches_of_a_calendar_tell_side_by_side_until_one_is_ended(world: WatchWorld) -> None:
    first = await watched(world)
    await watched(world, "w2")

    together = await changed(world)
    await world.watcher.unwatch(world.access, first)

    assert {"secret-of-w1", "secret-of-w2"} == together
    assert {"secret-of-w2"} == await changed(world)


async def test_ending_a_watch_that_is_gone_is_fine(world: WatchWorld) -> None:
    watch = await watched(world)
    world.forget_watches()

    await world.watcher.unwatch(world.access, watch)


async def test_a_watch_is_prolonged_where_that_can_be_and_a_lost_one_is_said_to_be_gone(world: WatchWorld) -> None:
    if world.renewer is None:
        return
    short = msgspec.structs.replace(await watched(world), expires_at=world.now() + timedelta(minutes=50))

    renewed = await world.renewer.renew(world.access, short)
    world.forget_watches()

    assert (short.id, short.remote) == (renewed.id, renewed.remote)
    assert renewed.expires_at > short.expires_at
    with pytest.raises(WatchGone):
        await world.renewer.renew(world.access, renewed)


async def test_an_address_that_the_provider_does_not_accept_is_refused(world: WatchWorld) -> None:
    world.refuse_addresses()

    with pytest.raises(WatchRefused):
        await watched(world)


async def test_a_calendar_that_is_gone_cannot_be_watched(world: WatchWorld) -> None:
    world.remote_id = "no-such-calendar"

    with pytest.raises(CalendarUnreadable) as caught:
        await watched(world)

    assert CalendarGone() == caught.value.problem


async def test_a_grant_that_has_ended_watches_nothing(world: WatchWorld) -> None:
    world.end_grants()

    with pytest.raises((AccessTokenExpired, CalendarUnreadable)) as caught:
        await watched(world)

    if isinstance(caught.value, CalendarUnreadable):
        assert SignInEnded() == caught.value.problem
