"""One calendar of a server: whether it has changed, and its events in a span."""

from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from adapters.caldav.discovery import timezone_of
from adapters.caldav.multistatus import CALDAV, CALENDAR_SERVER, DAV, DavResource
from adapters.caldav.requests import WHETHER_CHANGED, events_in
from adapters.caldav.session import DavSession
from application.ports.calendar_reader import CalendarUnreadable, LastSeen
from application.ports.safe_fetcher import Validators
from domain.calendar_problem import CalendarGone, CalendarTooComplex, NotACalendar, ServerBusy, ServerRefused
from domain.slot import Slot

_DATA: Final = f"{CALDAV}calendar-data"
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class CollectionState(msgspec.Struct, frozen=True):
    """The change tags of a collection, where its server has any, and the IANA name of its zone."""

    seen: LastSeen
    zone: str | None

    @property
    def has_change_tag(self) -> bool:
        return self.seen.validators.etag is not None


class Collection:
    """A calendar, as a collection of resources of one event or series each."""

    def __init__(self, session: DavSession, remote_id: str) -> None:
        self._session = session
        self._url = httpx.URL(remote_id)

    async def state(self) -> CollectionState:
        """Look whether it is there, and in which state.

        Raises:
            CalendarUnreadable, httpx.HTTPError
        """
        try:
            _, about = await self._session.about(self._url, WHETHER_CHANGED)
        except CalendarUnreadable as unreadable:
            raise _here(unreadable) from None
        if not about.has(f"{DAV}resourcetype", f"{CALDAV}calendar"):
            raise CalendarUnreadable(NotACalendar())
        zone = timezone_of(about)
        # Both where there are both: either may stay the same after a change at one server or another.
        tokens = about.text(f"{CALENDAR_SERVER}getctag"), about.text(f"{DAV}sync-token")
        known = Validators(etag=" ".join(tokens)) if any(tokens) else Validators()
        return CollectionState(LastSeen(known, (zone or "").encode()), zone)

    async def files(self, span: Slot) -> tuple[bytes, ...]:
        """Read the iCalendar files of all that takes place in a span; some of them may not.

        Raises:
            CalendarUnreadable: also where one of them is missing.
            httpx.HTTPError
        """
        try:
            answer = await self._session.ask("REPORT", self._url, events_in(span), depth=1)
        except CalendarUnreadable as unreadable:
            raise _here(unreadable) from None
        own, gone = _path(answer.url), False
        files: list[bytes] = []
        for each in answer.resources:
            if each.status in _GONE:
                gone = True
            elif each.status == HTTPStatus.INSUFFICIENT_STORAGE:
                # The server has cut the list off (RFC 4791, 7.8).
                raise CalendarUnreadable(CalendarTooComplex())
            # Some servers list the collection among its members.
            elif _path(answer.url.join(each.href)) != own:
                files.append(_file(each))
        if gone and not files:
            # Some servers say so of the calendar itself, in an answer that is a success.
            raise CalendarUnreadable(CalendarGone())
        return tuple(files)


def _file(resource: DavResource) -> bytes:
    """Raises CalendarUnreadable: without this one, the reading would be a part only."""
    if text := resource.text(_DATA):
        return text.encode()
    status = resource.refused.get(_DATA, resource.status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise CalendarUnreadable(ServerBusy())
    raise CalendarUnreadable(NotACalendar() if status in {0, HTTPStatus.OK} else ServerRefused(status))


def _here(unreadable: CalendarUnreadable) -> CalendarUnreadable:
    """What a refusal means at the address of a calendar."""
    match unreadable.problem:
        # Also one that isn't shared any more.
        case ServerRefused(status) if status in _GONE or status == HTTPStatus.FORBIDDEN:
            return CalendarUnreadable(CalendarGone())
        case _:
            return unreadable


def _path(url: httpx.URL) -> str:
    """To be compared: servers write the same path in several ways."""
    return url.path.rstrip("/")
