"""Settings of the app at Google and of Google's addresses."""

from typing import Final

import msgspec

_OAUTH: Final = "https://oauth2.googleapis.com"
_USERINFO_URL: Final = "https://openidconnect.googleapis.com/v1/userinfo"


class GoogleMeetSettings(msgspec.Struct, frozen=True):
    """The app's registration at Google; its repr names no secret.

    Attributes:
        redirect_uri: byte for byte what the client's list of authorized redirect URIs holds.
        auth_url: where a host's browser goes.
        token_url: the token endpoint; `revoke` is its neighbour.
        api_url: what `/v2/spaces` hangs on.
    """

    client_id: str
    client_secret: str
    redirect_uri: str
    auth_url: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token_url: str = f"{_OAUTH}/token"
    api_url: str = "https://meet.googleapis.com"

    @property
    def revoke_url(self) -> str:
        return self._beside_the_token_url("revoke")

    @property
    def userinfo_url(self) -> str:
        """Google has it on a host of its own; whatever stands in for Google has it beside the token endpoint."""
        return _USERINFO_URL if self.token_url.startswith(f"{_OAUTH}/") else self._beside_the_token_url("userinfo")

    def __repr__(self) -> str:
        return f"GoogleMeetSettings({self._shown()}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("auth_url", self.auth_url), ("token_url", self.token_url), ("api_url", self.api_url)]

    def _shown(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())

    def _beside_the_token_url(self, name: str) -> str:
        return f"{self.token_url.rpartition('/')[0]}/{name}"
