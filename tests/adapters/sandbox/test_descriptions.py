"""The sandboxes, and what clients read, have fields that the vendors' own machine-readable descriptions have."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
import pytest

from adapters.microsoft.calendar_wire import (
    SELECTED,
    EventResponse,
    GraphSubscription,
    ListedMailboxCalendar,
    WallClockTime,
)
from adapters.sandbox.google.spaces import SPACE
from adapters.sandbox.microsoft.calendar_api import CALENDAR_PROPERTIES
from adapters.sandbox.microsoft.calendar_events import EVENT, READABLE
from adapters.sandbox.microsoft.meetings import PARAMETERS
from adapters.sandbox.microsoft.subscriptions import SUBSCRIPTION
from tests.adapters.sandbox import descriptions

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
