"""The fields of Zoom's answers that are read; `start_url` is a secret and isn't one of them.

Source: Zoom API, GET /users/{userId} and POST /users/{userId}/meetings; Zoom's OAuth guide.
"""

import re
from typing import Annotated, Final

import msgspec

from adapters.http_client.oauth_refusals import OAuthRefusal
from adapters.http_client.wire import Id

_JOIN_URL: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(?:zoom\.us|zoom\.com|zoomgov\.com)(?::443)?/[\w\-.~:/?#\[\]@!$&'()*+,;=%]*",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_URL: Final = 2000


class ZoomUser(msgspec.Struct, frozen=True):
    """Who has connected. Zoom leaves out names at will."""

    id: Id
    account_id: Id
    email: Id
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    type: int | None = None


class MeetingSettings(msgspec.Struct, frozen=True):
    use_pmi: bool | None = None


class CreatedMeeting(msgspec.Struct, frozen=True):
    """A meeting that was made. `pmi` is there only where the personal room was used."""

    id: Annotated[int, msgspec.Meta(gt=0)]
    join_url: str
    password: str | None = None
    pmi: str | int | None = None
    settings: MeetingSettings | None = None

    @property
    def is_joinable(self) -> bool:
        """Whether the link leads to Zoom also as a browser reads it: no user name, no back-slash, nothing invisible."""
        return len(self.join_url) <= _LONGEST_URL and _JOIN_URL.fullmatch(self.join_url) is not None

    @property
    def is_personal_room(self) -> bool:
        return bool(self.pmi) or (self.settings is not None and self.settings.use_pmi is True)


class ZoomApiRefusal(msgspec.Struct, frozen=True):
    code: int | None = None
    message: str = ""


class ZoomTokenRefusal(OAuthRefusal, frozen=True):
    """Zoom's own shape; RFC 6749 would have `error_description`."""

    error: str = ""
    reason: str = ""
    code: int | None = None
