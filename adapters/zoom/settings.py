"""Settings of the app at Zoom and of Zoom's addresses."""

import msgspec


class ZoomSettings(msgspec.Struct, frozen=True):
    """The app's registration at Zoom; its repr names no secret.

    Attributes:
        auth_url: what `/oauth/authorize`, `/oauth/token` and `/oauth/revoke` hang on.
        api_url: what `/users/me` hangs on.
        redirect_uri: byte for byte what the app's allow list at Zoom holds.
        secret_tokens: those that sign Zoom's notifications; without one, none is believed.
    """

    client_id: str
    client_secret: str
    redirect_uri: str
    auth_url: str = "https://zoom.us"
    api_url: str = "https://api.zoom.us/v2"
    secret_tokens: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"ZoomSettings(auth_url={self.auth_url!r}, api_url={self.api_url!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("auth_url", self.auth_url), ("api_url", self.api_url)]
