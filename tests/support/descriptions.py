"""Extracts of Google's and Microsoft's own descriptions of what the sandboxes imitate, kept in `descriptions.json`.

Google's is the discovery document in `google-api-python-client`, Microsoft's are the models in `msgraph-sdk`, which are
made from Graph's metadata. The two packages take 300 MB, so only the extract is kept. To renew it:

    uv run --with google-api-python-client --with msgraph-sdk python -m tests.support.descriptions
"""

import re
from importlib.metadata import files, version
from pathlib import Path
from typing import Any

import msgspec

EXTRACT = Path(__file__).with_suffix(".json")

SCHEMAS = ("Space",)
CALENDAR_SCHEMAS = (
    "CalendarList",
    "CalendarListEntry",
    "Channel",
    "Error",
    "Event",
    "EventAttendee",
    "EventDateTime",
    "EventWorkingLocationProperties",
    "Events",
    "FreeBusyCalendar",
    "FreeBusyRequest",
    "FreeBusyResponse",
    "TimePeriod",
)
CALENDAR_METHODS = (
    "calendarList.list",
    "channels.stop",
    "events.delete",
    "events.get",
    "events.insert",
    "events.list",
    "events.patch",
    "events.watch",
    "freebusy.query",
)
MODELS = {
    "createOrGet": "users/item/online_meetings/create_or_get/create_or_get_post_request_body",
    "chatInfo": "models/chat_info",
    "meetingParticipants": "models/meeting_participants",
    "meetingParticipantInfo": "models/meeting_participant_info",
    "identitySet": "models/identity_set",
    "identity": "models/identity",
    "entity": "models/entity",
    "outlookItem": "models/outlook_item",
    "event": "models/event",
    "dateTimeTimeZone": "models/date_time_time_zone",
    "responseStatus": "models/response_status",
    "calendar": "models/calendar",
    "subscription": "models/subscription",
}


class DescribedMethod(msgspec.Struct, frozen=True):
    """A method of the Calendar API: the scopes of which one is enough, and the parameters of its address."""

    http: str
    scopes: list[str]
    parameters: list[str]


class Descriptions(msgspec.Struct, frozen=True):
    """The extract.

    Attributes:
        google: per schema of Meet a tree of its fields' names, with the allowed words of each enumeration.
        calendar: per schema of Calendar the names of its fields.
        calendar_methods: of Calendar, by their names.
        microsoft: per model the names of its fields.
        versions: of the packages that they were taken from.
    """

    google: dict[str, dict[str, Any]]
    calendar: dict[str, list[str]]
    calendar_methods: dict[str, DescribedMethod]
    microsoft: dict[str, list[str]]
    versions: dict[str, str]


def read() -> Descriptions:
    return msgspec.json.decode(EXTRACT.read_bytes(), type=Descriptions)


def extract() -> Descriptions:
    """Take the extract anew from the installed packages."""
    google, microsoft = "google-api-python-client", "msgraph-sdk"
    meet = _text_of(google, "googleapiclient/discovery_cache/documents/meet.v2.json")
    schemas: dict[str, Any] = msgspec.json.decode(meet)["schemas"]
    calendar = msgspec.json.decode(_text_of(google, "googleapiclient/discovery_cache/documents/calendar.v3.json"))
    return Descriptions(
        {name: _tree(schemas, name) for name in SCHEMAS},
        {name: sorted(calendar["schemas"][name]["properties"]) for name in CALENDAR_SCHEMAS},
        {name: _method(calendar, name) for name in CALENDAR_METHODS},
        {name: _fields(_text_of(microsoft, f"msgraph/generated/{path}.py")) for name, path in MODELS.items()},
        {package: version(package) for package in (google, microsoft)},
    )


def _tree(schemas: dict[str, Any], schema: str) -> dict[str, Any]:
    return {
        name: _tree(schemas, kind["$ref"]) if "$ref" in kind else kind.get("enum", [])
        for name, kind in schemas[schema]["properties"].items()
    }


def _method(calendar: dict[str, Any], name: str) -> DescribedMethod:
    resource, _, method = name.partition(".")
    found = calendar["resources"][resource]["methods"][method]
    known = {*calendar["parameters"], *found.get("parameters", {})} - set(found.get("parameterOrder", []))
    return DescribedMethod(f"{found['httpMethod']} {found['path']}", sorted(found["scopes"]), sorted(known))


def _fields(model: str) -> list[str]:
    return sorted(re.findall(r'^\s+"([@\w.]+)": lambda n', model, re.MULTILINE))


def _text_of(package: str, path: str) -> str:
    found = next(file for file in files(package) or [] if str(file).endswith(path))
    return found.read_text()


if __name__ == "__main__":
    EXTRACT.write_bytes(msgspec.json.format(msgspec.json.encode(extract()), indent=2) + b"\n")
