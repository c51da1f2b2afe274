"""Checks an event as the Calendar API takes it.

The slice of the API's own description (v3, `Event`) that apps and people touch; series aren't simulated.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from adapters.sandbox.asgi import Request
from adapters.sandbox.google.calendar.errors import invalid

WRITABLE: Final = frozenset(
    {
        "id",
        "iCalUID",
        "recurringEventId",
        "summary",
        "description",
        "location",
        "start",
        "end",
        "status",
        "transparency",
        "visibility",
        "eventType",
        "attendees",
        "colorId",
        "reminders",
        "extendedProperties",
        "source",
        "guestsCanInviteOthers",
        "guestsCanModify",
        "guestsCanSeeOtherGuests",
        "workingLocationProperties",
        "outOfOfficeProperties",
        "focusTimeProperties",
        "sequence",
    }
)
GIVEN: Final = frozenset(
    {"kind", "etag", "htmlLink", "created", "updated", "creator", "organizer", "hangoutLink", "conferenceData"}
)
"""What Google fills in; it is ignored where it comes back."""

_CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "status": frozenset({"confirmed", "tentative", "cancelled"}),
    "transparency": frozenset({"opaque", "transparent"}),
    "visibility": frozenset({"default", "public", "private", "confidential"}),
    "eventType": frozenset({"default", "outOfOffice", "focusTime", "workingLocation", "fromGmail", "birthday"}),
}
_TEXTS: Final = frozenset({"summary", "description", "location", "iCalUID", "recurringEventId", "colorId"})
_ID: Final = re.compile(r"[a-v0-9]{5,1024}")
_ANSWERS: Final = frozenset({"needsAction", "declined", "tentative", "accepted"})


class EventTime(msgspec.Struct, frozen=True, rename="camel"):
    """One end of an event: a date, or an instant."""

    date: str | None = None
    date_time: str | None = None
    time_zone: str | None = None


def json_body(request: Request) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        GoogleApiError: 400; it is none.
    """
    try:
        return msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise invalid("Parse Error", "parseError") from error


def checked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read what an app or a person sets of an event.

    Raises:
        GoogleApiError: 400; a field is unknown or can't be what it is.
    """
    unknown = body.keys() - WRITABLE - GIVEN
    if unknown:
        raise invalid(f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.')
    if "id" in body and not (isinstance(body["id"], str) and _ID.fullmatch(body["id"])):
        raise invalid("Invalid resource id value.")
    for name, values in _CHOICES.items():
        if name in body and body[name] not in values:
            raise invalid(f"Invalid value for: {name}")
    if any(not isinstance(body[name], str) for name in _TEXTS & body.keys()):
        raise invalid("Invalid value.")
    for attendee in body.get("attendees", []):
        if not attendee.get("email"):
            raise invalid("Missing attendee email.", "required")
        if attendee.get("responseStatus", "needsAction") not in _ANSWERS:
            raise invalid("Invalid value for: responseStatus")
    return {name: value for name, value in body.items() if name not in GIVEN}


def filled_up(changes: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a patch's objects what it leaves alone in them: null takes a member out, and lists are replaced."""
    return {name: _merged(value, event.get(name)) for name, value in changes.items()}


def times_of(event: Mapping[str, Any], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Work out when an event begins and ends, in UTC.

    Raises:
        GoogleApiError: 400; a time is missing or can't be read, or the end comes before the start.
    """
    start, end = (_time(event, name) for name in ("start", "end"))
    if (start.date is None) != (end.date is None):
        raise invalid("Start and end times must either both be date or both be dateTime.")
    begins, ends = _instant(start, zone), _instant(end, zone)
    # An event may be a point, but no day without a length.
    if ends < begins or (start.date is not None and ends == begins):
        raise invalid("The specified time range is empty.", "timeRangeEmpty")
    return begins, ends


def shown_time(given: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """Write one end of an event as Google answers it: an instant in the calendar's zone."""
    time_ = msgspec.convert(given, EventTime)
    if time_.date is not None:
        return {"date": time_.date}
    local = _instant(time_, zone).astimezone(zone)
    return {"dateTime": local.isoformat(timespec="seconds"), "timeZone": time_.time_zone or zone.key}


def _merged(value: Any, before: Any) -> Any:
    if not isinstance(value, dict):
        return value
    known: dict[str, Any] = before or {}
    changes = filled_up(cast("dict[str, Any]", value), known)
    return {name: each for name, each in {**known, **changes}.items() if each is not None}


def _time(event: Mapping[str, Any], name: str) -> EventTime:
    given = event.get(name)
    try:
        time_ = msgspec.convert(given, EventTime)
    except msgspec.ValidationError as error:
        raise invalid(f"Missing {name} time.", "required") from error
    if (time_.date is None) == (time_.date_time is None):
        raise invalid(f"Missing {name} time.", "required")
    return time_


def _instant(given: EventTime, zone: ZoneInfo) -> datetime:
    try:
        if given.date is not None:
            return datetime.combine(date.fromisoformat(given.date), time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(given.date_time or "")
        if at.tzinfo is None:
            if given.time_zone is None:
                raise invalid("Missing time zone definition for start time.", "required")
            at = at.replace(tzinfo=ZoneInfo(given.time_zone))
        return at.astimezone(UTC)
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        raise invalid("Invalid value for: time") from error
