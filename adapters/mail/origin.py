"""The sender of mails, and the base address of their links."""

from datetime import datetime
from typing import Self

import msgspec

from adapters.mail.people import is_address
from application.ports.mail import ConfirmationLink
from domain.booking import Booking
from domain.host import Host
from domain.ids import LeaveToken


class MailOrigin(msgspec.Struct, frozen=True):
    """Who sends and organizes.

    Attributes:
        sender: the one address that all mails come from and that organizes every event; never changes.
        public_url: what links begin with, without a slash at the end.
    """

    sender: str
    public_url: str

    @classmethod
    def of(cls, sender: str, public_url: str) -> Self:
        """Raises ValueError for a sender that isn't an address."""
        if not is_address(sender):
            raise ValueError("the sender has to be an email address")
        return cls(sender, public_url.rstrip("/"))

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    def page_for_guest(self, booking: Booking) -> str | None:
        """A capability: whoever has this link can move and cancel the booking, so it never reaches the host.

        None where the key that sealed it is lost: the links in earlier mails work on, and this mail has none.
        """
        return None if booking.token is None else f"{self.public_url}/b/{booking.token}"

    def page_to_confirm(self, link: ConfirmationLink) -> str:
        return f"{self.public_url}/b/{link.token}/confirm/{link.proof}"

    def page_to_take(self, booking: Booking, start: datetime) -> str | None:
        """Where the guest takes a proposed time; None where `page_for_guest` is."""
        page = self.page_for_guest(booking)
        return None if page is None else f"{page}/proposed/{start:%Y%m%dT%H%M%SZ}"

    def page_to_leave(self, token: LeaveToken) -> str:
        """A capability: whoever has this link can leave the meeting as the additional guest whom it was mailed to."""
        return f"{self.public_url}/leave/{token}"

    def page_for_host(self, booking: Booking) -> str:
        return f"{self.public_url}/bookings/{booking.id}"

    def unsubscribe(self, token: str | None) -> str | None:
        """Whoever has this link can stop all mail to the guest's address; it reaches nobody but by mail."""
        return None if token is None else f"{self.public_url}/unsubscribe/{token}"

    def picture_of(self, host: Host) -> str | None:
        """Their logo or else their photo, where mail programs load pictures from: mailboxes block what isn't HTTPS."""
        digest = host.logo or host.photo
        if digest is None or not self.public_url.startswith("https://"):
            return None
        return f"{self.public_url}/pictures/{digest}.jpg"

    def page_at(self, path: str) -> str:
        return f"{self.public_url}/{path.lstrip('/')}"
