"""The sandboxes, and what clients read, have fields that the vendors' own machine-readable descriptions have."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
import pytest

from adapters.google.calendar_wire import (
    BusyCalendar,
    BusyError,
    BusyPeriod,
    CalendarsPage,
    Channel,
    EventEnd,
    EventsPage,
    FreeBusy,
    ListedAttendee,
    ListedCalendar,
    ListedEvent,
    WorkingLocation,
)
from adapters.microsoft.calendar_wire import (
    SELECTED,
    EventResponse,
    GraphSubscription,
    ListedMailboxCalendar,
    WallClockTime,
)
from adapters.sandbox.google.calendar.api import SCOPES
from adapters.sandbox.google.calendar.fields import EVENT as GOOGLE_EVENT
from adapters.sandbox.google.calendar.fields import LIST_OF_CALENDARS, LIST_OF_EVENTS
from adapters.sandbox.google.calendar.resource import GIVEN, WRITABLE
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import API
from adapters.sandbox.google.spaces import SPACE
from adapters.sandbox.google.switches import GoogleEndpoint
from adapters.sandbox.microsoft.calendar_api import CALENDAR_PROPERTIES
from adapters.sandbox.microsoft.calendar_events import EVENT, READABLE
from adapters.sandbox.microsoft.meetings import PARAMETERS
from adapters.sandbox.microsoft.subscriptions import SUBSCRIPTION
from tests.support import descriptions

DESCRIBED = descriptions.read()
ASKED: dict[str, Any] = cast("Any", PARAMETERS)
PARTICIPANT: dict[str, Any] = ASKED["participants"]["organizer"]


def known(fields: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Any]:
    """The sandbox's fields in the form of the description; where it takes anything, what is described."""
    tree: dict[str, Any] = {}
    for name, kind in fields.items():
        if kind is None:
            tree[name] = described.get(name)
        else:
            tree[name] = known(cast("Any", kind), described[name]) if isinstance(kind, Mapping) else sorted(kind)
    return tree


def in_order(described: Mapping[str, Any]) -> dict[str, Any]:
    return {name: in_order(cast("Any", kind)) if isinstance(kind, Mapping) else sorted(kind)
            for name, kind in described.items()}  # fmt: skip


def fields_of(struct: type[msgspec.Struct]) -> set[str]:
    """What the client reads, as it is written in an answer."""
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def test_the_space_is_googles() -> None:
    space = in_order(DESCRIBED.google["Space"])

    assert space == known(SPACE, space)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("createOrGet", ASKED),
        ("chatInfo", ASKED["chatInfo"]),
        ("meetingParticipants", ASKED["participants"]),
        ("meetingParticipantInfo", PARTICIPANT),
        ("identitySet", PARTICIPANT["identity"]),
        ("identity", PARTICIPANT["identity"]["user"]),
    ],
)
def test_the_meeting_is_microsofts(model: str, fields: Mapping[str, Any]) -> None:
    assert DESCRIBED.microsoft[model] == sorted(fields)


@pytest.mark.parametrize(
    ("models", "fields"),
    [
        (("event", "outlookItem", "entity"), {*EVENT, *READABLE, *SELECTED}),
        (("dateTimeTimeZone",), {*cast("Any", EVENT["start"]), *fields_of(WallClockTime)}),
        (("responseStatus",), fields_of(EventResponse)),
        (("calendar", "entity"), {*CALENDAR_PROPERTIES, *fields_of(ListedMailboxCalendar)}),
        (("subscription", "entity"), {*SUBSCRIPTION, *fields_of(GraphSubscription)}),
    ],
)
def test_calendars_have_no_field_that_microsofts_do_not(models: tuple[str, ...], fields: set[str]) -> None:
    described = {field for model in models for field in DESCRIBED.microsoft[model]}

    assert set() == fields - described


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        ("CalendarList", LIST_OF_CALENDARS),
        ("CalendarListEntry", LIST_OF_CALENDARS["items"]),
        ("Events", LIST_OF_EVENTS),
        ("Event", GOOGLE_EVENT),
        ("EventAttendee", GOOGLE_EVENT["attendees"]),
        ("EventDateTime", GOOGLE_EVENT["start"]),
        ("EventWorkingLocationProperties", GOOGLE_EVENT["workingLocationProperties"]),
    ],
)
def test_what_can_be_wanted_of_a_calendar_is_googles(schema: str, fields: Mapping[str, Any]) -> None:
    assert DESCRIBED.calendar[schema] == sorted(fields)


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        ("CalendarList", fields_of(CalendarsPage)),
        ("CalendarListEntry", fields_of(ListedCalendar)),
        ("Events", fields_of(EventsPage)),
        ("Event", {*fields_of(ListedEvent), *WRITABLE, *GIVEN}),
        ("EventAttendee", fields_of(ListedAttendee)),
        ("EventDateTime", fields_of(EventEnd)),
        ("EventWorkingLocationProperties", fields_of(WorkingLocation)),
        ("FreeBusyResponse", fields_of(FreeBusy)),
        ("FreeBusyCalendar", fields_of(BusyCalendar)),
        ("TimePeriod", fields_of(BusyPeriod)),
        ("Error", fields_of(BusyError)),
        ("Channel", fields_of(Channel)),
    ],
)
def test_calendars_have_no_field_that_googles_do_not(schema: str, fields: set[str]) -> None:
    assert set() == fields - set(DESCRIBED.calendar[schema])


GOOGLE_METHODS = {
    GoogleEndpoint.CALENDARS: "calendarList.list",
    GoogleEndpoint.FREE_BUSY: "freebusy.query",
    GoogleEndpoint.EVENTS: "events.list",
    GoogleEndpoint.EVENT: "events.get",
    GoogleEndpoint.INSERT: "events.insert",
    GoogleEndpoint.PATCH: "events.patch",
    GoogleEndpoint.DELETE: "events.delete",
    GoogleEndpoint.WATCH: "events.watch",
    GoogleEndpoint.STOP: "channels.stop",
}


@pytest.mark.parametrize("endpoint", GOOGLE_METHODS)
def test_each_operation_is_where_googles_is_and_wants_the_same_permissions(endpoint: GoogleEndpoint) -> None:
    described = DESCRIBED.calendar_methods[GOOGLE_METHODS[endpoint]]
    [(method, path)] = [where for where, each in SandboxGoogle.endpoints.items() if each is endpoint]
    as_described = path.removeprefix("/calendar/v3/").replace("calendar_id:str", "calendarId")

    assert described.http == f"{method} {as_described.replace('event_id:str', 'eventId')}"
    assert {scope for scope in described.scopes if scope in API} == SCOPES[endpoint]
