from datetime import datetime
from typing import Protocol

from application.ports.mailed_revisions import MailState
from domain.booking import Booking
from domain.events import PARTIES, Recipient


class BookingMails(Protocol):
    """What each recipient was mailed about a booking; `MailedRevisions` reads it."""

    def mailed(self, booking: Booking, recipient: Recipient, at: datetime, state: MailState = "accepted") -> None:
        """Remember what the mail server did with this revision for this recipient; the last word counts."""
        ...

    def mail_again(self, booking: Booking, recipients: tuple[Recipient, ...] = PARTIES) -> None:
        """Mark what the mail server has accepted of this revision for these recipients as wanted once more."""
        ...
