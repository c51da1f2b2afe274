"""Settings of the app at Google and of Google's addresses."""

from typing import Final

import msgspec

_OAUTH: Final = "https://oauth2.googleapis.com"
_USERINFO_URL: Final = "https://openidconnect.googleapis.com/v1/userinfo"


class GoogleSettings(msgspec.Struct, frozen=True):
    """The app's registration at Google; its repr names no secret.

    Attributes:
        redirect_uri: byte for byte what the client's list of authorized redirect URIs holds.
        auth_url: where a host's browser goes.
        token_url: the token endpoint; `revoke` is its neighbour.
    """

    client_id: str
    client_secret: str
    redirect_uri: str
    auth_url: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token_url: str = f"{_OAUTH}/token"

    @property
    def revoke_url(self) -> str:
        return self._beside_the_token_url("revoke")

    @property
    def userinfo_url(self) -> str:
        """Google has it on a host of its own; whatever stands in for Google has it beside the token endpoint."""
        return _USERINFO_URL if self.token_url.startswith(f"{_OAUTH}/") else self._beside_the_token_url("userinfo")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown()}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("auth_url", self.auth_url), ("token_url", self.token_url)]

    def _shown(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())

    def _beside_the_token_url(self, name: str) -> str:
        return f"{self.token_url.rpartition('/')[0]}/{name}"


class GoogleMeetSettings(GoogleSettings, frozen=True):
    """`api_url` is what `/v2/spaces` hangs on."""

    api_url: str = "https://meet.googleapis.com"


class GoogleCalendarSettings(GoogleSettings, frozen=True):
    """`api_url` is what `/users/me/calendarList` hangs on."""

    api_url: str = "https://www.googleapis.com/calendar/v3"
