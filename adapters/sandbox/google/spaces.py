"""Creates spaces as Google Meet does, with each field checked.

The slice of Meet's own description (REST v2, `Space` and `SpaceConfig`) that a request to create can touch.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, TypeGuard

import msgspec

from adapters.sandbox.google import opaque
from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.errors import invalid_argument, permission_denied, resource_exhausted
from adapters.sandbox.store import Store

A_MINUTE: Final = timedelta(minutes=1)
MOST_A_MINUTE_PER_USER: Final = 10
MOST_A_MINUTE: Final = 100

_SWITCHED: Final = frozenset({"AUTO_GENERATION_TYPE_UNSPECIFIED", "ON", "OFF"})
_RESTRICTION: Final = frozenset({"RESTRICTION_TYPE_UNSPECIFIED", "HOSTS_ONLY", "NO_RESTRICTION"})

# A field is one of so many names, a message of fields, or (None) for Google to fill in: then what came is ignored.
_Fields: TypeAlias = Mapping[str, "frozenset[str] | _Fields | None"]
_CONFIG: Final[_Fields] = {
    "accessType": frozenset({"ACCESS_TYPE_UNSPECIFIED", "OPEN", "TRUSTED", "RESTRICTED"}),
    "entryPointAccess": frozenset({"ENTRY_POINT_ACCESS_UNSPECIFIED", "ALL", "CREATOR_APP_ONLY"}),
    "moderation": frozenset({"MODERATION_UNSPECIFIED", "OFF", "ON"}),
    "moderationRestrictions": {
        "chatRestriction": _RESTRICTION,
        "reactionRestriction": _RESTRICTION,
        "presentRestriction": _RESTRICTION,
        "defaultJoinAsViewerType": frozenset({"DEFAULT_JOIN_AS_VIEWER_TYPE_UNSPECIFIED", "ON", "OFF"}),
    },
    "attendanceReportGenerationType": frozenset(
        {"ATTENDANCE_REPORT_GENERATION_TYPE_UNSPECIFIED", "GENERATE_REPORT", "DO_NOT_GENERATE"}
    ),
    "artifactConfig": {
        "recordingConfig": {"autoRecordingGeneration": _SWITCHED},
        "transcriptionConfig": {"autoTranscriptionGeneration": _SWITCHED},
        "smartNotesConfig": {"autoSmartNotesGeneration": _SWITCHED},
    },
}
SPACE: Final[_Fields] = {
    "name": None,
    "meetingUri": None,
    "meetingCode": None,
    "activeConference": None,
    "phoneAccess": None,
    "gatewaySipAccess": None,
    "config": _CONFIG,
}


class StoredSpace(msgspec.Struct, frozen=True):
    """A space that was made; `body` is the whole answer."""

    name: str
    host_id: str
    host_email: str
    meeting_uri: str
    meeting_code: str
    access_type: str
    created_at: datetime
    body: dict[str, Any]


class Spaces:
    """The spaces of all accounts. There is no way to list or delete them, but for the people here.

    Attributes:
        per_user: how many one account may make a minute.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], per_user: int) -> None:
        self.per_user = per_user
        self._now = now
        self._rows = store.table("space", StoredSpace)

    def all(self) -> list[StoredSpace]:
        """List every space, oldest first."""
        return list(self._rows.values())

    def create(self, account: GoogleAccount, raw: bytes, content_type: str) -> StoredSpace:
        """Make a space.

        Raises:
            ApiError: the body is wrong (400), Meet is switched off for the account (403), or too many were made
                within the last minute (429).
        """
        wish = _checked(raw, content_type)
        if not account.may_create:
            raise permission_denied()
        lately = [space for space in self._rows.values() if space.created_at > self._now() - A_MINUTE]
        of_this_user = [space for space in lately if space.host_id == account.id]
        if len(of_this_user) >= self.per_user or len(lately) >= max(MOST_A_MINUTE, self.per_user):
            raise resource_exhausted()
        space = self._space(account, wish.get("config", {}))
        self._rows.put(space.name, space)
        return space

    def _space(self, account: GoogleAccount, config: Mapping[str, Any]) -> StoredSpace:
        code = opaque.meeting_code()
        access_type: str = config.get("accessType", account.default_access)
        body: dict[str, Any] = {
            "name": f"spaces/{opaque.space_id()}",
            "meetingUri": f"https://meet.google.com/{code}",
            "meetingCode": code,
            "config": {"entryPointAccess": "ALL", **config, "accessType": access_type},
        }
        return StoredSpace(
            name=body["name"],
            host_id=account.id,
            host_email=account.email,
            meeting_uri=body["meetingUri"],
            meeting_code=code,
            access_type=access_type,
            created_at=self._now(),
            body=body,
        )


def _checked(raw: bytes, content_type: str) -> dict[str, Any]:
    if not content_type.lower().startswith("application/json"):
        raise invalid_argument("Invalid JSON payload received. Expected application/json.")
    try:
        wish: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise invalid_argument("Invalid JSON payload received. Unexpected token.") from error
    _check(wish, SPACE, "space")
    return wish


def _check(given: Mapping[str, Any], known: _Fields, where: str) -> None:
    for name, value in given.items():
        if name not in known:
            text = f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}': Cannot find field."
            raise invalid_argument(text, where)
        wanted = known[name]
        if wanted is None:
            continue
        path = f"{where}.{name}"
        if isinstance(wanted, Mapping):
            if not _is_message(value):
                raise invalid_argument(f"Invalid value at '{path}': a message is expected.", path)
            _check(value, wanted, path)
        elif not isinstance(value, str) or value not in wanted:
            raise invalid_argument(
                f"Invalid value at '{path}' (an enumeration), {msgspec.json.encode(value).decode()}", path
            )


def _is_message(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)
