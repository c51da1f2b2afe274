"""The revisions of a booking that each recipient was mailed."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.events import Recipient
from domain.ids import BookingId

MailState = Literal["accepted", "unclear", "wanted"]


class Mailed(msgspec.Struct, frozen=True):
    """A revision that one recipient was mailed, the start it told, and when it was mailed last.

    `unclear` where the server may have accepted it, `wanted` where it was accepted and shall be sent once more.
    """

    revision: int
    start: datetime
    sent_at: datetime
    state: MailState = "accepted"


class MailedRevisions(Protocol):
    """Knows which revisions of a booking have been mailed."""

    async def mailed(self, booking_id: BookingId, recipient: Recipient, /) -> tuple[Mailed, ...]:
        """The revisions that the mail server accepted, or may have, for this recipient, ascending."""
        ...
