"""Calendars of each kind that entries can be written to, with a host who uses them by hand."""

import html
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx
import icalendar
import msgspec
import pytest

from adapters.caldav.writer import CaldavWriter
from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.memory.calendar_writer import MemoryCalendarWriter
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.calendar.events import SandboxEvent
from application.ports.calendar_reader import CaldavLogin, CalendarAccess, RemoteCalendar
from application.ports.calendar_writer import CalendarWriter
from domain.calendar_entry import EntryContent
from domain.slot import Slot
from tests.contract.scheduling import SchedulingProxy
from tests.support.caldav_servers import PASSWORD, USER
from tests.support.calendar_places import CaldavPlace, place_named
from tests.support.google_calendars import WithCalendars, with_calendars


class Shown(msgspec.Struct, frozen=True):
    """An entry as the host sees it; `note` is something that only the host has put there."""

    content: EntryContent
    is_busy: bool = True
    people: tuple[str, ...] = ()
    note: str = ""


class EntryWorld(Protocol):
    """One calendar, empty at first.

    Attributes:
        keeps_deleted_ids: the id of a deleted entry can't be used again.
        asks_who_comes: there is something that lets nobody in.
    """

    keeps_deleted_ids: bool
    asks_who_comes: bool

    @property
    def writer(self) -> CalendarWriter: ...
    @property
    def access(self) -> CalendarAccess: ...
    @property
    def calendar(self) -> str: ...

    async def shown(self) -> list[Shown]:
        """All that the calendar holds."""
        ...

    async def move(self, entry_id: str, slot: Slot) -> None: ...

    async def note(self, entry_id: str, note: str) -> None: ...

    async def write_around(self, entry_id: str, above: str, below: str) -> None:
        """Let the host add to the description, as their program lets them."""
        ...

    async def described(self) -> list[str]:
        """What people read in the description of the one entry, line by line, without blank ones."""
        ...

    async def delete(self, entry_id: str) -> None: ...

    async def lock_out(self) -> None:
        """Let nobody in any more."""
        ...

    def mailed(self) -> list[str]:
        """What the calendar has mailed to anybody."""
        ...


def read_lines(description: str) -> list[str]:
    """What people read of plain text, or of HTML."""
    body = re.sub(r"(?s).*<body>|</body>.*", "", description)
    shown = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>|</?(?:p|div|ul|li)[^>]*>", "\n", body)))
    return [line.strip() for line in shown.splitlines() if line.strip()]


class MemoryEntries:
    asks_who_comes = True

    def __init__(self, *, keeps_deleted_ids: bool) -> None:
        self.keeps_deleted_ids = keeps_deleted_ids
        self._reader = MemoryCalendarReader()
        self._reader.hold("anna", RemoteCalendar("work", "Work", writable=True))
        self.writer = MemoryCalendarWriter(self._reader, keeps_deleted_ids=keeps_deleted_ids)
        self.access = CaldavLogin("https://dav.example/", "anna", "geheim")
        self.calendar = "work"

    async def shown(self) -> list[Shown]:
        return [Shown(each.content, note=each.color) for each in self.writer.entries("anna", "work").values()]

    async def move(self, entry_id: str, slot: Slot) -> None:
        self.writer.move("anna", "work", entry_id, slot)

    async def note(self, entry_id: str, note: str) -> None:
        self.writer.paint("anna", "work", entry_id, note)

    async def write_around(self, entry_id: str, above: str, below: str) -> None:
        self.writer.write_around("anna", "work", entry_id, above, below)

    async def described(self) -> list[str]:
        [entry] = await self.shown()
        return read_lines(entry.content.description)

    async def delete(self, entry_id: str) -> None:
        self.writer.delete("anna", "work", entry_id)

    async def lock_out(self) -> None:
        self._reader.lock_out("anna")

    def mailed(self) -> list[str]:
        return []


class CaldavEntries:
    """A calendar on a real server; the host edits its files."""

    keeps_deleted_ids = False

    def __init__(self, place: CaldavPlace, client: httpx.AsyncClient, proxy: SchedulingProxy) -> None:
        self._proxy = proxy
        self.writer = CaldavWriter(proxy, lambda: datetime.now(UTC))
        self.access: CaldavLogin = place.access
        self.calendar = place.remote_id
        self.asks_who_comes = place.refused is not None
        self._place = place
        self._client = client

    async def shown(self) -> list[Shown]:
        listed = await self._client.request("PROPFIND", self.calendar, headers={"Depth": "1"})
        names = sorted(set(re.findall(r"tt\w+\.ics", listed.text)))
        return [_shown(icalendar.Calendar.from_ical(await self._file(name))) for name in names]

    async def move(self, entry_id: str, slot: Slot) -> None:
        def move(event: icalendar.Event) -> None:
            event.start, event.end = (at.astimezone(ZoneInfo("Asia/Tokyo")) for at in (slot.start, slot.end))

        await self._edit(entry_id, move)

    async def note(self, entry_id: str, note: str) -> None:
        def note_it(event: icalendar.Event) -> None:
            event.color = note
            alarm: Any = icalendar.Alarm()
            alarm.add("ACTION", "DISPLAY")
            alarm.add("DESCRIPTION", note)
            alarm.add("TRIGGER", timedelta(minutes=-5))
            event.add_component(alarm)

        await self._edit(entry_id, note_it)

    async def write_around(self, entry_id: str, above: str, below: str) -> None:
        def write(event: icalendar.Event) -> None:
            event.description = f"{above}\n{event.description}\n{below}"

        await self._edit(entry_id, write)

    async def described(self) -> list[str]:
        [entry] = await self.shown()
        return read_lines(entry.content.description)

    async def delete(self, entry_id: str) -> None:
        await self._place.delete(entry_id)

    async def lock_out(self) -> None:
        assert self._place.refused is not None
        self.access = self._place.refused

    def mailed(self) -> list[str]:
        return self._proxy.mailed

    async def _edit(self, entry_id: str, edit: Callable[[icalendar.Event], None]) -> None:
        calendar = icalendar.Calendar.from_ical(await self._file(f"{entry_id}.ics"))
        edit(calendar.events[0])
        calendar.add_missing_timezones()
        put = await self._client.put(
            f"{self.calendar}{entry_id}.ics", content=calendar.to_ical(), headers={"Content-Type": "text/calendar"}
        )
        put.raise_for_status()

    async def _file(self, name: str) -> bytes:
        return (await self._client.get(f"{self.calendar}{name}")).raise_for_status().content


def _shown(calendar: icalendar.Calendar) -> Shown:
    event: Any = calendar.events[0]
    assert "METHOD" not in calendar
    slot = Slot(*(at.astimezone(UTC) for at in (event["DTSTART"].dt, event["DTEND"].dt)))
    texts = [str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")]
    alarms = [str(alarm["DESCRIPTION"]) for alarm in event.walk("VALARM")]
    assert alarms == ([event.color] if event.color else [])
    return Shown(
        EntryContent(slot, *texts),
        is_busy=event.get("TRANSP") == "OPAQUE",
        people=tuple(name for name in ("ORGANIZER", "ATTENDEE") if name in event),
        note=event.color or "",
    )


@asynccontextmanager
async def caldav_entries(name: str, request: pytest.FixtureRequest) -> AsyncGenerator[CaldavEntries]:
    auth = httpx.BasicAuth(USER, PASSWORD) if name == "radicale" else None
    async with place_named(name, request) as place, httpx.AsyncClient(auth=auth) as client:
        assert isinstance(place, CaldavPlace)
        entries = CaldavEntries(place, client, SchedulingProxy())
        yield entries
        await entries.writer.aclose()


class GoogleEntries:
    """The own calendar of an account in Google's sandbox, with whoever the host has invited to come along."""

    keeps_deleted_ids = True
    asks_who_comes = True

    def __init__(self, app: WithCalendars) -> None:
        self.writer = app.writer
        self.access = app.access()
        self.calendar = GINA.email
        self._sandbox = app.sandbox
        self._calendar = app.calendar()

    async def shown(self) -> list[Shown]:
        events = (each for each in self._sandbox.events.of(self._calendar) if not each.is_deleted)
        return [_shown_by_google(each) for each in events]

    async def move(self, entry_id: str, slot: Slot) -> None:
        zone = ZoneInfo("Asia/Tokyo")
        self._sandbox.events.move(self._calendar, entry_id, slot.start.astimezone(zone), slot.end.astimezone(zone))

    async def note(self, entry_id: str, note: str) -> None:
        reminders = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}
        noted = {"colorId": note, "reminders": reminders, "attendees": [{"email": f"{note}@friends.example"}]}
        self._sandbox.events.patch(self._calendar, entry_id, noted)

    async def write_around(self, entry_id: str, above: str, below: str) -> None:
        """As in Google's own editor, which makes HTML of it."""
        given = self._sandbox.events.get(self._calendar, entry_id).given
        ours = given["description"].replace("\n", "<br>")
        self._sandbox.events.patch(
            self._calendar, entry_id, {"description": f"<b>{above}</b><br><br>{ours}<ul><li>{below}</li></ul>"}
        )

    async def described(self) -> list[str]:
        [entry] = await self.shown()
        return read_lines(entry.content.description)

    async def delete(self, entry_id: str) -> None:
        self._sandbox.events.delete(self._calendar, entry_id)

    async def lock_out(self) -> None:
        self._sandbox.remove(GINA)

    def mailed(self) -> list[str]:
        return [each.to for each in self._sandbox.calendar_api.invitations.mailed]


def _shown_by_google(event: SandboxEvent) -> Shown:
    given = event.given
    note = given.get("colorId", "")
    attendees = [each["email"] for each in given.get("attendees", [])]
    # What the host has put there comes as one, so that losing a part of it shows.
    assert attendees == ([f"{note}@friends.example"] if note else [])
    assert bool(given.get("reminders")) == bool(note)
    return Shown(
        EntryContent(Slot(event.begins, event.ends), *(given[name] for name in ("summary", "location", "description"))),
        is_busy=event.takes_time_of(GINA.email),
        people=tuple(name for name in ("organizer", "conferenceData") if name in given),
        note=note,
    )


@asynccontextmanager
async def google_entries() -> AsyncGenerator[GoogleEntries]:
    async with with_calendars() as app:
        yield GoogleEntries(app)
