"""Scopes that an app can request, with their descriptions."""

from collections.abc import Iterable, Mapping
from typing import Final

GRAPH: Final = "https://graph.microsoft.com/"
OFFLINE: Final = "offline_access"
OPENID: Final = "openid"
MEETINGS: Final = f"{GRAPH}OnlineMeetings.ReadWrite"
CALENDARS: Final = f"{GRAPH}Calendars.ReadWrite"
CALENDARS_READ: Final = f"{GRAPH}Calendars.Read"

GUARDED: Final = frozenset({MEETINGS, CALENDARS})
"""What Microsoft's own policy leaves to administrators, where others are for everybody to give."""

SIGN_IN: Final[Mapping[str, str]] = {
    OPENID: "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    OFFLINE: "Maintain access to data you have given it access to",
}
"""What every user may consent to; it can't be unticked."""

API: Final[Mapping[str, str]] = {
    MEETINGS: "Read and create your online meetings",
    CALENDARS: "Have full access to your calendars",
    CALENDARS_READ: "Read your calendars",
    f"{GRAPH}OnlineMeetings.Read": "Read your online meetings",
    f"{GRAPH}User.Read": "Sign you in and read your profile",
}
USUAL: Final = (OPENID, "profile", "email", OFFLINE, MEETINGS)

_IN_FULL: Final = {name.lower(): name for name in (*SIGN_IN, *API)} | {
    name.removeprefix(GRAPH).lower(): name for name in API
}


def named_in_full(scopes: Iterable[str]) -> list[str]:
    """Write scopes as one: those of Graph may be asked for with or without its address, in any case."""
    return list(dict.fromkeys(_IN_FULL.get(scope.lower(), scope) for scope in scopes))


def answered(scopes: Iterable[str]) -> str:
    """Write the scopes as the token endpoint tells them: it never names `offline_access`."""
    return " ".join(scope for scope in scopes if scope != OFFLINE)
