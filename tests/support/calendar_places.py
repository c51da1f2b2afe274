"""Places where calendars are kept, and what happens there: one for each reader that the contract is held against."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import icalendar
import msgspec
import pytest

from adapters.caldav.reader import CaldavReader
from adapters.http_client.addresses import Reachable
from adapters.http_client.pinned import PinnedTransport
from adapters.ical_feed.reader import IcalFeedReader
from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.recurrence.expansion import expand, expand_all
from adapters.recurrence.scan import NoCalendar
from adapters.recurrence.working_out import NotACalendarFile, WorkOut
from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.mailboxes import Response, ShowAs
from application.ports.calendar_reader import CaldavLogin, FeedAddress, RemoteCalendar
from application.ports.safe_fetcher import NOTHING_KNOWN, Fetched, FetchFailed, NotModified, Validators
from domain.busy import BusyTime
from domain.calendar import Reading
from domain.calendar_problem import CalendarGone, CalendarProblem, ServerRefused
from domain.ids import BookingId
from domain.invitation_uid import invitation_uids
from domain.slot import Slot
from tests.support.caldav_servers import PASSWORD, USER
from tests.support.calendar_events import WEEK, ZONE, Event, EventMark, Place
from tests.support.google_places import google_place
from tests.support.microsoft_calendars import ConnectedCalendars, connected_calendars

PLACES = ("memory", "feed", "radicale", "xandikos", "google", "microsoft")


@asynccontextmanager
async def place_named(name: str, request: pytest.FixtureRequest) -> AsyncGenerator[Place]:
    # Servers are asked for only now, so that the others start none.
    match name:
        case "memory":
            yield MemoryPlace()
        case "feed":
            yield FeedPlace()
        case "google":
            async with google_place() as place:
                yield place
        case "radicale":
            url: str = request.getfixturevalue("radicale")
            async with caldav_place(url, f"{url}{quote(USER)}/", asks_for_a_password=True) as place:
                yield place
        case "xandikos":
            url = request.getfixturevalue("xandikos")
            async with caldav_place(url, f"{url}user/calendars/", asks_for_a_password=False) as place:
                yield place
        case "microsoft":
            async with connected_calendars() as app:
                yield MicrosoftPlace(app)
        case _:
            raise LookupError(name)


class MemoryPlace:
    refused = CaldavLogin("https://dav.example/", "nobody", "wrong")
    problem_when_gone: CalendarProblem = CalendarGone()
    tells_unchanged = True
    knows_floating = True
    owner = USER
    access = CaldavLogin("https://dav.example/", USER, "right")
    remote_id = "https://dav.example/work/"

    def __init__(self) -> None:
        self.reader = self.asker = MemoryCalendarReader()
        self.reader.hold(USER, RemoteCalendar(self.remote_id, "Work", ZONE))
        self._events: dict[str, Event] = {}

    async def put(self, *events: Event) -> None:
        self._events |= {each.uid: each for each in events}
        self._publish()

    async def delete(self, uid: str) -> None:
        del self._events[uid]
        self._publish()

    async def remove(self) -> None:
        self.reader.hold(USER)

    def _publish(self) -> None:
        times = [time for each in self._events.values() for time in _busy_times(each)]
        self.reader.publish(USER, self.remote_id, *sorted(times, key=lambda each: each.slot))


class FeedPlace:
    """The feed is its own fetcher."""

    asker = None
    refused = None
    problem_when_gone: CalendarProblem = ServerRefused(404)
    tells_unchanged = True
    knows_floating = True
    owner = USER
    access = FeedAddress("https://calendar.example/secret.ics")
    remote_id = ""

    def __init__(self) -> None:
        self.reader = IcalFeedReader(self, WorkOutHere())
        self._events: dict[str, Event] = {}
        self._is_there = True

    async def put(self, *events: Event) -> None:
        self._events |= {each.uid: each for each in events}

    async def delete(self, uid: str) -> None:
        del self._events[uid]

    async def remove(self) -> None:
        self._is_there = False

    async def fetch(self, _url: str, _known: Validators = NOTHING_KNOWN, /) -> Fetched | NotModified:
        if not self._is_there:
            raise FetchFailed(ServerRefused(404))
        return Fetched(ical_file(*self._events.values(), zone=ZONE))


@asynccontextmanager
async def caldav_place(url: str, home: str, *, asks_for_a_password: bool) -> AsyncGenerator["CaldavPlace"]:
    """A new calendar of its user's on a real server."""
    reader = CaldavReader(
        PinnedTransport(Reachable(["127.0.0.0/8"])), lambda: datetime.now(UTC), WorkOutHere(), WorkOutHere()
    )
    auth = httpx.BasicAuth(USER, PASSWORD) if asks_for_a_password else None
    async with httpx.AsyncClient(auth=auth) as client:
        place = CaldavPlace(url, f"{home}{uuid4()}/", reader, client, asks_for_a_password=asks_for_a_password)
        await place.make()
        yield place
    await reader.aclose()


class CaldavPlace:
    problem_when_gone: CalendarProblem = CalendarGone()
    tells_unchanged = True
    knows_floating = True
    owner = USER

    def __init__(
        self, url: str, calendar: str, reader: CaldavReader, client: httpx.AsyncClient, *, asks_for_a_password: bool
    ) -> None:
        self.reader = self.asker = reader
        self.access = CaldavLogin(url, USER, PASSWORD)
        self.refused = CaldavLogin(url, USER, "wrong") if asks_for_a_password else None
        self.remote_id = calendar
        self._client = client

    async def make(self) -> None:
        zone = ical_file(zone=ZONE).decode()
        body = (
            '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
            f"<d:displayname>Work</d:displayname><c:calendar-timezone>{zone}</c:calendar-timezone>"
            "</d:prop></d:set></c:mkcalendar>"
        )
        made = await self._client.request(
            "MKCALENDAR", self.remote_id, content=body, headers={"Content-Type": "application/xml"}
        )
        made.raise_for_status()

    async def put(self, *events: Event) -> None:
        for each in events:
            url, headers = f"{self.remote_id}{each.uid}.ics", {"Content-Type": "text/calendar"}
            (await self._client.put(url, content=ical_file(each), headers=headers)).raise_for_status()

    async def delete(self, uid: str) -> None:
        (await self._client.delete(f"{self.remote_id}{uid}.ics")).raise_for_status()

    async def remove(self) -> None:
        (await self._client.delete(self.remote_id)).raise_for_status()


class MicrosoftPlace:
    """The main calendar of a mailbox in the sandbox; it has a series as single events."""

    refused = None
    problem_when_gone: CalendarProblem = CalendarGone()
    tells_unchanged = True
    knows_floating = False
    owner = MIA.email

    def __init__(self, app: ConnectedCalendars) -> None:
        app.sandbox.add(msgspec.structs.replace(MIA, timezone=ZONE))
        self.reader = self.asker = app.reader
        self.access = app.access()
        self.remote_id = app.main().id
        self._app = app

    async def put(self, *events: Event) -> None:
        for event in events:
            await self.delete(event.uid)
            show_as, response = _IN_OUTLOOK[event.mark]
            for start in event.starts():
                slot = _slot(start, event.length)
                self._app.sandbox.mailboxes.add(
                    self._app.main(),
                    slot.start,
                    slot.end,
                    event.uid,
                    is_all_day=event.is_all_day,
                    is_cancelled=event.mark == "cancelled",
                    show_as=show_as,
                    response=response,
                )

    async def delete(self, uid: str) -> None:
        for each in self._app.sandbox.mailboxes.events(self._app.main()):
            if each.subject == uid:
                self._app.sandbox.mailboxes.remove(each)

    async def remove(self) -> None:
        self._app.sandbox.mailboxes.remove_calendar(self._app.main())


_IN_OUTLOOK: dict[EventMark, tuple[ShowAs, Response]] = {
    "busy": (ShowAs.BUSY, Response.ORGANIZER),
    "free": (ShowAs.FREE, Response.ORGANIZER),
    "cancelled": (ShowAs.BUSY, Response.ACCEPTED),
    "tentative": (ShowAs.TENTATIVE, Response.TENTATIVELY_ACCEPTED),
    "unanswered": (ShowAs.TENTATIVE, Response.NOT_RESPONDED),
    "declined": (ShowAs.BUSY, Response.DECLINED),
    "out_of_office": (ShowAs.OOF, Response.ORGANIZER),
    "working_elsewhere": (ShowAs.WORKING_ELSEWHERE, Response.ORGANIZER),
}


class WorkOutHere(WorkOut):
    """Does without a process of its own, whose start takes longer than all the rest."""

    async def __call__(
        self,
        data: bytes | tuple[bytes, ...],
        span: Slot,
        zone: str,
        owners: frozenset[str] = frozenset(),
        host_id: str = "",  # noqa: ARG002 - it is never busy
        invited: frozenset[BookingId] = frozenset(),
        ours: Mapping[str, tuple[Slot, ...]] | None = None,
    ) -> Reading:
        copies = invitation_uids(invited, self._invited_from)
        if isinstance(data, tuple):
            return expand_all(data, span, zone, owners, copies, ours=ours or {})
        try:
            return expand(data, span, zone, owners, copies)
        except NoCalendar:
            raise NotACalendarFile from None


def ical_file(*events: Event, zone: str | None = None) -> bytes:
    """An iCalendar file; in a `zone`, where it says so."""
    zones = {_zone(each.start) for each in events} | {zone}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//", *([f"X-WR-TIMEZONE:{zone}"] if zone else [])]
    for name in sorted(each for each in zones if each):
        lines += icalendar.Timezone.from_tzid(name).to_ical().decode().splitlines()
    for event in events:
        lines += _component(event, event.start, _series(event))
        for week, start in event.moved.items():
            lines += _component(event, start, [_at("RECURRENCE-ID", event.start + week * WEEK)])
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _series(event: Event) -> list[str]:
    rule = [f"RRULE:FREQ=WEEKLY;COUNT={event.weeks}"] if event.weeks > 1 else []
    return rule + [_at("EXDATE", event.start + week * WEEK) for week in sorted(event.dropped)]


def _component(event: Event, start: datetime | date, more: list[str]) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        "DTSTAMP:20260101T000000Z",
        "SUMMARY:Nobody's business",
        _at("DTSTART", start),
        _at("DTEND", start + event.length),
        *_MARKS[event.mark],
        *more,
        "END:VEVENT",
    ]


def _invited(answer: str) -> list[str]:
    return ["ORGANIZER:mailto:boss@mail.example", f"ATTENDEE;PARTSTAT={answer}:mailto:{USER}"]


_MARKS: dict[EventMark, list[str]] = {
    "busy": [],
    "free": ["TRANSP:TRANSPARENT"],
    "cancelled": ["STATUS:CANCELLED"],
    "tentative": _invited("TENTATIVE"),
    "unanswered": _invited("NEEDS-ACTION"),
    "declined": _invited("DECLINED"),
    "out_of_office": ["X-MICROSOFT-CDO-BUSYSTATUS:OOF"],
    "working_elsewhere": ["X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"],
}


def _at(name: str, value: datetime | date) -> str:
    if not isinstance(value, datetime):
        return f"{name};VALUE=DATE:{value:%Y%m%d}"
    if value.tzinfo is UTC:
        return f"{name}:{value:%Y%m%dT%H%M%SZ}"
    zone = _zone(value)
    return f"{name}{f';TZID={zone}' if zone else ''}:{value:%Y%m%dT%H%M%S}"


def _zone(value: datetime | date) -> str | None:
    zone = value.tzinfo if isinstance(value, datetime) else None
    return zone.key if isinstance(zone, ZoneInfo) else None


def _busy_times(event: Event) -> list[BusyTime]:
    if event.mark == "cancelled" or event.mark == "declined":  # noqa: PLR1714 - narrows the type
        return []
    return [BusyTime(_slot(each, event.length), event.mark, event.is_all_day) for each in event.starts()]


def _slot(start: datetime | date, length: timedelta) -> Slot:
    def at(wall: datetime | date) -> datetime:
        when = wall if isinstance(wall, datetime) else datetime.combine(wall, time())
        return (when if when.tzinfo else when.replace(tzinfo=ZoneInfo(ZONE))).astimezone(UTC)

    return Slot(at(start), at(start + length))
