"""Reads Google calendars: those of the account itself event by event, all others by free/busy.

Source: Google Calendar API v3, calendarList.list, events.list, freebusy.query.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from adapters.google.calendar_account import OWNED
from adapters.google.calendar_requests import GoogleCalendarRequests, events_of, granted
from adapters.google.calendar_times import OddEvent, busy_time, known_zone
from adapters.google.calendar_wire import BusyCalendar, CalendarsPage, EventsPage, FreeBusy, ListedCalendar
from adapters.http_client.fitting import utc_instant
from adapters.http_client.together import all_of
from application.ports.calendar_reader import (
    Answered,
    CalendarAccess,
    CalendarAnswer,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    LastSeen,
    ReadingQuery,
    RemoteCalendar,
)
from application.ports.oauth import Grant
from domain.busy import BusyTime, beside, merged
from domain.calendar import LONGEST_CALENDAR_NAME, Reading
from domain.calendar_problem import (
    CalendarGone,
    NotACalendar,
    ServerBusy,
)
from domain.invitation_uid import invitation_uids
from domain.slot import Slot
from domain.text import one_line

MOST_AT_ONCE: Final = 50
LONGEST_FREE_BUSY: Final = timedelta(days=89)
"""Google refuses about 90."""

_LIST: Final = {
    "fields": "kind,nextPageToken,items(id,summary,summaryOverride,timeZone,accessRole,primary,deleted)",
    "maxResults": "250",
}
_EVENTS: Final = {
    # Neither titles nor places nor people; of everybody who is invited only the calendar's owner.
    "fields": (
        "kind,timeZone,nextPageToken,items(id,recurringEventId,iCalUID,status,start(date,dateTime),end(date,dateTime),transparency,eventType,"
        "attendees(self,responseStatus),workingLocationProperties(type))"
    ),
    "maxAttendees": "1",
    "maxResults": "2500",
    "singleEvents": "true",
}

Times = tuple[BusyTime, ...]


class GoogleCalendarReader:
    """Google behind the port CalendarReader.

    With the permission to see the events of the account's own calendars, their kinds are known and a host's rules apply
    to them. Everywhere else Google itself decides what is busy.

    Args:
        invited_from: the domain of our invitations.
    """

    def __init__(self, requests: GoogleCalendarRequests, invited_from: str = "") -> None:
        self._requests = requests
        self._invited_from = invited_from

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        grant = granted(access)
        async with self._requests.in_time("calendars"):
            pages = await self._requests.pages("calendars", "/users/me/calendarList", _LIST, grant, CalendarsPage)
        listed = [each for page in pages for each in page.items]
        return tuple(_remote(each, grant) for each in listed if not each.deleted and each.access_role != "none")

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        grant = granted(access)
        async with self._requests.in_time("read"):
            if _reads_events(grant, query):
                times, timezone = await self._events(grant, query)
            else:
                times, timezone = await self._busy_throughout(grant, query), None
        seen = LastSeen(digest=sha256(msgspec.json.encode((times, timezone))).digest())
        if seen == query.seen:
            return CalendarUnchanged(seen)
        return CalendarRead(Reading(query.span, times, timezone=timezone), seen)

    async def ask(self, access: CalendarAccess, queries: Sequence[ReadingQuery], answered: Answered, /) -> None:
        grant = granted(access)

        async def one(group: Sequence[int]) -> None:
            try:
                answers = await self._answers(grant, [queries[number] for number in group])
            except CalendarUnreadable as unreadable:
                answers = [unreadable] * len(group)
            for number, answer in zip(group, answers, strict=True):
                answered(number, answer)

        async with self._requests.in_time("busy"):
            await all_of(map(one, _asked_together(grant, queries)))

    async def _answers(self, grant: Grant, queries: Sequence[ReadingQuery]) -> Sequence[CalendarAnswer]:
        """Answer queries that go out as one request."""
        first = queries[0]
        if _reads_events(grant, first):
            return [(await self._events(grant, first))[0]]
        ids = [each.remote_id for each in queries]
        found = await self._free_busy("busy", grant, ids, first.span)
        return [_beside_ours(found[each.remote_id], each) for each in queries]

    async def _events(self, grant: Grant, query: ReadingQuery) -> tuple[Times, str | None]:
        """Read the events of a calendar, and the zone of its all-day events where Google names one that is known."""
        bounded = {**_EVENTS, **_bounds(query.span)}
        pages = await self._requests.pages("events", events_of(query.remote_id), bounded, grant, EventsPage)
        timezone = known_zone(pages[0].time_zone)
        zone = ZoneInfo(timezone or query.timezone)
        copies = invitation_uids(query.invited, self._invited_from)
        try:
            events = (each for page in pages for each in page.items)
            others = (each for each in events if each.uid.lower() not in copies)
            found = (
                left
                for event in others
                if (time := busy_time(event, zone, query.span))
                for left in beside(time, query.ours.get(event.recurring_event_id or event.id, ()))
            )
            return tuple(sorted(found, key=_by_time)), timezone
        except OddEvent as error:
            raise self._requests.noted("events", CalendarUnreadable(NotACalendar())) from error

    async def _busy_throughout(self, grant: Grant, query: ReadingQuery) -> Times:
        """Ask for one calendar's free/busy in as many parts as it takes."""
        found: list[BusyTime] = []
        start = query.span.start
        while start < query.span.end:
            part = Slot(start, min(start + LONGEST_FREE_BUSY, query.span.end))
            operation = "read"
            answer = (await self._free_busy(operation, grant, [query.remote_id], part))[query.remote_id]
            if isinstance(answer, CalendarUnreadable):
                raise self._requests.noted(operation, answer)
            found += answer
            start = part.end
        # What goes on from one part into the next is one time.
        whole = tuple(BusyTime(slot) for slot in merged(each.slot for each in found))
        return _without_ours(whole, query)

    async def _free_busy(
        self, operation: str, grant: Grant, ids: Sequence[str], span: Slot
    ) -> Mapping[str, Times | CalendarUnreadable]:
        body = {**_bounds(span), "calendarExpansionMax": MOST_AT_ONCE, "items": [{"id": id_} for id_ in ids]}
        answer = await self._requests.post(operation, "/freeBusy", body, grant, FreeBusy)
        return {id_: _times_of(answer.calendars.get(id_), span) for id_ in ids}


def _beside_ours(answer: Times | CalendarUnreadable, query: ReadingQuery) -> Times | CalendarUnreadable:
    return answer if isinstance(answer, CalendarUnreadable) else _without_ours(answer, query)


def _without_ours(times: Times, query: ReadingQuery) -> Times:
    """Leave out our own entries, by where they are: Google's busy times are merged, and have no ids."""
    return tuple(left for time in times for left in beside(time, query.entry_slots))


def _reads_events(grant: Grant, query: ReadingQuery) -> bool:
    return query.rules_apply and OWNED in grant.scopes


def _asked_together(grant: Grant, queries: Sequence[ReadingQuery]) -> list[list[int]]:
    """Which queries, by their numbers, go out as one request: those of free/busy in the same span."""
    alone: list[list[int]] = []
    together: dict[Slot, list[int]] = defaultdict(list)
    for number, query in enumerate(queries):
        if _reads_events(grant, query):
            alone.append([number])
        else:
            together[query.span].append(number)
    parts = (
        numbers[first : first + MOST_AT_ONCE]
        for numbers in together.values()
        for first in range(0, len(numbers), MOST_AT_ONCE)
    )
    return [*alone, *parts]


def _remote(listed: ListedCalendar, grant: Grant) -> RemoteCalendar:
    is_own = listed.access_role == "owner" and OWNED in grant.scopes
    return RemoteCalendar(
        id=listed.id,
        name=one_line(listed.summary_override or listed.summary, LONGEST_CALENDAR_NAME) or listed.id,
        timezone=known_zone(listed.time_zone),
        is_main=listed.primary,
        writable=is_own,
        rules_apply=is_own,
    )


def _times_of(calendar: BusyCalendar | None, span: Slot) -> Times | CalendarUnreadable:
    """Read one calendar of a free/busy answer; one that isn't in it, or has errors, isn't free."""
    if calendar is None:
        return CalendarUnreadable(NotACalendar())
    reasons = {each.reason for each in calendar.errors}
    if reasons:
        return CalendarUnreadable(CalendarGone() if reasons == {"notFound"} else ServerBusy())
    if calendar.busy is None or any(each.end <= each.start for each in calendar.busy):
        return CalendarUnreadable(NotACalendar())
    slots = merged(Slot.lasting(each.end - each.start, each.start) for each in calendar.busy)
    return tuple(BusyTime(slot) for slot in slots if slot.overlaps(span))


def _bounds(span: Slot) -> dict[str, str]:
    """Google counts whole seconds and forgets the rest."""
    return {"timeMin": utc_instant(span.start), "timeMax": utc_instant(span.end + _to_the_next_second(span.end))}


def _to_the_next_second(at: datetime) -> timedelta:
    return timedelta(microseconds=-at.microsecond % 1_000_000)


def _by_time(time: BusyTime) -> tuple[Slot, str, bool]:
    return time.slot, time.mark, time.all_day
