"""Google's sandbox as a place where calendars are kept, and one that tells of changes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from adapters.google.calendar_notices import GoogleCalendarNotices
from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.scopes import CALENDARS_LISTED, OPENID
from adapters.sandbox.serve import serving
from application.ports.calendar_reader import CalendarAccess
from application.ports.calendar_watcher import CalendarNotice
from domain.calendar_problem import CalendarGone, CalendarProblem
from tests.support.calendar_events import ZONE, Event, EventMark
from tests.support.google_calendars import NOW, WithCalendars, with_calendars
from tests.support.stand_in import stand_in

_MARKS: dict[EventMark, dict[str, Any]] = {
    "busy": {},
    "free": {"transparency": "transparent"},
    "tentative": {"status": "tentative"},
    "unanswered": {"attendees": [{"email": GINA.email, "responseStatus": "needsAction"}]},
    "declined": {"attendees": [{"email": GINA.email, "responseStatus": "declined"}]},
    "out_of_office": {"eventType": "outOfOffice"},
    "working_elsewhere": {"eventType": "workingLocation", "workingLocationProperties": {"type": "homeOffice"}},
    "cancelled": {},
}


@asynccontextmanager
async def google_place() -> AsyncGenerator["GooglePlace"]:
    async with with_calendars() as app:
        app.sandbox.add(msgspec.structs.replace(GINA, time_zone=ZONE))
        yield GooglePlace(app)


class GooglePlace:
    """Google expands series itself, so that each time of one is an event here."""

    problem_when_gone: CalendarProblem = CalendarGone()
    tells_unchanged = True
    knows_floating = False
    owner = GINA.email
    remote_id = GINA.email

    def __init__(self, app: WithCalendars) -> None:
        self.reader = self.asker = app.reader
        self.access: CalendarAccess = app.access()
        self.refused: CalendarAccess = app.access(scopes=(OPENID, CALENDARS_LISTED))
        self._sandbox = app.sandbox
        self._calendar = app.calendar()
        self._ids: dict[str, list[str]] = {}

    async def put(self, *events: Event) -> None:
        for event in events:
            if event.uid in self._ids:
                await self.delete(event.uid)
            for start in event.starts():
                made = self._sandbox.events.add(self._calendar, start, start + event.length, **_MARKS[event.mark])
                self._ids.setdefault(event.uid, []).append(made.id)
            if event.mark == "cancelled":
                await self.delete(event.uid)

    async def delete(self, uid: str) -> None:
        for id_ in self._ids.pop(uid):
            self._sandbox.events.delete(self._calendar, id_)

    async def remove(self) -> None:
        self._sandbox.calendars.delete(self._calendar)


@asynccontextmanager
async def google_watch_world() -> AsyncGenerator["GoogleWatchWorld"]:
    received: list[Request] = []

    async def receive(request: Request) -> Reply:
        received.append(request)
        return Reply(204)

    async with with_calendars() as app, serving(stand_in(receive)) as url:
        yield GoogleWatchWorld(app, f"{url}/notifications", received)


class GoogleWatchWorld:
    remote_id = GINA.email

    def __init__(self, app: WithCalendars, address: str, received: list[Request]) -> None:
        self.access: CalendarAccess = app.access()
        self.address = self.lifecycle_address = address
        self.watcher, self.renewer = app.watcher, None
        self._app = app
        self._received = received

    def now(self) -> datetime:
        return NOW

    async def change(self) -> None:
        self._app.adds()

    async def told(self) -> list[CalendarNotice]:
        await self._app.sandbox.channels.all_sent()
        reader = GoogleCalendarNotices()
        return [notice for each in self._received for notice in reader.read(each.query, each.headers, each.body)]

    def forget_watches(self) -> None:
        self._app.sandbox.channels.expire()

    def refuse_addresses(self) -> None:
        self._app.sandbox.channels.refused.add("127.0.0.1")

    def end_grants(self) -> None:
        self._app.sandbox.remove(GINA)
