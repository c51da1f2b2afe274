"""Settings of the app at Microsoft and of Microsoft's addresses."""

import msgspec


class MicrosoftTeamsSettings(msgspec.Struct, frozen=True):
    """The app's registration at Microsoft; its repr names no secret.

    Attributes:
        redirect_uri: byte for byte what the registration's list of redirect URIs holds.
        auth_url: the authority. `organizations` keeps personal accounts out, which can't make Teams meetings; a
            directory's id instead of it keeps everybody else's organisations out as well.
        api_url: what `/me/onlineMeetings` hangs on.
    """

    client_id: str
    client_secret: str
    redirect_uri: str
    auth_url: str = "https://login.microsoftonline.com/organizations"
    api_url: str = "https://graph.microsoft.com/v1.0"

    def __repr__(self) -> str:
        return f"MicrosoftTeamsSettings(auth_url={self.auth_url!r}, api_url={self.api_url!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("auth_url", self.auth_url), ("api_url", self.api_url)]
