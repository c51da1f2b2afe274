"""What is said about a provider's row, and about each way back from the provider?"""

from typing import Literal

import msgspec

from adapters.http.web.standing import Standing
from adapters.http.web.words import Message
from application.connect_provider import Return
from domain.connection import PROVIDER_NAMES, Provider, ProviderConnection

TITLES: dict[Provider, str] = {"zoom": "Zoom", "google": "Google Meet", "microsoft": "Microsoft Teams"}


class Badge(msgspec.Struct, frozen=True):
    """How a provider is doing, in two or three words."""

    words: str
    tone: Literal["", "good", "bad", "warn"]


def badge(standing: Standing) -> Badge:
    match standing.status:
        case "not_configured":
            return Badge("Not set up on this server", "")
        case "not_connected":
            return Badge("Not connected", "")
        case "needs_reconnect":
            return Badge("Needs reconnecting", "bad")
        case "blocked":
            return Badge(f"Not permitted by {standing.name}", "bad")
        case "connected" if standing.doubt:
            return Badge("May need reconnecting", "warn")
        case "connected" if standing.limit:
            return Badge("Daily limit reached", "warn")
        case "connected":
            return Badge("Connected", "good")


def asking(name: str) -> str:
    """What to ask an administrator for."""
    return (
        f"Ask whoever administers your {name} account to allow the TimeTuna app for you, and to let you schedule "
        "meetings through apps."
    )


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
    Return.NO_STATE: (
        "You came here without having started at TimeTuna, so nothing was changed. Please click Connect {name} below."
    ),
    Return.UNKNOWN_TRIP: (
        "This return from {name} belongs to no start that TimeTuna knows of, so nothing was changed. Please click "
        "Connect {name} below."
    ),
    Return.USED_BEFORE: (
        "You have come back from {name} this way before, so nothing was changed this time. If the row below isn’t as "
        "you want it, start again from there."
    ),
    Return.ELSEWHERE: (
        "You started at {name} in another browser, or signed in as somebody else, so nothing was changed. Please go on "
        "there, or start again here."
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
