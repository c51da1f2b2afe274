"""Finds an account's calendars, from any address of its server (RFC 6764, RFC 4791)."""

from collections.abc import Iterable
from typing import Final

import httpx

from adapters.caldav.multistatus import CALDAV, DAV, DavResource
from adapters.caldav.requests import WHICH_CALENDARS, WHO_AND_WHERE
from adapters.caldav.session import DavSession
from adapters.recurrence.zones import zone_in, zone_named
from application.ports.calendar_reader import CalendarUnreadable, RemoteCalendar
from domain.calendar_problem import NoCalendarServer, NotACalendar, ServerRefused

_WELL_KNOWN: Final = "/.well-known/caldav"
_NEXTCLOUD: Final = "remote.php/dav/"
MOST_HOMES: Final = 3
_WRITING: Final = tuple(f"{DAV}privilege/{DAV}{each}" for each in ("all", "write", "write-content", "bind"))


async def discovered(session: DavSession, start: str) -> tuple[RemoteCalendar, ...]:
    """List the calendars that can hold events; an address of one calendar leads to that one alone.

    Raises:
        CalendarUnreadable, httpx.HTTPError
    """
    for candidate in _candidates(httpx.URL(start)):
        try:
            if (found := await _from(session, candidate)) is not None:
                return tuple({each.id: each for each in found}.values())
        except CalendarUnreadable as unreadable:
            # Such as a site's own pages, which know nothing of WebDAV. A refused password isn't shown once more.
            if not isinstance(unreadable.problem, NotACalendar | ServerRefused):
                raise
    raise CalendarUnreadable(NoCalendarServer())


def _candidates(start: httpx.URL) -> list[httpx.URL]:
    well_known = start.copy_with(raw_path=_WELL_KNOWN.encode())
    beside = start.copy_with(path=start.path.rstrip("/") + "/").join(_NEXTCLOUD)
    return [well_known, start, beside] if start.path in {"", "/"} else [start, well_known, beside]


async def _from(session: DavSession, start: httpx.URL) -> list[RemoteCalendar] | None:
    """The calendars to which an address leads; None where it belongs to a WebDAV server that has none."""
    url, found = await session.about(start, WHO_AND_WHERE)
    if found.has(f"{DAV}resourcetype", f"{CALDAV}calendar"):
        return await _listed(session, url, depth=0)
    homes = found.hrefs(f"{CALDAV}calendar-home-set")
    principals = found.hrefs(f"{DAV}current-user-principal")
    if not homes and principals:
        url, found = await session.about(url.join(principals[0]), WHO_AND_WHERE)
        homes = found.hrefs(f"{CALDAV}calendar-home-set")
    if not homes:
        # A server that tells neither may still have calendars in the place that was typed.
        return await _listed(session, url, depth=1) or None
    return [each for home in homes[:MOST_HOMES] for each in await _listed(session, url.join(home), depth=1)]


async def _listed(session: DavSession, url: httpx.URL, *, depth: int) -> list[RemoteCalendar]:
    answer = await session.ask("PROPFIND", url, WHICH_CALENDARS, depth=depth)
    return [
        _calendar(answer.url.join(each.href), each)
        for each in answer.resources
        if each.has(f"{DAV}resourcetype", f"{CALDAV}calendar") and _holds_events(each)
    ]


def _holds_events(resource: DavResource) -> bool:
    kinds = resource.properties.get(f"{CALDAV}supported-calendar-component-set")
    # Without a word on it, the calendar takes every kind.
    return kinds is None or any(each.get("name", "").upper() == "VEVENT" for each in kinds.iter(f"{CALDAV}comp"))


def _calendar(url: httpx.URL, resource: DavResource) -> RemoteCalendar:
    return RemoteCalendar(
        id=str(url),
        name=resource.text(f"{DAV}displayname") or url.path.rstrip("/").rpartition("/")[2],
        timezone=timezone_of(resource),
        # Its owner has said that it doesn't count (RFC 6638, 9.1).
        is_main=not resource.has(f"{CALDAV}schedule-calendar-transp", f"{CALDAV}transparent"),
        writable=_is_writable(resource),
    )


def _is_writable(resource: DavResource) -> bool:
    privileges = f"{DAV}current-user-privilege-set"
    # A server that doesn't tell finds it out when it is tried.
    return privileges not in resource.properties or _any_of(resource, privileges, _WRITING)


def _any_of(resource: DavResource, name: str, children: Iterable[str]) -> bool:
    return any(resource.has(name, each) for each in children)


def timezone_of(resource: DavResource) -> str | None:
    """The IANA name of the zone of a calendar's all-day events, where the calendar says so."""
    zone = zone_named(resource.text(f"{CALDAV}calendar-timezone-id"))
    zone = zone or zone_in(resource.text(f"{CALDAV}calendar-timezone"))
    return zone.key if zone else None
