"""The bodies of the requests that are sent."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from domain.slot import Slot

_NAMESPACES: Final = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'

_XML: Final = '<?xml version="1.0" encoding="utf-8"?>'

_MARGIN: Final = timedelta(days=2)
"""Servers place days and times without a zone in one of their own; no zone is further away."""


def _propfind(*names: str) -> bytes:
    properties = "".join(f"<{each}/>" for each in names)
    return f"{_XML}<d:propfind {_NAMESPACES}><d:prop>{properties}</d:prop></d:propfind>".encode()


_ZONE: Final = ("c:calendar-timezone", "c:calendar-timezone-id")

WHO_AND_WHERE: Final = _propfind(
    "d:current-user-principal",
    "c:calendar-home-set",
    "d:resourcetype",
)

WHICH_CALENDARS: Final = _propfind(
    "d:resourcetype",
    "d:displayname",
    "d:current-user-privilege-set",
    "c:supported-calendar-component-set",
    *_ZONE,
    "c:schedule-calendar-transp",
)

WHETHER_CHANGED: Final = _propfind("d:resourcetype", "d:sync-token", "s:getctag", *_ZONE)


def events_in(span: Slot) -> bytes:
    """Ask for whatever takes place in a span, as it is stored.

    Not every server expands, and few do it right. Naming the properties of an event that are wanted makes one server
    leave out each event that lacks one of them; titles end where the file is scanned.
    """
    start, end = _utc(span.start - _MARGIN), _utc(span.end + _MARGIN)
    return (
        f"{_XML}<c:calendar-query {_NAMESPACES}>"
        "<d:prop><c:calendar-data/></d:prop>"
        '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
        f'<c:time-range start="{start}" end="{end}"/>'
        "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
    ).encode()


def these_files(hrefs: Iterable[str]) -> bytes:
    """Ask for files as they are stored."""
    listed = "".join(f"<d:href>{escape(each)}</d:href>" for each in hrefs)
    return (
        f"{_XML}<c:calendar-multiget {_NAMESPACES}>"
        f"<d:prop><d:getetag/><c:calendar-data/></d:prop>{listed}</c:calendar-multiget>"
    ).encode()


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
