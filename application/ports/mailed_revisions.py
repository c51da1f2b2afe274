"""What each side of a booking has been mailed."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.events import Party
from domain.ids import BookingId

MailState = Literal["accepted", "unclear", "wanted"]


class Mailed(msgspec.Struct, frozen=True):
    """A revision that one party was mailed, and the start it told.

    `unclear` where the server may have accepted it, `wanted` where it was accepted and shall be sent once more.
    """

    revision: int
    start: datetime
    state: MailState = "accepted"


class MailedRevisions(Protocol):
    """Knows which revisions of a booking have been mailed."""

    async def mailed(self, booking_id: BookingId, party: Party, /) -> tuple[Mailed, ...]:
        """The revisions that the mail server accepted, or may have, for this party, ascending."""
        ...
