"""Nobody who looks for a time waits for a calendar: what is shown is what was read before."""

import dataclasses
import socket
from datetime import timedelta

import pytest

from application.app import App
from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    ReadingQuery,
    RemoteCalendar,
)
from tests.support.calendar_world import CalendarWorld, busy
from tests.support.serving import API, TUESDAY_AT_TEN, Server
from tests.support.visiting import Visitor

LATER = "2026-03-03T11:00:00Z"


class CalledReader:
    """Notes every call, and fails."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def calendars(self, _access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        raise self._called("calendars")

    async def read(self, _access: CalendarAccess, _query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        raise self._called("read")

    async def ask(self, *_: object) -> None:
        raise self._called("ask")

    def _called(self, what: str) -> ConnectionRefusedError:
        self.calls.append(what)
        return ConnectionRefusedError(what)


async def test_a_month_of_slots_asks_no_calendar_and_nobody_on_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    world = await CalendarWorld.with_page()
    for kind in ("google", "microsoft", "caldav"):
        await world.connect(kind, kind, kind=kind)
        world.publish(busy(), account=kind, name=kind, kind=kind)
    await world.passes(timedelta(minutes=2))
    # None of them is fresh enough for a submit.
    await world.passes(timedelta(minutes=1), with_worker=False)
    memory, reader, dialled = world.memory, CalledReader(), list[object]()

    def refuse(_: socket.socket, address: object) -> None:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    memory.ports = dataclasses.replace(
        memory.ports,
        calendar_readers=dict.fromkeys(memory.ports.calendar_readers, reader),
        calendar_askers=dict.fromkeys(memory.ports.calendar_askers, reader),
    )
    memory.app = App(memory.ports)
    server, event_type = Server(memory), world.page.event_types[0].slug
    page = f"{world.host.handle}/{world.page.slug}"

    month = {"from": "2026-03-02", "to": "2026-04-01", "timezone": "UTC"}
    told = (await server.client().get(f"{API}/public/{page}/{event_type}/slots", params=month)).json()
    shown = (await Visitor(server).opens(f"/{page}?date=2026-03-03&timezone=UTC")).starts

    assert None is told["unavailable"]
    for starts in (told["slots"], shown):
        assert TUESDAY_AT_TEN not in starts
        assert LATER in starts
    assert ([], []) == (reader.calls, dialled)
