"""The fields of Microsoft's answers that are read.

Source: Microsoft Graph v1.0, `onlineMeeting` and its errors; Microsoft identity platform, ID token claims and OAuth
errors.
"""

import re
from typing import Annotated, Final

import msgspec

from adapters.http_client.oauth_refusals import OAuthRefusal
from adapters.http_client.wire import Id

# The old host, the one that replaces it, and the two of the United States' own clouds.
_JOIN_URL: Final = re.compile(
    r"https://(?:teams\.microsoft\.com|teams\.cloud\.microsoft|(?:gov|dod)\.teams\.microsoft\.us)(?::443)?"
    r"/[\w\-.~%!$&()*+,;=:@/?]+",
    re.ASCII,
)
_LONGEST_URL: Final = 2000

Guid = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")]


class Claims(msgspec.Struct, frozen=True):
    """Who has signed in: `oid` in the directory `tid` stays, all names may change.

    Attributes:
        aud: the client id that the token was made for.
    """

    aud: str
    tid: Guid
    oid: Guid
    preferred_username: str = ""
    email: str = ""
    name: str = ""


class JoinMeetingIdSettings(msgspec.Struct, frozen=True, rename="camel"):
    """What people type to join; `passcode` is missing where none is asked for."""

    join_meeting_id: str | None = None
    passcode: str | None = None


class OnlineMeeting(msgspec.Struct, frozen=True, rename="camel"):
    id: Id
    join_web_url: str
    join_meeting_id_settings: JoinMeetingIdSettings | None = None

    @property
    def is_joinable(self) -> bool:
        """Whether the link leads to Teams, as a browser reads it."""
        return len(self.join_web_url) <= _LONGEST_URL and _JOIN_URL.fullmatch(self.join_web_url) is not None


class InnerError(msgspec.Struct, frozen=True):
    code: str = ""


class GraphError(msgspec.Struct, frozen=True, rename="camel"):
    """The deeper an error lies, the more it says: `innerError` refines `code`."""

    code: str
    inner_error: InnerError | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.code,) if self.inner_error is None else (self.inner_error.code, self.code)


class GraphRefusal(msgspec.Struct, frozen=True):
    error: GraphError


class MicrosoftTokenRefusal(OAuthRefusal, frozen=True):
    """Microsoft's `error_codes` are for people who search for them; they change, so nothing is decided by them."""

    error_codes: tuple[int, ...] = ()
