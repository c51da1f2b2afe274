"""Extracts of Google's and Microsoft's own descriptions of what the sandboxes imitate, kept in `descriptions.json`.

Google's is the discovery document in `google-api-python-client`, Microsoft's are the models in `msgraph-sdk`, which are
made from Graph's metadata. The two packages take 300 MB, so only the extract is kept. To renew it:

    uv run --with google-api-python-client --with msgraph-sdk python -m tests.adapters.sandbox.descriptions
"""

import re
from importlib.metadata import files, version
from pathlib import Path
from typing import Any

import msgspec

EXTRACT = Path(__file__).with_suffix(".json")

SCHEMAS = ("Space",)
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


class Descriptions(msgspec.Struct, frozen=True):
    """The extract.

    Attributes:
        google: per schema a tree of its fields' names, with the allowed words of each enumeration.
        microsoft: per model the names of its fields.
        versions: of the packages that they were taken from.
    """

    google: dict[str, dict[str, Any]]
    microsoft: dict[str, list[str]]
    versions: dict[str, str]


def read() -> Descriptions:
    return msgspec.json.decode(EXTRACT.read_bytes(), type=Descriptions)


def extract() -> Descriptions:
    """Take the extract anew from the installed packages."""
    google, microsoft = "google-api-python-client", "msgraph-sdk"
    meet = _text_of(google, "googleapiclient/discovery_cache/documents/meet.v2.json")
    schemas: dict[str, Any] = msgspec.json.decode(meet)["schemas"]
    return Descriptions(
        {name: _tree(schemas, name) for name in SCHEMAS},
        {name: _fields(_text_of(microsoft, f"msgraph/generated/{path}.py")) for name, path in MODELS.items()},
        {package: version(package) for package in (google, microsoft)},
    )


def _tree(schemas: dict[str, Any], schema: str) -> dict[str, Any]:
    return {
        name: _tree(schemas, kind["$ref"]) if "$ref" in kind else kind.get("enum", [])
        for name, kind in schemas[schema]["properties"].items()
    }


def _fields(model: str) -> list[str]:
    return sorted(re.findall(r'^\s+"([@\w.]+)": lambda n', model, re.MULTILINE))


def _text_of(package: str, path: str) -> str:
    found = next(file for file in files(package) or [] if str(file).endswith(path))
    return found.read_text()


if __name__ == "__main__":
    EXTRACT.write_bytes(msgspec.json.format(msgspec.json.encode(extract()), indent=2) + b"\n")
