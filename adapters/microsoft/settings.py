"""Settings of the app at Microsoft and of Microsoft's addresses."""

import re
from typing import Final

import msgspec

_DIRECTORY_ID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class MicrosoftSettings(msgspec.Struct, frozen=True):
    """The app's registration at Microsoft; its repr names no secret.

    Attributes:
        redirect_uri: byte for byte what the registration's list of redirect URIs holds.
        auth_url: the authority. A directory's id at its end keeps everybody else's organisations out.
        api_url: what `/me` hangs on.
    """

    client_id: str
    client_secret: str
    redirect_uri: str
    auth_url: str
    api_url: str = "https://graph.microsoft.com/v1.0"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(auth_url={self.auth_url!r}, api_url={self.api_url!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("auth_url", self.auth_url), ("api_url", self.api_url)]


class MicrosoftTeamsSettings(MicrosoftSettings, frozen=True):
    """The authority `organizations` keeps personal accounts out, which can't make Teams meetings."""

    auth_url: str = "https://login.microsoftonline.com/organizations"


class MicrosoftCalendarSettings(MicrosoftSettings, frozen=True):
    """The authority `common` lets everybody in, personal accounts too."""

    auth_url: str = "https://login.microsoftonline.com/common"


def calendar_authority(auth_url: str) -> str:
    """Choose the authority for calendars beside the one for meetings: `common`, or the same directory's id."""
    base, _, tenant = auth_url.rstrip("/").rpartition("/")
    return auth_url if _DIRECTORY_ID.fullmatch(tenant) else f"{base}/common"
