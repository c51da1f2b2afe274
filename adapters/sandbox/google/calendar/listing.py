"""Lists of calendars and events: pages, windows of time, and what has changed since."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, TypeVar

from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.calendar.errors import full_sync_required, invalid
from adapters.sandbox.google.calendar.events import GoogleEvents, SandboxEvent

MOST: Final = 2500
USUAL: Final = 250
FEWEST_PER_PAGE: Final = 1

_NOT_WITH_A_SYNC_TOKEN: Final = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMax",
    "timeMin",
    "updatedMin",
)

T = TypeVar("T")


def page_of(
    rows: Sequence[T], query: Mapping[str, str], usual: int = USUAL, most: int = MOST
) -> tuple[Sequence[T], str | None]:
    """Cut out the wanted page; the second part leads to the next one.

    Raises:
        GoogleApiError: 400; the token or the number isn't one.
    """
    size = min(_whole(query.get("maxResults", str(usual)), "maxResults"), most)
    token = query.get("pageToken", "P0")
    if not token.startswith("P"):
        raise invalid("Invalid page token value.")
    first = _whole(token[1:], "pageToken", least=0)
    more = f"P{first + size}" if first + size < len(rows) else None
    return rows[first : first + size], more


def window_of(query: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """Read the bounds of time.

    Raises:
        GoogleApiError: 400; one can't be read, or nothing lies between them.
    """
    earliest, latest = (bound(query[name]) if name in query else None for name in ("timeMin", "timeMax"))
    if earliest is not None and latest is not None and latest <= earliest:
        raise invalid("The specified time range is empty.", "timeRangeEmpty")
    return earliest, latest


def bound(text: str) -> datetime:
    """Read an instant with its offset.

    Raises:
        GoogleApiError: 400
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid("Bad Request", "badRequest") from error
    if at.tzinfo is None:
        raise invalid("Bad Request", "badRequest")
    return at


def events_in(events: GoogleEvents, calendar: SandboxCalendar, query: Mapping[str, str]) -> list[SandboxEvent]:
    """Find the events that a query means.

    Raises:
        GoogleApiError: 400; the query contradicts itself. 410; the sync token is too old.
    """
    found = events.of(calendar)
    if "syncToken" in query:
        if any(name in query for name in _NOT_WITH_A_SYNC_TOKEN):
            raise invalid("Sync token cannot be used with other query restrictions.")
        since = _version_of(query["syncToken"], calendar)
        return [each for each in found if each.version > since]
    order = query.get("orderBy")
    if order == "startTime" and query.get("singleEvents") != "true":
        raise invalid("The requested ordering is not available for the particular query.")
    # The lower bound is of the ends, the upper one of the starts; both are exclusive.
    earliest, latest = window_of(query)
    return [
        each
        for each in found
        if (query.get("showDeleted") == "true" or each.status != "cancelled")
        and (earliest is None or _end_of(each) > earliest)
        and (latest is None or each.begins < latest)
        and _has_property(each, query.get("privateExtendedProperty"))
    ]


def sync_token(calendar: SandboxCalendar, version: int) -> str:
    """Make what stands for everything up to a version."""
    return f"CP{version}x{_mark(calendar)}"


def _version_of(token: str, calendar: SandboxCalendar) -> int:
    version, _, mark = token.removeprefix("CP").partition("x")
    if mark != _mark(calendar) or not version.isdecimal():
        raise full_sync_required()
    return int(version)


def _mark(calendar: SandboxCalendar) -> str:
    return sha256(calendar.id.encode()).hexdigest()[:8]


def _has_property(event: SandboxEvent, wanted: str | None) -> bool:
    if wanted is None:
        return True
    name, is_one, value = wanted.partition("=")
    if not is_one:
        raise invalid("Invalid value for: privateExtendedProperty")
    return event.given.get("extendedProperties", {}).get("private", {}).get(name) == value


def _end_of(event: SandboxEvent) -> datetime:
    # A point in time isn't over before it is there.
    return max(event.ends, event.begins + timedelta(microseconds=1))


def _whole(text: str, name: str, least: int = FEWEST_PER_PAGE) -> int:
    if not text.isdecimal() or int(text) < least:
        raise invalid(f"Invalid value for: {name}")
    return int(text)


def header(calendar: SandboxCalendar, updated: datetime, role: str | None) -> dict[str, Any]:
    """Write what a list of events says of its calendar."""
    return {
        "kind": "calendar#events",
        "etag": '"p33"',
        "summary": calendar.summary,
        "description": "",
        "updated": updated.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "timeZone": calendar.time_zone,
        "accessRole": role,
        "defaultReminders": [],
    }
