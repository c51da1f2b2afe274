"""The sandboxes know exactly the fields that the vendors' own machine-readable descriptions have."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from adapters.sandbox.google.spaces import SPACE
from adapters.sandbox.microsoft.meetings import PARAMETERS
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
