"""Which fields of Zoom's answers are read? Only these; the rest ends here, `start_url` above all.

Source: Zoom API, GET /users/{userId} and POST /users/{userId}/meetings; Zoom's OAuth guide.
"""

import re
from typing import Annotated, Final, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

# A token goes into a header: anything but visible ASCII there is an injection or a mistake.
_Token = Annotated[str, msgspec.Meta(pattern=r"^[!-~]+\Z")]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]

_JOIN_URL: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(?:zoom\.us|zoom\.com|zoomgov\.com)(?::443)?/[\w\-.~:/?#\[\]@!$&'()*+,;=%]*",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_URL: Final = 2000


class Tokens(msgspec.Struct, frozen=True):
    """The token endpoint's answer. `api_url` is left out: following it would send tokens wherever it says."""

    access_token: _Token
    refresh_token: _Token
    expires_in: Annotated[int, msgspec.Meta(ge=1, le=31_536_000)]
    scope: str | None = None

    def __repr__(self) -> str:
        return "Tokens(…)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class User(msgspec.Struct, frozen=True):
    """Who has connected. Zoom leaves out names at will."""

    id: _Id
    account_id: _Id
    email: _Id
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


class ApiRefusal(msgspec.Struct, frozen=True):
    code: int | None = None
    message: str = ""


class OAuthRefusal(msgspec.Struct, frozen=True):
    """Zoom's own shape; RFC 6749 would have `error_description`."""

    error: str = ""
    reason: str = ""
    code: int | None = None


def read(body: bytes, type_: type[T]) -> T | None:
    """Read a JSON body; None for anything else that Zoom or a gateway in front of it may send: XML, HTML, nothing."""
    try:
        return msgspec.json.decode(body, type=type_, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
