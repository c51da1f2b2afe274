"""Do the sandboxes know exactly the fields that the vendors' own machine-readable descriptions have?

Google's is the discovery document in `google-api-python-client`, Microsoft's the models in `msgraph-sdk`, which are
made from Graph's metadata.
"""

import re
from collections.abc import Mapping
from importlib.metadata import files
from typing import Any, cast

import msgspec
import pytest

from adapters.sandbox.google.spaces import SPACE
from adapters.sandbox.microsoft.meetings import PARAMETERS


def text_of(package: str, path: str) -> str:
    found = next(file for file in files(package) or [] if str(file).endswith(path))
    return found.read_text()


MEET: dict[str, Any] = msgspec.json.decode(
    text_of("google-api-python-client", "googleapiclient/discovery_cache/documents/meet.v2.json")
)["schemas"]


ASKED: dict[str, Any] = cast("Any", PARAMETERS)
PARTICIPANT: dict[str, Any] = ASKED["participants"]["organizer"]


def described(schema: str) -> dict[str, Any]:
    """What a request may hold: a tree of names, with the allowed words of each enumeration."""
    tree: dict[str, Any] = {}
    for name, kind in MEET[schema]["properties"].items():
        tree[name] = described(kind["$ref"]) if "$ref" in kind else set(kind.get("enum", ()))
    return tree


def known(fields: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, kind in fields.items():
        if kind is None:
            tree[name] = described.get(name)
        else:
            tree[name] = known(cast("Any", kind), described[name]) if isinstance(kind, Mapping) else set(kind)
    return tree


def test_the_space_is_googles() -> None:
    assert described("Space") == known(SPACE, described("Space"))


def fields_of(path: str) -> set[str]:
    text = text_of("msgraph-sdk", f"msgraph/generated/{path}.py")
    return set(re.findall(r'^\s+"([@\w.]+)": lambda n', text, re.MULTILINE))


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("users/item/online_meetings/create_or_get/create_or_get_post_request_body", ASKED),
        ("models/chat_info", ASKED["chatInfo"]),
        ("models/meeting_participants", ASKED["participants"]),
        ("models/meeting_participant_info", PARTICIPANT),
        ("models/identity_set", PARTICIPANT["identity"]),
        ("models/identity", PARTICIPANT["identity"]["user"]),
    ],
)
def test_the_meeting_is_microsofts(path: str, fields: Mapping[str, Any]) -> None:
    assert fields_of(path) == set(fields)
