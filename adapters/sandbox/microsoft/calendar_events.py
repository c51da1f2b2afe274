"""Events as Graph writes and takes them."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.sandbox.asgi import Request
from adapters.sandbox.microsoft.checking import Fields, checked
from adapters.sandbox.microsoft.errors import GraphApiError, bad_request
from adapters.sandbox.microsoft.mailboxes import (
    GraphCalendar,
    GraphEvent,
    Mailboxes,
    Occurrence,
    Response,
    ShowAs,
    etag,
)
from adapters.sandbox.microsoft.preferences import Preferences
from adapters.sandbox.microsoft.timezones import midnight, wall_clock, zone

_ODATA: Final[Fields] = {"@odata.type": str}
_TIME: Final[Fields] = {**_ODATA, "dateTime": str, "timeZone": str}
_LOCATION: Final[Fields] = {**_ODATA, "displayName": str, "locationType": str, "locationUri": str, "uniqueId": str}
EVENT: Final[Fields] = {
    **_ODATA,
    "allowNewTimeProposals": bool,
    "attendees": [{**_ODATA, "type": str, "emailAddress": {**_ODATA, "address": str, "name": str}}],
    "body": {**_ODATA, "content": str, "contentType": frozenset({"text", "html"})},
    "categories": [str],
    "end": _TIME,
    "hideAttendees": bool,
    "importance": frozenset({"low", "normal", "high"}),
    "isAllDay": bool,
    "isOnlineMeeting": bool,
    "isReminderOn": bool,
    "location": _LOCATION,
    "locations": [_LOCATION],
    "onlineMeetingProvider": str,
    "reminderMinutesBeforeStart": int,
    "responseRequested": bool,
    "sensitivity": frozenset({"normal", "personal", "private", "confidential"}),
    "showAs": frozenset(ShowAs),
    "singleValueExtendedProperties": [{**_ODATA, "id": str, "value": str}],
    "start": _TIME,
    "subject": str,
    "transactionId": str,
}

READABLE: Final = frozenset(
    {
        *(EVENT.keys() - {*_ODATA, "singleValueExtendedProperties", "locations"}),
        "changeKey",
        "createdDateTime",
        "iCalUId",
        "id",
        "isCancelled",
        "isOrganizer",
        "lastModifiedDateTime",
        "organizer",
        "originalEndTimeZone",
        "originalStart",
        "originalStartTimeZone",
        "responseStatus",
        "seriesMasterId",
        "type",
        "webLink",
    }
)

_OWN: Final = frozenset({"start", "end", "isAllDay", "showAs", "subject", "transactionId"})

_GUID: Final = r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}"
_PROPERTY: Final = re.compile(rf"[A-Z]\w+ (?:{_GUID} (?:Name [^']+|Id 0x[0-9A-Fa-f]+)|0x[0-9A-Fa-f]+)", re.ASCII)
_EXPAND: Final = re.compile(r"singleValueExtendedProperties\(\$filter=id eq '([^']+)'\)")


def wished(request: Request, there: ZoneInfo, event: GraphEvent | None = None) -> dict[str, Any]:
    """Read what an event is to be, as the attributes of GraphEvent.

    Args:
        there: the zone of the mailbox.
        event: what it is so far, where it is to be changed.

    Raises:
        GraphApiError: the body is wrong.
    """
    wish = checked(request, EVENT, "microsoft.graph.event")
    if event is None and not (wish.get("start") and wish.get("end")):
        raise _invalid("The Event.Start and Event.End properties are required.")
    if event is not None and wish.get("transactionId") not in {None, event.transaction_id}:
        raise _invalid("The transactionId of an event can't be changed.")
    is_all_day = bool(wish.get("isAllDay", event is not None and event.is_all_day))
    changes: dict[str, Any] = {"is_all_day": is_all_day}
    for name in ("start", "end"):
        if wish.get(name):
            changes[name] = _instant(wish[name], there, is_all_day=is_all_day)
    if wish.get("start"):
        changes["timezone"] = wish["start"]["timeZone"]
    start, end = (changes.get(name) or getattr(event, name) for name in ("start", "end"))
    if end < start or (is_all_day and end == start):
        raise _invalid("The Event.End property is earlier than the Event.Start property.")
    for name, attribute in (("subject", "subject"), ("transactionId", "transaction_id")):
        if name in wish:
            changes[attribute] = wish[name]
    if "showAs" in wish:
        changes["show_as"] = ShowAs(wish["showAs"] or "busy")
    given: list[dict[str, Any]] = wish.pop("singleValueExtendedProperties", None) or []
    for each in given:
        _check_property(each.get("id") or "")
    before = {} if event is None else event.properties
    if given:
        # One by one: those that aren't named stay.
        extended = {each["id"]: each for each in [*before.get("singleValueExtendedProperties", []), *given]}
        wish["singleValueExtendedProperties"] = list(extended.values())
    changes["properties"] = {**before, **{name: value for name, value in wish.items() if name not in _OWN}}
    return changes


def written(
    occurrence: Occurrence, calendar: GraphCalendar, preferences: Preferences, mailboxes: Mailboxes
) -> dict[str, Any]:
    """Write an event as Graph does."""
    event, is_series = occurrence.event, occurrence.event.times > 1
    there = mailboxes.zone_of(event.user_id)

    def time_of(at: datetime) -> dict[str, str]:
        # Days are days everywhere: midnight is written as midnight, whichever zone was asked for.
        shown = at.astimezone(there if event.is_all_day else preferences.timezone)
        return {"dateTime": wall_clock(shown), "timeZone": preferences.timezone_name}

    id_, master = (occurrence.id, event.id) if preferences.immutable else (occurrence.entry_id, event.entry_id)
    is_organizer = event.response in {Response.ORGANIZER, Response.NONE}
    organizer = calendar.owner_address if is_organizer else "somebody@else.example"
    return {
        "@odata.etag": etag(event),
        "id": id_,
        "createdDateTime": "2026-11-01T08:00:00Z",
        "lastModifiedDateTime": "2026-11-01T08:00:00Z",
        "changeKey": etag(event)[3:-1],
        "categories": [],
        "transactionId": event.transaction_id,
        "originalStartTimeZone": event.timezone,
        "originalEndTimeZone": event.timezone,
        "originalStart": occurrence.start if is_series else None,
        "iCalUId": f"040000008200E00074C5B7101A82E008{event.id[-24:].encode().hex().upper()}",
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "subject": event.subject,
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": event.is_all_day,
        "isCancelled": event.is_cancelled,
        "isOrganizer": is_organizer,
        "responseRequested": True,
        "seriesMasterId": master if is_series else None,
        "showAs": event.show_as,
        "type": "occurrence" if is_series else "singleInstance",
        "webLink": f"https://outlook.office365.com/owa/?itemid={id_}&exvsurl=1&path=/calendar/item",
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": True,
        "hideAttendees": False,
        "responseStatus": {"response": event.response, "time": "0001-01-01T00:00:00Z"},
        "start": time_of(occurrence.start),
        "end": time_of(occurrence.end),
        "location": {"displayName": ""},
        "attendees": [],
        "organizer": {"emailAddress": {"name": organizer, "address": organizer}},
        **{name: value for name, value in event.properties.items() if name in READABLE},
        "body": {"contentType": "html", "content": body_of(event)},
    }


def body_of(event: GraphEvent) -> str:
    """What an event says, as HTML: whatever it was given as, it is answered as that unless text is asked for."""
    body: dict[str, str] = event.properties.get("body") or {}
    content = body.get("content", "")
    if body.get("contentType") == "html" or not content:
        return content
    lines = "<br>\r\n".join(map(html.escape, content.splitlines()))
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    return f'<html><head>\r\n{meta}</head><body>\r\n<div class="PlainText">{lines}</div>\r\n</body></html>\r\n'


def selected(body: Mapping[str, Any], names: frozenset[str] | None) -> dict[str, Any]:
    """Leave out what wasn't selected; the id and the etag always come."""
    if names is None:
        return dict(body)
    return {name: value for name, value in body.items() if name in names or name in {"id", "@odata.etag"}}


def property_asked(request: Request) -> str | None:
    """The id of the extended property that is asked for; no answer has one unless it is.

    Raises:
        GraphApiError: something else is to be expanded.
    """
    if "$expand" not in request.query:
        return None
    asked = _EXPAND.fullmatch(request.query["$expand"])
    if asked is None:
        raise bad_request("The query parameter '$expand' isn't supported for anything else.")
    _check_property(asked[1])
    return asked[1]


def expanded(body: Mapping[str, Any], event: GraphEvent, property_id: str | None) -> dict[str, Any]:
    """Add the extended property that was asked for, where the event has it."""
    held: list[dict[str, Any]] = event.properties.get("singleValueExtendedProperties") or []
    found = [{name: each[name] for name in ("id", "value")} for each in held if each["id"] == property_id]
    return {**body, "singleValueExtendedProperties": found} if found else dict(body)


def _check_property(property_id: str) -> None:
    if _PROPERTY.fullmatch(property_id) is None:
        raise GraphApiError(400, "ErrorInvalidProperty", "PropertyId values may only be in one of the known formats.")


def _instant(given: Mapping[str, Any], there: ZoneInfo, *, is_all_day: bool) -> datetime:
    named = zone(given.get("timeZone") or "")
    try:
        at = datetime.fromisoformat(given.get("dateTime") or "")
    except ValueError:
        raise bad_request("Cannot convert the literal to the expected type 'Edm.DateTimeOffset'.") from None
    if named is None:
        raise GraphApiError(400, "TimeZoneNotSupportedException", "A valid TimeZone value must be specified.")
    if is_all_day:
        if at.time() != at.time().min:
            raise _invalid("The Event.Start property for an all-day event needs to be set to midnight.")
        return midnight(at, there)
    return (at.replace(tzinfo=named) if at.tzinfo is None else at).astimezone(UTC)


def _invalid(message: str) -> GraphApiError:
    return GraphApiError(400, "ErrorPropertyValidationFailure", message)
