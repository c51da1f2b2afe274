"""Mail to guests, hosts and the operator."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from application.ports.mailed_revisions import Mailed
from application.ports.notices import About
from application.ports.support import Screenshot
from domain.booking import Booking
from domain.events import Party, Recipient, TimesProposed
from domain.host import Host
from domain.ids import GuestToken, LeaveToken
from domain.mail_problem import MailProblem
from domain.support_thread import SupportThread, ThreadMessage

MailKind = Literal[
    "confirmed", "updated", "link_added", "link_replaced", "rescheduled", "cancelled", "reminder", "left"
]


class Invitee(msgspec.Struct, frozen=True):
    """The additional guest whom a mail is for.

    Attributes:
        leave: the token of the link by which they leave the meeting, which MUST reach nobody else.
        left_at: when they did.
    """

    place: int
    email: str
    leave: LeaveToken
    left_at: datetime | None = None


class BookingMail(msgspec.Struct, frozen=True):
    """One revision of a booking, told to one recipient; or a reminder of it, which is no revision and has no calendar.

    Attributes:
        kind: what changed since the last mail to this recipient.
        party: an additional guest is on the guest's side.
        earlier: the revisions that this recipient was mailed before, ascending.
        brand_color: of the page that was booked, as `#rrggbb`; None is the product's own.
        host_is_leaving: the account is being deleted; soon there is neither a page nor anybody to answer to.
        unsubscribe: the token of the link by which the guest stops all mail; a host's mail has none.
        remind_at: of a reminder, the instant that it is for; a booking can have several.
        entry_is_late: the host's calendar should have known of this for a while, and doesn't.
        invitee: the additional guest whom it is for; None is the party itself.
    """

    kind: MailKind
    party: Party
    booking: Booking
    host: Host
    earlier: tuple[Mailed, ...] = ()
    brand_color: str | None = None
    host_is_leaving: bool = False
    unsubscribe: str | None = None
    remind_at: datetime | None = None
    entry_is_late: bool = False
    invitee: Invitee | None = None

    @property
    def recipient(self) -> Recipient:
        return self.party if self.invitee is None else self.invitee.place

    @property
    def is_in_calendar(self) -> bool:
        """Whether this is for a host who has the event in the calendar without any mail."""
        entry = self.booking.entry
        return self.party == "host" and entry is not None and entry.state != "stuck"


class ConfirmationLink(msgspec.Struct, frozen=True):
    """The two secrets of the link that confirms a booking; only whoever reads the guest's mail has both."""

    token: GuestToken
    proof: str


class ConfirmationMail(msgspec.Struct, frozen=True):
    """Asks the guest of a held booking to confirm it.

    Whoever typed the address may be somebody else, so the mail MUST NOT repeat anything else that was typed.

    Attributes:
        link: makes the Message-ID too.
        until: when the booking is given up.
        brand_color: as in `BookingMail`.
        unsubscribe: as in `BookingMail`.
    """

    booking: Booking
    host: Host
    link: ConfirmationLink
    until: datetime
    brand_color: str | None = None
    unsubscribe: str | None = None


class ProposalMail(msgspec.Struct, frozen=True):
    """Asks the guest whether the booking can move to one of the times that the host proposes.

    Attributes:
        brand_color: as in `BookingMail`.
        unsubscribe: as in `BookingMail`.
    """

    booking: Booking
    host: Host
    proposal: TimesProposed
    brand_color: str | None = None
    unsubscribe: str | None = None


class Addressee(msgspec.Struct, frozen=True):
    """Somebody who has no account; the name is empty where none is known."""

    email: str
    name: str
    language: str


class Notice(msgspec.Struct, frozen=True):
    """A mail to a host that is about no booking.

    Attributes:
        id: makes the Message-ID, so that a repeat is the same mail.
        at: when that happened of which the notice tells.
    """

    id: str
    at: datetime
    to: Host | Addressee
    about: About


VisitorMailKind = Literal["receipt", "answer"]


class SupportMail(msgspec.Struct, frozen=True, kw_only=True):
    """About one message of a support conversation: to whoever runs this server, that it has come, or as an answer.

    Whoever typed the address may be somebody else, so a receipt MUST NOT repeat anything that was typed.

    A mail MUST say nothing of later messages, so that a repeat is the same mail.

    Attributes:
        number: of the message, counted from 0.
        screenshot: that came with the message; for the operator alone.
        desk_link: the secret of the operator's link, which MUST reach nobody else: whoever has it can answer.
        unsubscribe: the token of the link by which the visitor stops all mail; the operator's mail has none.
    """

    kind: Literal["to_operator"] | VisitorMailKind
    to: str
    thread: SupportThread
    number: int
    screenshot: Screenshot | None = None
    desk_link: str | None = None
    unsubscribe: str | None = None

    @property
    def message(self) -> ThreadMessage:
        return self.thread.messages[self.number]


AnyMail = BookingMail | ConfirmationMail | ProposalMail | Notice | SupportMail


class MailError(Exception):
    """The mail wasn't accepted."""

    def __init__(self, problem: MailProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class RecipientRefused(MailError):
    """The server says for good that it won't take mail for this address."""


class MailTryLater(MailError):
    """The server is busy, away or slow; the same mail may be sent again.

    `unclear` is true where the server may have taken the mail, and only its answer is missing.
    """

    def __init__(self, problem: MailProblem, *, unclear: bool = False) -> None:
        super().__init__(problem)
        self.unclear = unclear


class MailMisconfigured(MailError):
    """Log-in, TLS or sender are refused: the operator has to act, the mail is kept."""


class Mailer(Protocol):
    """Sends mail. The same mail sent again MUST have the same bytes, Message-ID included."""

    async def send(self, mail: AnyMail, /) -> None:
        """Hand one mail to the server.

        Raises:
            RecipientRefused, MailTryLater, MailMisconfigured
        """
        ...


class CalendarFiles(Protocol):
    def download(self, booking: Booking, host: Host, /) -> bytes:
        """The booking as an iCalendar file for its guest to open by hand: METHOD:PUBLISH, nobody invited.

        It carries the guest's own link, so it MUST NOT be given to anybody else.
        """
        ...
