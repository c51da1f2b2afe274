"""Writes bookings' entries to the calendars of a CalDAV account."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import unquote

import httpx
import structlog

from adapters.caldav.collection import Collection
from adapters.caldav.event_file import NoEvent, changed_file, event_file, slot_in
from adapters.caldav.multistatus import CALDAV, DAV
from adapters.caldav.reader import LONGEST
from adapters.caldav.requests import these_files
from adapters.caldav.session import LARGEST_FILE, DavReply, DavSession
from adapters.http_client.outside import NO_ANSWER, outside_client, without_answer
from adapters.http_client.pinned import PinnedTransport
from application.ports.calendar_reader import CaldavLogin, CalendarAccess, CalendarUnreadable
from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from application.ports.clock import Clock
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import CalendarGone, ServerBusy, ServerRefused
from domain.slot import Slot

AT_ONCE: Final = 250
"""One service cuts off longer lists without a word."""

MOST_TRIES: Final = 3
"""At a change, where somebody else changes the same file at that moment."""

T = TypeVar("T")

_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_EXISTS: Final = frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN})
_TYPE: Final = b"text/calendar; charset=utf-8"

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class CaldavWriter:
    """An entry is a file that is named by its UID, which is its id too.

    Args:
        longest: for all requests of one call.
    """

    def __init__(self, transport: PinnedTransport, clock: Clock, *, longest: timedelta = LONGEST) -> None:
        self._clock = clock
        self._longest = longest.total_seconds()
        self._client = outside_client(transport, longest, Accept="text/calendar, application/xml, text/xml")

    async def aclose(self) -> None:
        await self._client.aclose()

    async def put(
        self, access: CalendarAccess, calendar: str, uid: str, content: EntryContent, _tried: Sequence[Slot], /
    ) -> RemoteEntry:
        return await self._in_time(self._put(self._session(access), calendar, uid, content))

    async def patch(self, access: CalendarAccess, calendar: str, entry_id: str, change: EntryChange, /) -> RemoteEntry:
        return await self._in_time(self._patch(self._session(access), calendar, entry_id, change))

    async def remove(
        self, access: CalendarAccess, calendar: str, uid: str, entry_id: str | None, _tried: Sequence[Slot], /
    ) -> None:
        await self._in_time(self._remove(self._session(access), _file_of(calendar, entry_id or uid)))

    async def seen(
        self, access: CalendarAccess, calendar: str, entries: Mapping[str, Slot], /
    ) -> Mapping[str, RemoteEntry]:
        return await self._in_time(self._seen(self._session(access), calendar, entries))

    async def _put(self, session: DavSession, calendar: str, uid: str, content: EntryContent) -> RemoteEntry:
        url = _file_of(calendar, uid)
        reply = await session.call(
            "PUT", url, event_file(uid, content, self._clock()), Content_Type=_TYPE, If_None_Match=b"*"
        )
        if reply.status in _EXISTS:
            change = EntryChange(content.slot, content.title, content.location, content.description)
            try:
                return await self._patch(session, calendar, uid, change)
            except EntryGone:
                # The name is known, but not here: the host has moved the file, or the server still remembers it.
                if reply.status == HTTPStatus.FORBIDDEN:
                    raise CalendarUnwritable(ServerRefused(reply.status)) from None
                raise EntryUidSpent from None
        await _check(session, calendar, reply)
        return await self._held(session, url, uid)

    async def _patch(self, session: DavSession, calendar: str, uid: str, change: EntryChange) -> RemoteEntry:
        url = _file_of(calendar, uid)
        for _ in range(MOST_TRIES):
            before = await session.call("GET", url)
            if before.status in _GONE:
                # Of the calendar, or in it.
                await Collection(session, calendar).state()
                raise EntryGone
            await _check(session, calendar, before)
            try:
                # Of whatever length the server makes it.
                file = await asyncio.to_thread(changed_file, before.body, uid, change, self._clock())
            except NoEvent:
                raise EntryGone from None
            precondition = {"If_Match": before.etag} if before.etag else {}
            reply = await session.call("PUT", url, file, Content_Type=_TYPE, **precondition)
            if reply.status != HTTPStatus.PRECONDITION_FAILED:
                await _check(session, calendar, reply)
                return await self._held(session, url, uid)
        raise CalendarUnwritable(ServerBusy())

    async def _remove(self, session: DavSession, url: httpx.URL) -> None:
        reply = await session.call("DELETE", url)
        if not reply.is_success and reply.status not in _GONE:
            raise CalendarUnwritable(ServerRefused(reply.status))

    async def _held(self, session: DavSession, url: httpx.URL, uid: str) -> RemoteEntry:
        """Read the file back: the server may have rewritten it, under another ETag than it has just named."""
        held = await session.call("GET", url)
        if not held.is_success:
            raise CalendarUnwritable(ServerRefused(held.status))
        try:
            slot = await asyncio.to_thread(slot_in, held.body, uid)
        except NoEvent:
            raise EntryGone from None
        return RemoteEntry(uid, _listed_form(held.etag) or _digest(held.body), slot)

    async def _seen(self, session: DavSession, calendar: str, entries: Mapping[str, Slot]) -> dict[str, RemoteEntry]:
        # An answer of a calendar that is gone could look as if all entries were.
        await Collection(session, calendar).state()
        seen: dict[str, RemoteEntry] = {}
        uids = list(entries)
        for first in range(0, len(uids), AT_ONCE):
            some = {each: entries[each] for each in uids[first : first + AT_ONCE]}
            seen |= await self._listed(session, calendar, some)
        for uid in entries.keys() - seen.keys():
            # Lists leave things out for many reasons.
            held = await session.call("GET", _file_of(calendar, uid))
            if held.status not in _GONE:
                await _check(session, calendar, held)
                seen[uid] = await asyncio.to_thread(_remote, uid, _listed_form(held.etag), held.body, entries[uid])
        return seen

    async def _listed(self, session: DavSession, calendar: str, entries: Mapping[str, Slot]) -> dict[str, RemoteEntry]:
        paths = {unquote(_file_of(calendar, each).path): each for each in entries}
        answer = await session.ask("REPORT", httpx.URL(calendar), these_files(map(_href, paths)), depth=1)
        found: dict[str, RemoteEntry] = {}
        for each in answer.resources:
            uid = paths.get(unquote(answer.url.join(each.href).path))
            data = each.text(f"{CALDAV}calendar-data")
            if uid is not None and data:
                file = data.encode()
                found[uid] = await asyncio.to_thread(_remote, uid, each.text(f"{DAV}getetag"), file, entries[uid])
        return found

    def _session(self, access: CalendarAccess) -> DavSession:
        if not isinstance(access, CaldavLogin):
            message = "A CalDAV server wants a user name and a password."
            raise TypeError(message)
        return DavSession(self._client, access, self._clock)

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(self._longest):
                return await work
        except CalendarUnwritable as unwritable:
            failed = unwritable
        except CalendarUnreadable as unreadable:
            failed = CalendarUnwritable(unreadable.problem, unreadable.not_before)
        except NO_ANSWER as error:
            failed = CalendarUnwritable(without_answer(error))
        # Raised out here, so that no error of httpx, which holds the address, hangs on this one.
        _log.warning("caldav_not_written", problem=type(failed.problem).__name__)
        raise CalendarUnwritable(failed.problem, failed.not_before)


async def _check(session: DavSession, calendar: str, reply: DavReply) -> None:
    """Raises CalendarUnreadable or CalendarUnwritable unless the request was a success."""
    if reply.is_success:
        return
    if reply.status in _GONE:
        await Collection(session, calendar).state()
        raise CalendarUnwritable(CalendarGone())
    raise CalendarUnwritable(ServerRefused(reply.status))


def _file_of(calendar: str, uid: str) -> httpx.URL:
    return httpx.URL(calendar if calendar.endswith("/") else f"{calendar}/").join(f"{uid}.ics")


def _href(path: str) -> str:
    return httpx.URL("https://x").copy_with(path=path).raw_path.decode("ascii")


def _remote(uid: str, etag: str, file: bytes, otherwise: Slot) -> RemoteEntry:
    """One that can't be read any more is taken to be where it was, and so is one that takes too long to read."""
    try:
        slot = slot_in(file, uid) if len(file) <= LARGEST_FILE else otherwise
    except NoEvent:
        slot = otherwise
    return RemoteEntry(uid, etag or _digest(file), slot)


def _listed_form(etag: bytes) -> str:
    """The text that lists, which are XML, have for an ETag."""
    try:
        return etag.decode()
    except UnicodeDecodeError:
        return etag.decode("latin-1")


def _digest(file: bytes) -> str:
    return sha256(file).hexdigest()
