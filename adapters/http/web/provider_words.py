"""What is said about a provider's row, and about each way back from the provider?"""

from typing import Literal

import msgspec

from application.connect_provider import Return
from domain.connection import PROVIDER_NAMES, Blocked, NeedsReconnect, Provider, ProviderConnection, ProviderStatus

TITLES: dict[Provider, str] = {"zoom": "Zoom", "google": "Google Meet", "microsoft": "Microsoft Teams"}


class Message(msgspec.Struct, frozen=True):
    role: Literal["status", "alert"]
    text: str


class Row(msgspec.Struct, frozen=True):
    """A provider as the settings show it; `problem` says what is wrong with the connection, for the host."""

    provider: Provider
    title: str
    name: str
    status: ProviderStatus
    connection: ProviderConnection | None
    problem: str | None

    @classmethod
    def of(cls, provider: Provider, status: ProviderStatus, connection: ProviderConnection | None) -> "Row":
        problem = None
        match connection.state if connection else None:
            case NeedsReconnect(reason=reason) | Blocked(reason=reason):
                problem = reason
            case _:
                pass
        return cls(provider, TITLES[provider], PROVIDER_NAMES[provider], status, connection, problem)


def told(code: str, provider: Provider, connection: ProviderConnection | None) -> Message | None:
    """The words for a short code in the address; an unknown code says nothing."""
    name = PROVIDER_NAMES[provider]
    match code:
        case Return.CONNECTED if connection is not None:
            return Message("status", f"{name} is connected as {connection.account.email}.")
        case "disconnected":
            text = f"{name} is disconnected. The stored tokens are deleted."
            return Message("status", text)
        case "in-use":
            return Message("status", f"Saved. The next booking on it can use {TITLES[provider]}.")
        case _:
            text = _FAILED.get(code)
            return Message("alert", text.format(name=name)) if text else None


_FAILED: dict[str, str] = {
    Return.DECLINED: "You said no at {name}, so nothing was connected. You can try again whenever you like.",
    Return.NO_CODE: (
        "{name} sent you back without an answer, so nothing was connected. Please click Connect {name} again."
    ),
    Return.UNKNOWN_TRIP: (
        "This return from {name} doesn’t belong to this browser, or it was used already. Nothing was changed. If the "
        "row below isn’t as you want it, click Connect {name} and finish in this browser."
    ),
    Return.TOO_LATE: (
        "You came back from {name} after more than ten minutes, so nothing was connected. Please click "
        "Connect {name} again."
    ),
    Return.CODE_REFUSED: "{name} didn’t accept its own answer any more, so nothing was connected. Please try again.",
    Return.TOO_FEW_SCOPES: (
        "{name} didn’t grant everything that TimeTuna needs, so nothing was connected. Please click Connect {name} "
        "again and allow all of it: your name and email, and creating meetings."
    ),
    Return.NOT_PERMITTED: (
        "This {name} account may not use TimeTuna, so nothing was connected. An administrator of the account can "
        "allow it; or connect another account."
    ),
    Return.TRY_LATER: "{name} is busy or can’t be reached right now, so nothing was connected. Please try again soon.",
    Return.MISCONFIGURED: (
        "{name} refused this server’s own settings, so nothing was connected. Please tell whoever runs this server."
    ),
    "signed-out": (
        "You were signed out when {name} sent you back, so nothing was connected. Please click Connect {name} again."
    ),
    "not-set-up": "{name} is not set up on this server.",
}
