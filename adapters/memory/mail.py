"""A mailbox in memory that keeps every mail, and a server that can be told to refuse."""

from application.ports.mail import AnyMail, BookingMail, ConfirmationMail, MailError, Notice, ProposalMail, SupportMail
from domain.booking import Booking
from domain.conference import Ready
from domain.events import Recipient
from domain.host import Host


class MemoryMailer:
    """Accepts everything into `sent`, in order.

    mailer.refuse(MailTryLater(ServerAnswered(421, "come back later")), times=2)

    makes the next two mails fail; a mail that fails isn't in `sent`, but in `tried`.
    """

    def __init__(self) -> None:
        self.sent: list[AnyMail] = []
        self.tried: list[AnyMail] = []
        self._errors: list[MailError] = []
        self._put_off: dict[Recipient, MailError] = {}

    def refuse(self, error: MailError, times: int = 1) -> None:
        self._errors.extend([error] * times)

    def put_off(self, recipient: Recipient, error: MailError) -> None:
        """Let all mails about bookings to one side fail, and no others."""
        self._put_off[recipient] = error

    def recovers(self) -> None:
        self._errors.clear()
        self._put_off.clear()

    async def send(self, mail: AnyMail, /) -> None:
        self.tried.append(mail)
        if self._errors:
            raise self._errors.pop(0)
        if isinstance(mail, BookingMail) and mail.recipient in self._put_off:
            raise self._put_off[mail.recipient]
        self.sent.append(mail)

    @property
    def tries(self) -> int:
        return len(self.tried)

    @property
    def notices(self) -> list[Notice]:
        return [mail for mail in self.sent if isinstance(mail, Notice)]

    @property
    def confirmations(self) -> list[ConfirmationMail]:
        """The mails that ask guests to confirm a booking."""
        return [mail for mail in self.sent if isinstance(mail, ConfirmationMail)]

    @property
    def proposals(self) -> list[ProposalMail]:
        """The mails with other times."""
        return [mail for mail in self.sent if isinstance(mail, ProposalMail)]

    @property
    def support(self) -> list[SupportMail]:
        return [mail for mail in self.sent if isinstance(mail, SupportMail)]

    def mails_to(self, recipient: Recipient) -> list[BookingMail]:
        """The mails about bookings that one side got, or one of the additional guests."""
        return [mail for mail in self.sent if isinstance(mail, BookingMail) and mail.recipient == recipient]


class MemoryCalendarFiles:
    """Writes the few properties that a test may look for; no calendar program would take it."""

    def download(self, booking: Booking, host: Host, /) -> bytes:
        place = booking.conference.join_url if isinstance(booking.conference, Ready) else ""
        lines = (
            "METHOD:PUBLISH",
            f"UID:{booking.id}",
            f"SEQUENCE:{booking.revision}",
            f"DTSTART:{booking.slot.start:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{booking.title} ({host.name})",
            f"LOCATION:{place}",
        )
        return "\r\n".join(lines).encode()
