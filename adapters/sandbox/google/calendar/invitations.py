"""A record of the mails that Google would have sent about events; the sandbox sends none.

Source: Google Calendar API v3, Events, `sendUpdates`.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from adapters.sandbox.google.calendar.errors import invalid
from adapters.sandbox.google.calendar.events import SandboxEvent

_WISHES: Final = frozenset({"all", "externalOnly", "none"})


class SandboxInvitation(msgspec.Struct, frozen=True):
    """A mail to somebody about an event."""

    to: str
    event_id: str


class Invitations:
    """The mails, oldest first.

    "Some emails might still be sent" where nothing is wished, says the description: here they are. Whoever is asked to
    come hears of it, the calendar's owner excepted.
    """

    def __init__(self) -> None:
        self.mailed: list[SandboxInvitation] = []

    def tell(self, wish: str | None, event: SandboxEvent, owner: str) -> None:
        """Note whom an app's change of an event is told to."""
        if wish == "none":
            return
        invited = (each["email"] for each in event.given.get("attendees", []))
        self.mailed.extend(SandboxInvitation(email, event.id) for email in invited if email != owner)


def wish_of(query: Mapping[str, str]) -> str | None:
    """Read who is to hear of a change.

    Raises:
        GoogleApiError: 400; that can't be wished.
    """
    wish = query.get("sendUpdates")
    if wish is not None and wish not in _WISHES:
        raise invalid("Invalid value for: sendUpdates")
    return wish
