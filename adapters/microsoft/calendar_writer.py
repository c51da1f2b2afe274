"""Writes bookings' entries to calendars of Outlook.

Source: Microsoft Graph v1.0, "Create event", "Update event", "Delete event", "Get singleValueLegacyExtendedProperty".
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.fitting import cut
from adapters.http_client.notes import marks_of, with_notes_in_html
from adapters.http_client.wire import read
from adapters.microsoft.busy_events import slot_of
from adapters.microsoft.calendar_reader import LONGEST
from adapters.microsoft.calendar_refusals import calendar_refusal
from adapters.microsoft.calendar_view import view
from adapters.microsoft.calendar_wire import (
    ENTRY_SELECTED,
    LINES_EXPANDED,
    LINES_PROPERTY,
    UID_EXPANDED,
    UID_PROPERTY,
    EntryPage,
    NotedEntry,
    ViewedEntry,
)
from adapters.microsoft.mailbox_calls import EVENTS_IN_UTC, Call, MailboxCalls
from adapters.microsoft.refusals import api_code
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import CalendarGone, NotACalendar, ServerBusy, ServerTooSlow
from domain.slot import Slot

_LONGEST_TITLE: Final = 255
_LONGEST_LINK: Final = 2000

# An event that isn't where it was tried was moved by its host: rarely further.
_FAR: Final = timedelta(days=180)
_DUPLICATE: Final = "ErrorDuplicateTransactionId"

T = TypeVar("T")


class MicrosoftCalendarWriter:
    """Microsoft behind the port CalendarWriter.

    Graph gives events ids of its own. An entry carries its UID in an extended property, by which it is searched for
    before a repeat, and as the id of its transaction, by which Graph itself may notice a repeat; what Graph answers
    then isn't documented, and both a second event and errors 400 and 409 were seen.

    Args:
        longest: for all requests of one call.
    """

    def __init__(self, mailboxes: MailboxCalls, *, longest: timedelta = LONGEST) -> None:
        self._mailboxes = mailboxes
        self._longest = longest.total_seconds()

    async def put(
        self, access: CalendarAccess, calendar: str, uid: str, content: EntryContent, tried: Sequence[Slot], /
    ) -> RemoteEntry:
        return await self._in_time("put", _Visit(self._mailboxes, access, calendar).put(uid, content, tried))

    async def patch(self, access: CalendarAccess, calendar: str, entry_id: str, change: EntryChange, /) -> RemoteEntry:
        return await self._in_time("patch", _Visit(self._mailboxes, access, calendar).patch(entry_id, change))

    async def remove(
        self, access: CalendarAccess, calendar: str, uid: str, entry_id: str | None, tried: Sequence[Slot], /
    ) -> None:
        await self._in_time("remove", _Visit(self._mailboxes, access, calendar).remove(uid, entry_id, tried))

    async def seen(
        self, access: CalendarAccess, calendar: str, entries: Mapping[str, Slot], /
    ) -> Mapping[str, RemoteEntry]:
        return await self._in_time("seen", _Visit(self._mailboxes, access, calendar).seen(entries))

    async def _in_time(self, operation: str, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._longest):
                return await work
        except TimeoutError:
            slow = ServerTooSlow()
            self._mailboxes.calls.noted(operation, CalendarUnreadable(slow))
            raise CalendarUnwritable(slow) from None
        except CalendarUnreadable as unreadable:
            # Half an answer to a request that changes something is no reason to give up.
            is_odd = isinstance(unreadable.problem, NotACalendar)
            raise CalendarUnwritable(
                ServerBusy() if is_odd else unreadable.problem, unreadable.not_before
            ) from unreadable


class _Visit:
    """The requests of one call about one calendar; all of them raise CalendarUnreadable and AccessTokenExpired."""

    def __init__(self, mailboxes: MailboxCalls, access: CalendarAccess, calendar: str) -> None:
        self._mailboxes = mailboxes
        self._access = access
        self._calendar = calendar
        self._events = f"/me/calendars/{quote(calendar, safe='')}/events"

    async def put(self, uid: str, content: EntryContent, tried: Sequence[Slot]) -> RemoteEntry:
        found = await self._searched(uid, tried)
        if not found:
            created = await self._create(uid, content)
            if created is not None and not tried:
                return created
            # It may be what an earlier try has made, and say what was right by then.
            found = [created.id] if created else await self._named(uid, [content.slot.padded(_FAR, _FAR)])
        if not found:
            raise EntryUidSpent
        first, *others = found
        for each in others:
            await self._delete(each)
        try:
            change = EntryChange(content.slot, content.title, content.location, content.description)
            return await self.patch(first, change)
        except EntryGone:
            raise EntryUidSpent from None

    async def patch(self, entry_id: str, change: EntryChange) -> RemoteEntry:
        fields = _fields(change)
        if change.description is not None:
            fields |= await self._noted(entry_id, change.description)
        url, body = self._event(entry_id), msgspec.json.encode(fields)
        answer = await self._answer("patch", lambda http, token: http.patch_json(url, token, body, EVENTS_IN_UTC))
        if self._is_gone(answer):
            # Of the calendar, or with it.
            await self._view(Slot.lasting(timedelta(minutes=1), self._mailboxes.clock()))
            raise EntryGone
        return self._entry("patch", answer, change.slot)

    async def _noted(self, entry_id: str, description: str) -> dict[str, Any]:
        """What a description becomes with what the host has added to it, which Outlook keeps as HTML."""
        url = self._event(entry_id, {"$select": "body", "$expand": LINES_EXPANDED})
        answer = await self._answer("notes", lambda http, token: http.get(url, token, EVENTS_IN_UTC))
        held = read(answer.body, NotedEntry) if answer.is_success else None
        body = held.body if held else None
        fields: dict[str, Any] = {
            "singleValueExtendedProperties": [{"id": LINES_PROPERTY, "value": marks_of(description)}]
        }
        if held is not None and body is not None and body.content and body.content_type == "html":
            noted = with_notes_in_html(body.content, held.marks, description, breaks_at_newlines=False)
            if noted is not None:
                fields["body"] = {"contentType": "html", "content": noted}
        return fields

    async def remove(self, uid: str, entry_id: str | None, tried: Sequence[Slot]) -> None:
        for each in await self._searched(uid, tried) if entry_id is None else [entry_id]:
            await self._delete(each)

    async def seen(self, entries: Mapping[str, Slot]) -> dict[str, RemoteEntry]:
        if not entries:
            return {}
        span = Slot(min(each.start for each in entries.values()), max(each.end for each in entries.values()))
        held = {event.id: event for event in await self._view(span)}
        seen = {each: _remote(each, held[each], entries[each]) for each in entries if each in held}
        missing = [each for each in entries if each not in held]
        elsewhere = await asyncio.gather(*(self._elsewhere(each, entries[each]) for each in missing))
        return seen | {each.id: each for each in elsewhere if each}

    async def _elsewhere(self, entry_id: str, otherwise: Slot) -> RemoteEntry | None:
        url = self._event(entry_id, {"$select": ",".join(ENTRY_SELECTED)})
        answer = await self._answer("see", lambda http, token: http.get(url, token, EVENTS_IN_UTC))
        if self._is_gone(answer):
            return None
        entry = self._entry("see", answer, otherwise)
        # An immutable id leads to its event wherever that is in the mailbox, among the deleted ones too.
        return entry if any(event.id == entry.id for event in await self._view(entry.slot)) else None

    async def _searched(self, uid: str, tried: Sequence[Slot]) -> list[str]:
        """Look where it was tried, and then as far around as hosts move events: they may have been faster."""
        found = await self._named(uid, tried)
        if found or not tried:
            return found
        around = Slot(min(each.start for each in tried), max(each.end for each in tried))
        return await self._named(uid, [around.padded(_FAR, _FAR)])

    async def _named(self, uid: str, where: Iterable[Slot]) -> list[str]:
        """Find the ids of the events that carry a UID; more than one, where Graph has taken a repeat for another."""
        found: dict[str, None] = {}
        for span in where:
            for event in await self._view(span, expand=UID_EXPANDED):
                if event.id and event.entry_uid == uid:
                    found[event.id] = None
        return list(found)

    async def _create(self, uid: str, content: EntryContent) -> RemoteEntry | None:
        """Create the event; None where its transaction is known."""
        change = EntryChange(content.slot, content.title, content.location, content.description)
        body = msgspec.json.encode(
            {
                **_fields(change),
                "showAs": "busy",
                "transactionId": uid,
                "singleValueExtendedProperties": [
                    {"id": UID_PROPERTY, "value": uid},
                    {"id": LINES_PROPERTY, "value": marks_of(content.description)},
                ],
            }
        )
        url = self._mailboxes.address(self._events)
        answer = await self._answer("put", lambda http, token: http.post_json(url, token, body, EVENTS_IN_UTC))
        if answer.is_client_error and api_code(answer) == _DUPLICATE:
            return None
        return self._entry("put", answer, content.slot)

    async def _delete(self, entry_id: str) -> None:
        url = self._event(entry_id)
        answer = await self._answer("remove", lambda http, token: http.delete(url, token, EVENTS_IN_UTC))
        if not answer.is_success and not self._is_gone(answer):
            raise self._mailboxes.calls.refused("remove", answer)

    async def _view(self, span: Slot, *, expand: str | None = None) -> list[ViewedEntry]:
        pages = await view(
            self._mailboxes, self._access, self._calendar, span, EntryPage, select=ENTRY_SELECTED, expand=expand
        )
        return [each for page in pages for each in page.value]

    async def _answer(self, operation: str, call: Call) -> ProviderAnswer:
        return await self._mailboxes.calls.any_answer(operation, self._mailboxes.send(self._access, call))

    def _entry(self, operation: str, answer: ProviderAnswer, otherwise: Slot | None) -> RemoteEntry:
        calls = self._mailboxes.calls
        if not answer.is_success:
            raise calls.refused(operation, answer)
        event = read(answer.body, ViewedEntry)
        slot = None if event is None else slot_of(event) or otherwise
        if event is None or not event.id or slot is None:
            raise calls.noted(operation, CalendarUnreadable(NotACalendar()), answer)
        return _remote(event.id, event, slot)

    def _is_gone(self, answer: ProviderAnswer) -> bool:
        if answer.is_success:
            return False
        refusal = calendar_refusal(answer, self._mailboxes.clock())
        return isinstance(refusal, CalendarUnreadable) and refusal.problem == CalendarGone()

    def _event(self, entry_id: str, query: Mapping[str, str] | None = None) -> str:
        return self._mailboxes.address(f"{self._events}/{quote(entry_id, safe='')}", query)


def _fields(change: EntryChange) -> dict[str, Any]:
    """What of an event is ours. Nobody is invited, and Graph makes no meeting of its own."""
    fields: dict[str, Any] = {}
    if change.slot is not None:
        # The host may have made it a day.
        fields |= {"isAllDay": False, "start": _time(change.slot.start), "end": _time(change.slot.end)}
    if change.title is not None:
        fields["subject"] = cut(change.title, _LONGEST_TITLE)
    if change.location is not None:
        fields["location"] = {"displayName": change.location}
    if change.description is not None:
        fields["body"] = {"contentType": "text", "content": change.description}
    return fields


def _time(at: datetime) -> dict[str, str]:
    return {"dateTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


def _remote(entry_id: str, event: ViewedEntry, otherwise: Slot) -> RemoteEntry:
    """One whose times can't be read is taken to be where it was."""
    link = event.web_link or ""
    is_link = link.startswith("https://") and len(link) <= _LONGEST_LINK
    return RemoteEntry(entry_id, event.change_key or "", slot_of(event) or otherwise, link if is_link else None)
