"""Writes bookings' entries to the Google calendars that an account owns.

Source: Google Calendar API v3, `Events` and its methods, "Extended properties".
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from adapters.google.calendar_account import OWNED
from adapters.google.calendar_refusals import reasons_of
from adapters.google.calendar_requests import GoogleCalendarRequests, event_of, events_of, granted
from adapters.google.calendar_times import OddEvent, known_zone, slot_of
from adapters.google.calendar_wire import EntriesPage, EntryEvent
from adapters.google.wire import GoogleApiRefusal
from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.fitting import utc_instant
from adapters.http_client.notes import marks_of, with_notes, with_notes_in_html
from adapters.http_client.wire import read
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from application.ports.oauth import Grant
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import CalendarPermissionMissing, CalendarProblem, NotACalendar, ServerBusy
from domain.slot import Slot

AT_ONCE: Final = 10
"""How many events are asked for one by one at the same time."""

MARK: Final = {"timetuna": "entry"}
"""Tells our entries from all other events of a calendar."""

NAME: Final = "timetunaEntry"

LINES: Final = "timetunaLines"
"""Which lines of the description are ours."""

MOST_TRIES: Final = 3
"""At a new description, where the host changes the same event at that moment."""

_LONGEST_LINK: Final = 2000
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_EVENT: Final = "id,etag,status,start(date,dateTime),end(date,dateTime),htmlLink,extendedProperties(private)"
_NOTED: Final = "id,etag,status,description,extendedProperties(private)"
_TELLING_NOBODY: Final = {"sendUpdates": "none"}
_WRITE: Final = urlencode({**_TELLING_NOBODY, "fields": _EVENT})
_LIST: Final = {
    "fields": f"kind,timeZone,nextPageToken,items({_EVENT})",
    "maxResults": "2500",
    "privateExtendedProperty": "=".join(*MARK.items()),
}
# Descriptions are HTML to Google, and what people typed is none.
_TAG: Final = re.compile(r"</?[A-Za-z]")
_NO_TAGS: Final = str.maketrans("<>", "‹›")


class GoogleCalendarWriter:
    """Google behind the port CalendarWriter.

    An entry's name is its event's id, which a deleted event keeps for good. A patch names the fields that are ours, and
    so leaves all others as they are. Of the description only lines are ours: a new one takes a look at it before, and
    the precondition that nobody has changed it since.
    """

    def __init__(self, requests: GoogleCalendarRequests) -> None:
        self._requests = requests

    async def put(
        self, access: CalendarAccess, calendar: str, uid: str, content: EntryContent, _tried: Sequence[Slot], /
    ) -> RemoteEntry:
        operation = "insert"
        change = EntryChange(content.slot, content.title, content.location, content.description)
        body = {
            "id": uid,
            "transparency": "opaque",
            **_fields(change),
            "extendedProperties": {"private": {**MARK, NAME: uid, LINES: marks_of(content.description)}},
        }
        async with self._writing(operation):
            grant = _granted(access)
            answer = await self._requests.post_for_any(operation, f"{events_of(calendar)}?{_WRITE}", body, grant)
            if answer.status != HTTPStatus.CONFLICT:
                event = self._requests.understood(operation, answer, EntryEvent)
                return await self._remote(grant, calendar, event, content.slot)
            held = await self._event(grant, calendar, uid)
            if held is None or held.extended_properties.private.get(NAME) != uid:
                raise EntryUidSpent
            try:
                return await self._patch(grant, calendar, uid, change)
            except EntryGone:
                raise EntryUidSpent from None

    async def patch(self, access: CalendarAccess, calendar: str, entry_id: str, change: EntryChange, /) -> RemoteEntry:
        async with self._writing("patch"):
            return await self._patch(_granted(access), calendar, entry_id, change)

    async def remove(
        self, access: CalendarAccess, calendar: str, uid: str, entry_id: str | None, _tried: Sequence[Slot], /
    ) -> None:
        operation = "delete"
        path = f"{event_of(calendar, entry_id or uid)}?{urlencode(_TELLING_NOBODY)}"
        async with self._writing(operation):
            answer = await self._requests.delete_for_any(operation, path, _granted(access))
            if not answer.is_success and not _says_gone(answer):
                raise self._requests.refused(operation, answer)

    async def seen(
        self, access: CalendarAccess, calendar: str, entries: Mapping[str, Slot], /
    ) -> Mapping[str, RemoteEntry]:
        if not entries:
            return {}
        # Whatever has ended before any of them began was moved into the past, and is asked for by its id.
        earliest = min(slot.start for slot in entries.values())
        operation = "entries"
        async with self._writing(operation):
            grant = _granted(access)
            query = {**_LIST, "timeMin": utc_instant(earliest)}
            pages = await self._requests.pages(operation, events_of(calendar), query, grant, EntriesPage)
            listed = {each.id: each for page in pages for each in page.items if each.status != "cancelled"}
            # Lists leave things out for many reasons; what counts as deleted has to be.
            missing = [each for each in entries if each not in listed]
            held = {**listed, **await self._one_by_one(grant, calendar, missing)}
        zone = _zone(pages[0])
        return {id_: self._shown(held[id_], zone, otherwise) for id_, otherwise in entries.items() if id_ in held}

    async def _patch(self, grant: Grant, calendar: str, entry_id: str, change: EntryChange) -> RemoteEntry:
        operation = "patch"
        answer = await self._patched(operation, grant, calendar, entry_id, change)
        if answer is None:
            raise CalendarUnreadable(ServerBusy())
        if _may_be_gone(answer) and await self._event(grant, calendar, entry_id) is None:
            # Of the calendar, or in it.
            await self._page(grant, calendar)
            raise EntryGone
        event = self._requests.understood(operation, answer, EntryEvent)
        if event.status == "cancelled":
            raise EntryGone
        return await self._remote(grant, calendar, event, change.slot)

    async def _patched(
        self, operation: str, grant: Grant, calendar: str, entry_id: str, change: EntryChange
    ) -> ProviderAnswer | None:
        """Send the change; None where the host has been faster again and again."""
        path, fields = f"{event_of(calendar, entry_id)}?{_WRITE}", _fields(change, "date")
        if change.description is None:
            return await self._requests.patch_for_any(operation, path, fields, grant, {})
        for _ in range(MOST_TRIES):
            held = await self._event(grant, calendar, entry_id, _NOTED)
            headers = {} if held is None else {"If-Match": held.etag}
            noted = fields if held is None else {**fields, **_noted(held, change.description)}
            answer = await self._requests.patch_for_any(operation, path, noted, grant, headers)
            if answer.status != HTTPStatus.PRECONDITION_FAILED:
                return answer
        return None

    async def _event(self, grant: Grant, calendar: str, entry_id: str, fields: str = _EVENT) -> EntryEvent | None:
        operation = "entry"
        answer = await self._requests.get_for_any(operation, event_of(calendar, entry_id), {"fields": fields}, grant)
        if _says_gone(answer):
            return None
        event = self._requests.understood(operation, answer, EntryEvent)
        return None if event.status == "cancelled" else event

    async def _one_by_one(self, grant: Grant, calendar: str, ids: Sequence[str]) -> dict[str, EntryEvent]:
        found: dict[str, EntryEvent] = {}
        for first in range(0, len(ids), AT_ONCE):
            some = ids[first : first + AT_ONCE]
            answers = await asyncio.gather(*(self._event(grant, calendar, each) for each in some))
            found |= {each.id: each for each in answers if each is not None}
        return found

    async def _page(self, grant: Grant, calendar: str) -> EntriesPage:
        """Ask for as little as shows that there is such a calendar, and its zone."""
        query = {"fields": "kind,timeZone", "maxResults": "1"}
        return await self._requests.get("entries", events_of(calendar), query, grant, EntriesPage)

    async def _remote(self, grant: Grant, calendar: str, event: EntryEvent, expected: Slot | None) -> RemoteEntry:
        is_all_day = event.start is not None and event.start.day is not None
        zone = _zone(await self._page(grant, calendar)) if is_all_day else ZoneInfo("UTC")
        return self._shown(event, zone, expected)

    def _shown(self, event: EntryEvent, zone: ZoneInfo, otherwise: Slot | None) -> RemoteEntry:
        """One that has no time any more is taken to be where it was."""
        try:
            slot = slot_of(event.start, event.end, zone)
        except OddEvent:
            if otherwise is None:
                raise CalendarUnreadable(NotACalendar()) from None
            slot = otherwise
        return RemoteEntry(event.id, event.etag, slot, safe_link(event.html_link, self._requests.origin))

    @asynccontextmanager
    async def _writing(self, operation: str) -> AsyncGenerator[None]:
        try:
            async with self._requests.in_time(operation):
                yield
        except CalendarUnreadable as error:
            raise CalendarUnwritable(_problem(error.problem), error.not_before) from error


def _granted(access: CalendarAccess) -> Grant:
    grant = granted(access)
    if OWNED not in grant.scopes:
        raise CalendarUnreadable(CalendarPermissionMissing(("write",)))
    return grant


def _fields(change: EntryChange, *unset: str) -> dict[str, Any]:
    """Name what is to be changed.

    Args:
        unset: the members of a time that a host's change may have left behind, such as the date of an all-day event.
    """
    texts = {"summary": change.title, "location": change.location}
    fields: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
    if change.description is not None:
        fields["description"] = change.description.translate(_NO_TAGS)
    if change.slot is not None:
        nothing = dict.fromkeys(unset)
        fields["start"] = {**nothing, "dateTime": utc_instant(change.slot.start)}
        fields["end"] = {**nothing, "dateTime": utc_instant(change.slot.end)}
    return fields


def _noted(held: EntryEvent, description: str) -> dict[str, Any]:
    """What a description becomes with what the host has added to it."""
    marks, ours = held.extended_properties.private.get(LINES), description.translate(_NO_TAGS)
    if _TAG.search(held.description):
        noted = with_notes_in_html(held.description, marks, ours, breaks_at_newlines=True) or ours
    else:
        noted = with_notes(held.description, marks, ours)
    return {"description": noted, "extendedProperties": {"private": {LINES: marks_of(ours)}}}


def safe_link(text: str, origin: str) -> str | None:
    """A link that may be shown: a secured one, or to where the API itself is."""
    return text if text.startswith(("https://", f"{origin}/")) and len(text) <= _LONGEST_LINK else None


def _zone(page: EntriesPage) -> ZoneInfo:
    return ZoneInfo(known_zone(page.time_zone) or "UTC")


def _says_gone(answer: ProviderAnswer) -> bool:
    """Whether it is Google that says so, and not some gateway before it."""
    return answer.status in _GONE and read(answer.body, GoogleApiRefusal) is not None


def _may_be_gone(answer: ProviderAnswer) -> bool:
    """A deleted event can't be changed, which Google says in a word that it uses for much else."""
    refusal = read(answer.body, GoogleApiRefusal) if answer.status == HTTPStatus.FORBIDDEN else None
    return _says_gone(answer) or (refusal is not None and "forbidden" in reasons_of(refusal))


def _problem(problem: CalendarProblem) -> CalendarProblem:
    match problem:
        case CalendarPermissionMissing():
            return CalendarPermissionMissing(("write",))
        case NotACalendar():
            # Such an answer came from something before Google, or half of it.
            return ServerBusy()
        case _:
            return problem
